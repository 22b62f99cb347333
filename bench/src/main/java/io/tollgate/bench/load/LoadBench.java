package io.tollgate.bench.load;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The side-by-side load bench. Everything runs at once on this machine, each proxy is loaded in turn, several rounds interleaved after a
 * warm-up; the median of the rounds is printed as Markdown. Main thread only.
 */
public final class LoadBench {
    /** Until the compilers of a JVM have settled; the others get the same. */
    private static final int WARM_SECONDS = 12;

    private static final Map<String, String> NO_HEADERS = Map.of();

    private LoadBench() {}

    /** Runs it; ends the process with status 2 on bad arguments and 1 when something would not start. */
    public static void run(String[] words) throws Exception {
        Arguments arguments;
        try {
            arguments = Arguments.parse(words);
        } catch (IllegalArgumentException e) {
            System.err.println("tollgate-bench: " + e.getMessage());
            System.exit(2);
            return;
        }
        Path root = root();
        Path folder = Files.createTempDirectory("tollgate-bench");
        Cores cores = Cores.detect();
        Optional<Path> wrk = OnPath.find("wrk");
        LoadGenerator load = wrk.isPresent() ? new Wrk(wrk.get(), cores) : new VertxLoad();
        System.out.println("Machine: " + Machine.describe() + "; load average before: " + Machine.loadAverage());
        System.out.println(String.format(
                Locale.ROOT,
                "Load: %s, %d connections, %d rounds of %d s after %d s of warm-up; %s",
                load.name(),
                arguments.connections(),
                arguments.rounds(),
                arguments.seconds(),
                WARM_SECONDS,
                cores));
        List<BenchProcess> peers = new ArrayList<>();
        try (Tollgate tollgate = Tollgate.start(root, folder, cores)) {
            String key = tollgate.configure();
            String atRest = memory(tollgate);
            List<Contender> contenders = contenders(tollgate, key, cores, folder, peers);
            for (Contender contender : contenders) {
                contender.warm(load, arguments.connections(), WARM_SECONDS);
            }
            for (int round = 0; round < arguments.rounds(); round++) {
                for (Contender contender : contenders) {
                    contender.round(load, arguments.connections(), arguments.seconds());
                }
            }
            System.out.println();
            System.out.println(Contender.header());
            contenders.forEach(contender -> System.out.println(contender.row()));
            System.out.println();
            System.out.println("Admin answer to enforcement: " + Propagation.measure(tollgate));
            System.out.println("Start to listening: control plane with a new embedded PostgreSQL "
                    + tollgate.controlPlaneStartMillis() + " ms, node without a snapshot " + tollgate.nodeStartMillis()
                    + " ms");
            System.out.println("Memory at rest: " + atRest + "; after the load: " + memory(tollgate));
        } finally {
            peers.forEach(BenchProcess::close);
        }
    }

    private static String memory(Tollgate tollgate) throws IOException {
        return "control plane with its PostgreSQL "
                + (tollgate.controlPlane().residentBytes() >> 20) + " MiB, node "
                + (tollgate.node().residentBytes() >> 20) + " MiB";
    }

    private static List<Contender> contenders(
            Tollgate tollgate, String key, Cores cores, Path folder, List<BenchProcess> started) throws IOException {
        Map<String, String> keyed = Map.of("X-Api-Key", key);
        List<Contender> contenders = new ArrayList<>();
        contenders.add(new Contender(
                "Tollgate, keyed + limited + metered", url(tollgate.proxyPort(), "/pets"), keyed, tollgate.node()));
        contenders.add(new Contender(
                "Tollgate, anonymous (metered)", url(tollgate.proxyPort(), "/open/pets"), NO_HEADERS, tollgate.node()));
        for (Peer peer : Peer.installed()) {
            int port = freePort();
            BenchProcess process = peer.start(cores, port, tollgate.upstreamPort(), key, folder.resolve("peers"));
            started.add(process);
            contenders.add(new Contender(
                    peer.name() + " (" + peer.version() + ")",
                    url(port, "/pets"),
                    peer.keyed() ? keyed : NO_HEADERS,
                    process));
        }
        return contenders;
    }

    private static String url(int port, String path) {
        return "http://127.0.0.1:" + port + path;
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** The project's folder: the bench's jar lies in bench/target/bench. */
    static Path root() throws Exception {
        Path jar = Path.of(LoadBench.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        Path root = jar.resolve("../../../..").normalize();
        if (!Files.exists(root.resolve("proto/pom.xml"))) {
            throw new IOException(
                    "run the bench from the jar that the build makes: java -jar bench/target/bench/tollgate-bench.jar load");
        }
        return root;
    }
}
