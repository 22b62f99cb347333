package io.tollgate.bench.load;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a new connection with its handshake costs the node, by each TLS stack: processor time of the node over handshakes that {@code openssl
 * s_time} made on the other cores, one after the other, with nothing asked on them. Main thread only.
 */
public final class TlsBench {
    /** Makes a node use the TLS of the JDK where BoringSSL would fit (Netty's own switch). */
    private static final String NO_BORINGSSL = "-Dio.netty.handler.ssl.noOpenSsl=true";

    private static final Pattern CONNECTIONS = Pattern.compile("(\\d+) connections in \\d+ real seconds");
    private static final String[] HANDSHAKES = {"-new -tls1_3", "-new -tls1_2", "-reuse -tls1_2"};

    private TlsBench() {}

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
        Cores cores = Cores.detect();
        System.out.println("Machine: " + Machine.describe() + "; load average before: " + Machine.loadAverage());
        System.out.println("Load: openssl s_time, one connection after the other, " + arguments.seconds()
                + " s after as many of warm-up; " + cores);
        System.out.println();
        System.out.println("| stack | certificate | TLS 1.3 ms | TLS 1.2 ms | TLS 1.2 resumed by ticket ms |");
        System.out.println("|---|---|---|---|---|");
        measure("BoringSSL", List.of(), cores, arguments.seconds());
        measure("the JDK's", List.of(NO_BORINGSSL), cores, arguments.seconds());
    }

    private static void measure(String stack, List<String> nodeOptions, Cores cores, int seconds) throws Exception {
        Path folder = Files.createTempDirectory("tollgate-bench");
        try (Tollgate tollgate = Tollgate.start(LoadBench.root(), folder, cores, nodeOptions)) {
            tollgate.configure();
            for (String kind : List.of("RSA 2048", "ECDSA P-256")) {
                boolean isRsa = kind.startsWith("RSA");
                int port = tollgate.listenWithTls(
                        isRsa ? "rsa" : "ecdsa", isRsa ? SelfSigned.rsa(folder) : SelfSigned.ecdsa(folder));
                StringBuilder row = new StringBuilder("| " + stack + " | " + kind + " |");
                for (String handshake : HANDSHAKES) {
                    handshakes(cores, port, handshake, seconds);
                    long before = tollgate.node().cpuMicros();
                    long made = handshakes(cores, port, handshake, seconds);
                    long micros = tollgate.node().cpuMicros() - before;
                    row.append(String.format(Locale.ROOT, " %.2f |", micros / 1_000.0 / Math.max(1, made)));
                }
                System.out.println(row);
            }
        }
    }

    private static long handshakes(Cores cores, int port, String options, int seconds)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("openssl", "s_time", "-connect", "127.0.0.1:" + port));
        command.addAll(List.of(options.split(" ")));
        command.addAll(List.of("-time", Integer.toString(seconds)));
        Process process = new ProcessBuilder(cores.rest(command))
                .redirectErrorStream(true)
                .start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        Matcher made = CONNECTIONS.matcher(text);
        if (process.waitFor() != 0 || !made.find()) {
            throw new IOException("openssl s_time failed: " + text);
        }
        return Long.parseLong(made.group(1));
    }
}
