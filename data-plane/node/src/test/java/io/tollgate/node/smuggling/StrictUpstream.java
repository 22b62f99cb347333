package io.tollgate.node.smuggling;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A service that reads strictly, answers each request, and remembers what it read by the number in the target. */
final class StrictUpstream implements AutoCloseable {
    private static final byte[] OK = Reading.octets("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    private static final Pattern NUMBER = Pattern.compile("/pets/(\\d+)");

    private final ServerSocket server;
    private final Map<Integer, List<Reading.Seen>> byNumber = new ConcurrentHashMap<>();
    private final List<String> faults = new CopyOnWriteArrayList<>();
    private final BiConsumer<Reading.Seen, String> judge;

    StrictUpstream() throws IOException {
        this((request, text) -> {});
    }

    /** @param judge is given each request and its bytes */
    StrictUpstream(BiConsumer<Reading.Seen, String> judge) throws IOException {
        this.judge = judge;
        server = new ServerSocket(0, 1_000, InetAddress.getLoopbackAddress());
        start(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    /** The requests with this number, in order. */
    List<Reading.Seen> requests(int number) {
        return List.copyOf(byNumber.getOrDefault(number, List.of()));
    }

    /** What came and was no request, though more than the beginning of one. */
    List<String> faults() {
        return faults;
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                socket.setTcpNoDelay(true);
                start(() -> serve(socket));
            } catch (IOException e) {
                if (!server.isClosed()) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            InputStream in = socket.getInputStream();
            ByteArrayOutputStream left = new ByteArrayOutputStream();
            byte[] buffer = new byte[16 * 1024];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                left.write(buffer, 0, read);
                String text = left.toString(StandardCharsets.ISO_8859_1);
                Reading reading = Reading.strict(text);
                List<Reading.Seen> seen = reading.all();
                for (Reading.Seen request : seen) {
                    note(request);
                    judge.accept(request, text);
                    socket.getOutputStream().write(OK);
                }
                if (!seen.isEmpty() && !reading.isAtEnd()) {
                    // The gateway does not pipeline: whatever follows a request before its answer belongs to no
                    // request.
                    faults.add(text);
                }
                if (!seen.isEmpty()) {
                    left.reset();
                } else if (text.indexOf("\r\n\r\n") >= 0 && !mayBeCutShort(text)) {
                    faults.add(text);
                    return;
                }
            }
        } catch (IOException e) {
            // The gateway gave the call up, as it does when its client goes away.
            return;
        }
    }

    /** Whether the head is well-formed and only the body is not all there yet: the same head with no body would be read. */
    private static boolean mayBeCutShort(String text) {
        String head = text.substring(0, text.indexOf("\r\n\r\n") + 4);
        String withoutFrame = head.replaceFirst("(?i)Transfer-Encoding: chunked\r\n", "")
                .replaceFirst("(?i)Content-Length: \\d+\r\n", "");
        return !withoutFrame.equals(head) && Reading.strict(withoutFrame).next() != null;
    }

    private void note(Reading.Seen request) {
        Matcher number = NUMBER.matcher(request.target());
        if (!number.find()) {
            faults.add(request.toString());
            return;
        }
        byNumber.computeIfAbsent(
                        Integer.parseInt(number.group(1)), unknown -> new CopyOnWriteArrayList<>(new ArrayList<>()))
                .add(request);
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "strict-upstream");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
