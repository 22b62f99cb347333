package io.tollgate.bench.load;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an idle WebSocket costs the node: opens ever more of them, each with a key, and compares its memory. Main thread only.
 *
 * <p>A node with 10,000 of them has 20,000 open files; where it may not have as many, fewer are opened.
 */
public final class StreamsBench {
    private static final int[] SIZES = {0, 1_000, 5_000, 10_000};
    /** Opened and closed first, so that what is loaded once is not taken for what a stream costs. */
    private static final int WARM_STREAMS = 500;

    private static final int HEAD_BYTES_MAX = 4_096;
    /** Open files of a node beside those of its streams, amply. */
    private static final int OTHER_FILES = 300;

    private static final Pattern OPEN_FILES = Pattern.compile("^Max open files\\s+(\\d+)");

    private StreamsBench() {}

    /** Runs it; takes no arguments. */
    public static void run(String[] words) throws Exception {
        if (words.length > 0) {
            System.err.println("tollgate-bench: streams " + words[0] + " (expected: no arguments)");
            System.exit(2);
        }
        System.out.println("Machine: " + Machine.describe() + "; load average before: " + Machine.loadAverage());
        Path folder = Files.createTempDirectory("tollgate-bench");
        try (Tollgate tollgate = Tollgate.start(LoadBench.root(), folder, Cores.detect())) {
            String key = tollgate.configure();
            InetSocketAddress node = new InetSocketAddress(InetAddress.getLoopbackAddress(), tollgate.proxyPort());
            List<SocketChannel> open = new ArrayList<>();
            grow(open, WARM_STREAMS, node, key);
            close(open);
            System.out.println();
            System.out.println("| idle WebSockets | heap MiB | resident MiB | heap bytes each | resident bytes each |");
            System.out.println("|---|---|---|---|---|");
            long heapBefore = 0;
            long residentBefore = 0;
            int most = streamsMax(tollgate.node().pid());
            for (int wanted : SIZES) {
                int size = Math.min(wanted, most);
                grow(open, size, node, key);
                long heap = Jcmd.heapBytes(tollgate.node().pid());
                long resident = tollgate.node().residentBytes();
                if (size == 0) {
                    heapBefore = heap;
                    residentBefore = resident;
                }
                System.out.println(row(size, heap, heapBefore, resident, residentBefore));
            }
            close(open);
        }
    }

    private static int streamsMax(long pid) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid), "limits"))) {
            Matcher limit = OPEN_FILES.matcher(line);
            if (limit.find()) {
                return (Integer.parseInt(limit.group(1)) - OTHER_FILES) / 2;
            }
        }
        return Integer.MAX_VALUE;
    }

    private static String row(int size, long heap, long heapBefore, long resident, long residentBefore) {
        return String.format(
                Locale.ROOT,
                "| %,d | %.1f | %d | %s | %s |",
                size,
                heap / 1048576.0,
                resident >> 20,
                size == 0 ? "" : Long.toString((heap - heapBefore) / size),
                size == 0 ? "" : Long.toString((resident - residentBefore) / size));
    }

    private static void grow(List<SocketChannel> open, int size, InetSocketAddress node, String key)
            throws IOException {
        ByteBuffer request =
                ByteBuffer.wrap(("GET /open/ws HTTP/1.1\r\nHost: bench.example.com\r\nConnection: Upgrade\r\n"
                                + "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nOrigin: http://bench.example.com\r\n"
                                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nX-Api-Key: " + key + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        while (open.size() < size) {
            SocketChannel channel = SocketChannel.open(node);
            open.add(channel);
            channel.write(request.duplicate());
            String head = head(channel);
            if (!head.startsWith("HTTP/1.1 101 ")) {
                throw new IOException("stream " + open.size() + ": " + head);
            }
        }
    }

    private static String head(SocketChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(HEAD_BYTES_MAX);
        String head = "";
        while (!head.endsWith("\r\n\r\n")) {
            if (channel.read(bytes) < 0) {
                throw new EOFException("closed after: " + head);
            }
            head = new String(bytes.array(), 0, bytes.position(), StandardCharsets.US_ASCII);
        }
        return head;
    }

    private static void close(List<SocketChannel> open) throws IOException {
        for (SocketChannel channel : open) {
            channel.close();
        }
        open.clear();
    }
}
