package io.tollgate.bench.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Calls over HTTP/2 beside the same over HTTP/1.1, from one generator: as many at once, on fewer connections. Main thread only. */
public final class Http2Bench {
    private static final int WARM_SECONDS = 12;
    /** Calls at once on a connection of HTTP/2. */
    private static final int STREAMS = 8;

    private Http2Bench() {}

    /** Runs it; ends the process with status 2 on bad arguments. */
    public static void run(String[] words) throws Exception {
        Arguments arguments;
        try {
            arguments = Arguments.parse(words);
        } catch (IllegalArgumentException e) {
            System.err.println("tollgate-bench: " + e.getMessage());
            System.exit(2);
            return;
        }
        Optional<Path> program = OnPath.find("h2load");
        if (program.isEmpty()) {
            throw new IOException("h2load is not on PATH (Debian: apt-get install nghttp2-client)");
        }
        Cores cores = Cores.detect();
        Path folder = Files.createTempDirectory("tollgate-bench");
        System.out.println("Machine: " + Machine.describe() + "; load average before: " + Machine.loadAverage());
        System.out.println(String.format(
                Locale.ROOT,
                "Load: h2load, %d calls at once, over HTTP/2 %d on each connection, %d rounds of %d s after %d s of warm-up; %s",
                arguments.connections(),
                STREAMS,
                arguments.rounds(),
                arguments.seconds(),
                WARM_SECONDS,
                cores));
        try (Tollgate tollgate = Tollgate.start(LoadBench.root(), folder, cores)) {
            Map<String, String> keyed = Map.of("X-Api-Key", tollgate.configure());
            String plain = "http://127.0.0.1:" + tollgate.proxyPort();
            String tls = "https://127.0.0.1:" + tollgate.listenWithTls("ec", SelfSigned.ecdsa(folder));
            LoadGenerator http1 = new H2load(program.get(), cores, 0);
            LoadGenerator http2 = new H2load(program.get(), cores, STREAMS);
            List<Row> rows = List.of(
                    row("HTTP/1.1, keyed", plain + "/pets", keyed, tollgate, http1),
                    row("HTTP/2, keyed", plain + "/pets", keyed, tollgate, http2),
                    row("HTTP/2, anonymous", plain + "/open/pets", Map.of(), tollgate, http2),
                    row("HTTP/1.1 over TLS 1.3, keyed", tls + "/pets", keyed, tollgate, http1),
                    row("HTTP/2 over TLS 1.3, keyed", tls + "/pets", keyed, tollgate, http2));
            for (Row row : rows) {
                row.contender().warm(row.load(), arguments.connections(), WARM_SECONDS);
            }
            for (int round = 0; round < arguments.rounds(); round++) {
                for (Row row : rows) {
                    row.contender().round(row.load(), arguments.connections(), arguments.seconds());
                }
            }
            System.out.println();
            System.out.println(Contender.header());
            rows.forEach(row -> System.out.println(row.contender().row()));
        }
    }

    private record Row(Contender contender, LoadGenerator load) {}

    private static Row row(
            String name, String url, Map<String, String> headers, Tollgate tollgate, LoadGenerator load) {
        return new Row(new Contender("Tollgate, " + name, url, headers, tollgate.node()), load);
    }
}
