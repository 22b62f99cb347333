package io.tollgate.e2e.harness;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A client that knows exactly what it sent and what came back whole: one kept connection, one call at a time, no retry of its own.
 *
 * <p>An answer is whole when its last byte was read; anything else is an {@link IOException}. Not thread-safe.
 */
public final class Caller implements AutoCloseable {
    private static final int TIME_OUT_MILLIS = 30_000;

    private final int port;
    private @Nullable Socket socket;
    private @Nullable InputStream in;

    public Caller(int port) {
        this.port = port;
    }

    /** A whole answer; header names in lower case, the last of a name. */
    public record Reply(int status, Map<String, String> headers, byte[] body) {
        public String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        public String header(String name) {
            return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
        }
    }

    public Reply get(String path, String key) throws IOException {
        return call("GET", path, key.isEmpty() ? "" : "X-Api-Key: " + key + "\r\n", new byte[0]);
    }

    /**
     * Sends one request and reads the whole answer.
     *
     * @param headerLines each with its line end
     */
    public Reply call(String method, String path, String headerLines, byte[] body) throws IOException {
        try {
            InputStream stream = connected();
            StringBuilder head = new StringBuilder()
                    .append(method)
                    .append(' ')
                    .append(path)
                    .append(" HTTP/1.1\r\nHost: 127.0.0.1:")
                    .append(port)
                    .append("\r\n")
                    .append(headerLines);
            if (body.length > 0) {
                head.append("Content-Length: ").append(body.length).append("\r\n");
            }
            ByteArrayOutputStream request = new ByteArrayOutputStream();
            request.write(head.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
            request.write(body);
            Objects.requireNonNull(socket).getOutputStream().write(request.toByteArray());
            Reply reply = read(stream, method.equals("HEAD"));
            if (reply.header("connection").equalsIgnoreCase("close")) {
                close();
            }
            return reply;
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    /** Whether a kept connection is at hand, so that the next call needs none. */
    public boolean isConnected() {
        return socket != null;
    }

    /** Connects now; a call would do so by itself. */
    public void connect() throws IOException {
        connected();
    }

    private InputStream connected() throws IOException {
        InputStream open = in;
        if (open != null) {
            return open;
        }
        Socket fresh = new Socket();
        fresh.setTcpNoDelay(true);
        fresh.setSoTimeout(TIME_OUT_MILLIS);
        try {
            fresh.connect(new InetSocketAddress("127.0.0.1", port), TIME_OUT_MILLIS);
            open = new BufferedInputStream(fresh.getInputStream(), 16 * 1024);
        } catch (IOException e) {
            fresh.close();
            throw e;
        }
        socket = fresh;
        in = open;
        return open;
    }

    private static Reply read(InputStream stream, boolean headOnly) throws IOException {
        String statusLine = line(stream);
        if (!statusLine.startsWith("HTTP/1.") || statusLine.length() < 12) {
            throw new IOException("status line " + statusLine);
        }
        int status = Integer.parseInt(statusLine.substring(9, 12));
        Map<String, String> headers = new TreeMap<>();
        for (String line = line(stream); !line.isEmpty(); line = line(stream)) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        if (headOnly || status == 204 || status == 304) {
            return new Reply(status, headers, new byte[0]);
        }
        String length = headers.get("content-length");
        if (length != null) {
            return new Reply(status, headers, exactly(stream, Integer.parseInt(length)));
        }
        if (headers.getOrDefault("transfer-encoding", "").equalsIgnoreCase("chunked")) {
            return new Reply(status, headers, chunks(stream));
        }
        throw new IOException("no length in " + headers);
    }

    private static byte[] chunks(InputStream stream) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (true) {
            String size = line(stream);
            int semicolon = size.indexOf(';');
            int length = Integer.parseInt(semicolon < 0 ? size : size.substring(0, semicolon), 16);
            if (length == 0) {
                while (!line(stream).isEmpty()) {
                    // Trailers are not kept.
                    continue;
                }
                return body.toByteArray();
            }
            body.write(exactly(stream, length));
            line(stream);
        }
    }

    private static byte[] exactly(InputStream stream, int length) throws IOException {
        byte[] bytes = stream.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("the answer broke off after " + bytes.length + " of " + length + " bytes");
        }
        return bytes;
    }

    private static String line(InputStream stream) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = stream.read(); next != '\n'; next = stream.read()) {
            if (next < 0) {
                throw new EOFException("the connection ended");
            }
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }

    @Override
    public void close() {
        Socket open = socket;
        socket = null;
        in = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
