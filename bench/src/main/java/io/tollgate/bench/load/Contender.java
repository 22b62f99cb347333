package io.tollgate.bench.load;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** One line of the table: a proxy under load, and what its rounds gave. One thread. */
final class Contender {
    private final String name;
    private final String url;
    private final Map<String, String> headers;
    private final BenchProcess process;
    private final List<LoadResult> results = new ArrayList<>();
    private final List<Double> cpuMicrosPerRequest = new ArrayList<>();
    private long residentBytes;

    Contender(String name, String url, Map<String, String> headers, BenchProcess process) {
        this.name = name;
        this.url = url;
        this.headers = headers;
        this.process = process;
    }

    void warm(LoadGenerator load, int connections, int seconds) throws Exception {
        load.run(url, headers, connections, seconds);
    }

    void round(LoadGenerator load, int connections, int seconds) throws Exception {
        long before = process.cpuMicros();
        LoadResult result = load.run(url, headers, connections, seconds);
        cpuMicrosPerRequest.add((process.cpuMicros() - before) / (double) Math.max(1, result.requests()));
        results.add(result);
        residentBytes = process.residentBytes();
    }

    double cpuMicros() {
        return median(
                cpuMicrosPerRequest.stream().mapToDouble(Double::doubleValue).toArray());
    }

    static String header() {
        return """
                | proxy | req/s | p50 µs | p99 µs | CPU µs/request (min to max) | memory MiB | errors |
                |---|---|---|---|---|---|---|""";
    }

    String row() {
        double[] cpu = cpuMicrosPerRequest.stream()
                .mapToDouble(Double::doubleValue)
                .sorted()
                .toArray();
        return String.format(
                Locale.ROOT,
                "| %s | %.0f | %.0f | %.0f | %.1f (%.1f to %.1f) | %d | %d |",
                name,
                median(LoadResult::requestsPerSecond),
                median(LoadResult::p50Micros),
                median(LoadResult::p99Micros),
                median(cpu),
                cpu[0],
                cpu[cpu.length - 1],
                residentBytes >> 20,
                results.stream().mapToLong(LoadResult::errors).sum());
    }

    private double median(ToDoubleFunction<LoadResult> figure) {
        return median(results.stream().mapToDouble(figure).toArray());
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
