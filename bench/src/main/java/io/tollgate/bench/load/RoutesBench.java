package io.tollgate.bench.load;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/**
 * How long a change of a route takes with ever more routes beside it: to be judged, stored and answered, and from the answer to its
 * enforcement on a node. Main thread only.
 */
public final class RoutesBench {
    private static final int[] SIZES = {10, 1_000, 10_000, 50_000};
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final int EDITS = 50;
    /** Until the compilers of both JVMs have settled. */
    private static final int WARM_EDITS = 30;

    private static final long GIVE_UP_NANOS = 60_000_000_000L;

    private RoutesBench() {}

    /** Runs it; takes no arguments. */
    public static void run(String[] words) throws Exception {
        if (words.length > 0) {
            System.err.println("tollgate-bench: routes " + words[0] + " (expected: no arguments)");
            System.exit(2);
        }
        System.out.println("Machine: " + Machine.describe() + "; load average before: " + Machine.loadAverage());
        Path folder = Files.createTempDirectory("tollgate-bench");
        try (Tollgate tollgate = Tollgate.start(LoadBench.root(), folder, Cores.detect())) {
            String key = tollgate.configure();
            System.out.println();
            System.out.println(
                    "| routes | write ms p50 | p99 | answer to enforcement ms p50 | p99 | max | node MiB | control plane MiB |");
            System.out.println("|---|---|---|---|---|---|---|---|");
            int made = 0;
            for (int size : SIZES) {
                grow(tollgate, key, made, size);
                made = size;
                edit(tollgate, key, made, WARM_EDITS);
                System.out.println(row(size, edit(tollgate, key, made, EDITS), tollgate));
            }
        }
    }

    private static void grow(Tollgate tollgate, String key, int from, int to) throws Exception {
        tollgate.fill(from, to);
        // What was put in behind its back is part of no revision; the next one has it.
        tollgate.issueKey("filled-" + to, null);
        await(tollgate, key, "/r/" + (to - 1), System.nanoTime());
    }

    /** Asks until the route is there; nanoseconds since {@code fromNanos}. */
    private static long await(Tollgate tollgate, String key, String path, long fromNanos) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + tollgate.proxyPort() + path))
                .header("X-Api-Key", key)
                .build();
        while (CLIENT.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() != 200) {
            if (System.nanoTime() - fromNanos > GIVE_UP_NANOS) {
                throw new IllegalStateException(path + " was not live within a minute");
            }
        }
        return System.nanoTime() - fromNanos;
    }

    /** Microseconds of each edit: the write, and from its answer to its enforcement. */
    private static long[][] edit(Tollgate tollgate, String key, int routes, int edits) throws Exception {
        long[] writes = new long[edits];
        long[] enforcements = new long[edits];
        for (int i = 0; i < edits; i++) {
            String name = "r" + (int) ((long) i * routes / edits % routes);
            String path = "/moved/" + name + "/" + System.nanoTime();
            String version = tollgate.routeVersion(name);
            long startNanos = System.nanoTime();
            tollgate.moveRoute(name, version, path);
            long answeredNanos = System.nanoTime();
            writes[i] = (answeredNanos - startNanos) / 1_000;
            enforcements[i] = await(tollgate, key, path, answeredNanos) / 1_000;
        }
        Arrays.sort(writes);
        Arrays.sort(enforcements);
        return new long[][] {writes, enforcements};
    }

    private static String row(int size, long[][] micros, Tollgate tollgate) throws Exception {
        return String.format(
                Locale.ROOT,
                "| %,d | %.1f | %.1f | %.1f | %.1f | %.1f | %d | %d |",
                size,
                part(micros[0], 50),
                part(micros[0], 99),
                part(micros[1], 50),
                part(micros[1], 99),
                part(micros[1], 100),
                tollgate.node().residentBytes() >> 20,
                tollgate.controlPlane().residentBytes() >> 20);
    }

    private static double part(long[] sorted, int percent) {
        return sorted[Math.min(sorted.length - 1, sorted.length * percent / 100)] / 1e3;
    }
}
