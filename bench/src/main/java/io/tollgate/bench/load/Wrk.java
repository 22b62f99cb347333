package io.tollgate.bench.load;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Load from the program wrk, which must be on PATH. Stateless. */
record Wrk(Path program, Cores cores) implements LoadGenerator {
    private static final Pattern REQUESTS = Pattern.compile("(\\d+) requests in");
    private static final Pattern RATE = Pattern.compile("Requests/sec:\\s+([0-9.]+)");
    private static final Pattern NOT_2XX = Pattern.compile("Non-2xx or 3xx responses: (\\d+)");
    private static final Pattern SOCKET_ERRORS =
            Pattern.compile("Socket errors: connect (\\d+), read (\\d+), write (\\d+), timeout (\\d+)");
    private static final Pattern P50 = Pattern.compile("50%\\s+([0-9.]+)(us|ms|s)");
    private static final Pattern P99 = Pattern.compile("99%\\s+([0-9.]+)(us|ms|s)");

    @Override
    public String name() {
        return "wrk";
    }

    @Override
    public LoadResult run(String url, Map<String, String> headers, int connections, int seconds)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of(program.toString(), "--latency", "-t1", "-c" + connections, "-d" + seconds + "s"));
        headers.forEach((name, value) -> command.addAll(List.of("-H", name + ": " + value)));
        command.add(url);
        Process process = new ProcessBuilder(cores.rest(command))
                .redirectErrorStream(true)
                .start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("wrk failed: " + text);
        }
        return parse(text);
    }

    static LoadResult parse(String text) throws IOException {
        long errors = optional(NOT_2XX, text);
        Matcher sockets = SOCKET_ERRORS.matcher(text);
        if (sockets.find()) {
            for (int group = 1; group <= 4; group++) {
                errors += Long.parseLong(sockets.group(group));
            }
        }
        return new LoadResult(
                Long.parseLong(required(REQUESTS, text).group(1)),
                errors,
                Double.parseDouble(required(RATE, text).group(1)),
                micros(required(P50, text)),
                micros(required(P99, text)));
    }

    private static Matcher required(Pattern pattern, String text) throws IOException {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.find()) {
            throw new IOException("wrk printed something else than expected: " + text);
        }
        return matcher;
    }

    private static long optional(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
    }

    private static long micros(Matcher latency) {
        double value = Double.parseDouble(latency.group(1));
        return Math.round(
                switch (latency.group(2)) {
                    case "us" -> value;
                    case "ms" -> value * 1_000;
                    default -> value * 1_000_000;
                });
    }
}
