package io.tollgate.bench.load;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What it costs the event loop of a keyed call to be watched: a node for each way to watch, all of them of one configuration, called in turns
 * over one connection, one call after the other. Main thread only.
 *
 * <p>The kernel tells what the loop's thread ran (/proc, so Linux only), the JVM what it allocated.
 */
public final class WatchingBench {
    private static final int ROUNDS = 9;
    private static final int CALLS = 2_000;
    /** Until the compilers of a JVM have settled. */
    private static final int WARM_CALLS = 20_000;

    /** The 15 characters of its name that the kernel keeps. */
    private static final String LOOP_IN_PROC = "vert.x-eventloo";

    private static final String LOOP = "vert.x-eventloop-thread-0";

    private WatchingBench() {}

    /** Runs it; takes no arguments. */
    public static void run(String[] words) throws Exception {
        if (words.length > 0) {
            System.err.println("tollgate-bench: watching " + words[0] + " (expected: no arguments)");
            System.exit(2);
        }
        System.out.println("Machine: " + Machine.describe() + "; load average before: " + Machine.loadAverage());
        Path folder = Files.createTempDirectory("tollgate-bench");
        List<Way> ways = new ArrayList<>();
        try (Tollgate tollgate = Tollgate.start(LoadBench.root(), folder, Cores.detect())) {
            String key = tollgate.configure();
            // Nobody listens there.
            Map<String, String> traces = Map.of("TOLLGATE_TRACES_ENDPOINT", "http://127.0.0.1:9/v1/traces");
            ways.add(
                    way(tollgate, "neither request id nor traces nor log", Map.of("TOLLGATE_REQUEST_ID_TO", "nobody")));
            ways.add(way(tollgate, "request id to the upstream (default)", Map.of()));
            for (String ratio : List.of("0", "0.01", "1")) {
                Map<String, String> more = new java.util.HashMap<>(traces);
                more.put("TOLLGATE_TRACES_RATIO", ratio);
                ways.add(way(tollgate, "and traces, ratio " + ratio + ", no collector there", more));
            }
            ways.add(way(
                    tollgate,
                    "request id and access log of every call in JSON",
                    Map.of("TOLLGATE_ACCESS_LOG", folder.resolve("access.log").toString())));
            for (Way way : ways) {
                way.warm(key);
            }
            for (int round = 0; round < ROUNDS; round++) {
                for (Way way : ways) {
                    way.round(key);
                }
            }
            System.out.println();
            System.out.println("| what is on | ns per call | bytes per call |");
            System.out.println("|---|---|---|");
            ways.forEach(way -> System.out.println(way.row()));
        } finally {
            ways.forEach(way -> way.node.close());
        }
    }

    private static Way way(Tollgate tollgate, String name, Map<String, String> environment) throws IOException {
        Tollgate.MoreNode node = tollgate.addNode(environment);
        return new Way(name, node.process(), node.proxyPort());
    }

    /** One way to watch. One thread. */
    private static final class Way {
        private final String name;
        private final BenchProcess node;
        private final int port;
        private final Path schedule;
        private final List<Long> nanos = new ArrayList<>();
        private final List<Long> bytes = new ArrayList<>();

        Way(String name, BenchProcess node, int port) throws IOException {
            this.name = name;
            this.node = node;
            this.port = port;
            this.schedule = loop(node.pid()).resolve("schedstat");
        }

        private static Path loop(long pid) throws IOException {
            try (Stream<Path> threads = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
                for (Path thread : threads.toList()) {
                    if (Files.readString(thread.resolve("comm")).startsWith(LOOP_IN_PROC)) {
                        return thread;
                    }
                }
            }
            throw new IOException("no event loop among the threads of " + pid);
        }

        void warm(String key) throws IOException {
            try (Socket connection = connect()) {
                call(connection, key, WARM_CALLS);
            }
        }

        void round(String key) throws IOException, InterruptedException {
            // One for each round: between two of them it would idle for longer than it may.
            try (Socket connection = connect()) {
                call(connection, key, 1);
                long bytesBefore = Jcmd.allocatedBytes(node.pid(), LOOP);
                long before = ranNanos();
                call(connection, key, CALLS);
                nanos.add((ranNanos() - before) / CALLS);
                bytes.add((Jcmd.allocatedBytes(node.pid(), LOOP) - bytesBefore) / CALLS);
            }
        }

        private Socket connect() throws IOException {
            Socket connection = new Socket(InetAddress.getLoopbackAddress(), port);
            connection.setTcpNoDelay(true);
            return connection;
        }

        private long ranNanos() throws IOException {
            return Long.parseLong(Files.readString(schedule).split(" ", 2)[0]);
        }

        private void call(Socket connection, String key, int calls) throws IOException {
            byte[] request = ("GET /pets HTTP/1.1\r\nHost: bench.example.com\r\nX-Api-Key: " + key + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII);
            InputStream in = new BufferedInputStream(connection.getInputStream());
            for (int i = 0; i < calls; i++) {
                connection.getOutputStream().write(request);
                readAnswer(in);
            }
        }

        private void readAnswer(InputStream in) throws IOException {
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                int next = in.read();
                if (next < 0) {
                    throw new EOFException("closed after: " + head);
                }
                head.append((char) next);
            }
            if (head.indexOf("HTTP/1.1 200 ") != 0) {
                throw new IOException(name + ": " + head);
            }
            String lower = head.toString().toLowerCase(Locale.ROOT);
            int at = lower.indexOf("content-length: ") + 16;
            in.readNBytes(Integer.parseInt(lower.substring(at, lower.indexOf("\r\n", at))));
        }

        String row() {
            List<Long> sorted = nanos.stream().sorted().toList();
            return String.format(
                    Locale.ROOT,
                    "| %s | %d (%d to %d) | %d |",
                    name,
                    sorted.get(ROUNDS / 2),
                    sorted.get(0),
                    sorted.get(ROUNDS - 1),
                    bytes.stream().sorted().toList().get(ROUNDS / 2));
        }
    }
}
