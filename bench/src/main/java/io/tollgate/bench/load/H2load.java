package io.tollgate.bench.load;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Load from the program h2load, which must be on PATH (Debian: nghttp2-client). Stateless.
 *
 * @param streams calls at once on a connection; 0: HTTP/1.1
 */
record H2load(Path program, Cores cores, int streams) implements LoadGenerator {
    @Override
    public String name() {
        return "h2load";
    }

    /** @param calls at once, over as many connections as that takes */
    @Override
    public LoadResult run(String url, Map<String, String> headers, int calls, int seconds)
            throws IOException, InterruptedException {
        Path log = Files.createTempFile("h2load", ".tsv");
        try {
            List<String> command = new ArrayList<>(List.of(
                    program.toString(),
                    "--clients=" + Math.max(1, calls / Math.max(1, streams)),
                    "--threads=1",
                    "--duration=" + seconds,
                    "--log-file=" + log));
            command.add(streams == 0 ? "--h1" : "--max-concurrent-streams=" + streams);
            headers.forEach((name, value) -> command.addAll(List.of("-H", name + ": " + value)));
            command.add(url);
            // It appends.
            Files.deleteIfExists(log);
            Process process = new ProcessBuilder(cores.rest(command))
                    .redirectErrorStream(true)
                    .start();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0 || !Files.exists(log)) {
                throw new IOException("h2load failed: " + text);
            }
            return read(log, seconds);
        } finally {
            Files.deleteIfExists(log);
        }
    }

    /** A line for each call: when it began, its status or -1, microseconds until its end. */
    static LoadResult read(Path log, int seconds) throws IOException {
        long errors = 0;
        long[] micros;
        try (Stream<String> lines = Files.lines(log)) {
            List<String[]> calls = lines.map(line -> line.split("\t", -1)).toList();
            errors = calls.stream().filter(call -> !call[1].startsWith("2")).count();
            micros = calls.stream()
                    .filter(call -> call[1].startsWith("2"))
                    .mapToLong(call -> Long.parseLong(call[2]))
                    .toArray();
        }
        if (micros.length == 0) {
            throw new IOException("h2load had no call answered by a status of 2xx, and " + errors + " others");
        }
        Arrays.sort(micros);
        return new LoadResult(
                micros.length,
                errors,
                micros.length / (double) seconds,
                micros[micros.length / 2],
                micros[(int) (micros.length * 99L / 100)]);
    }
}
