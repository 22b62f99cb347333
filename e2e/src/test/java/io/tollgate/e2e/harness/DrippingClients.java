package io.tollgate.e2e.harness;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** Many connections on which the head of a request comes byte by byte and never ends. One thread. */
public final class DrippingClients implements AutoCloseable {
    private static final byte[] HEAD =
            "GET /pets/1 HTTP/1.1\r\nHost: slow.example.com\r\nX-Slow: ".getBytes(StandardCharsets.US_ASCII);
    private static final int STATUS_LINE = "HTTP/1.1 408".length();
    /** Between two bytes of a client. */
    private static final long DRIP_NANOS = 1_000_000_000;

    private final InetSocketAddress server;
    private final Selector selector;
    private final ByteBuffer read = ByteBuffer.allocateDirect(16 * 1024);
    private final ByteBuffer drop = ByteBuffer.wrap(new byte[] {'a'});
    private final Map<String, Integer> answers = new HashMap<>();
    private long drippedNanos = System.nanoTime();

    public DrippingClients(int port) throws IOException {
        server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        selector = Selector.open();
    }

    /** Opens so many, each of which has sent a part of its head. */
    public void connect(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            SocketChannel channel = SocketChannel.open(server);
            channel.write(ByteBuffer.wrap(HEAD));
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ);
        }
    }

    /** Reads what came, and sends a byte more on each where a second has passed since the last one. */
    public void drip() throws IOException {
        selector.selectNow(this::read);
        long nowNanos = System.nanoTime();
        if (nowNanos - drippedNanos < DRIP_NANOS) {
            return;
        }
        drippedNanos = nowNanos;
        for (SelectionKey key : selector.keys()) {
            if (key.isValid()) {
                drop.clear();
                try {
                    ((SocketChannel) key.channel()).write(drop);
                } catch (IOException e) {
                    // Closed by the node; what it said before is read next.
                    key.interestOps(SelectionKey.OP_READ);
                }
            }
        }
    }

    private void read(SelectionKey key) {
        SocketChannel channel = (SocketChannel) key.channel();
        try {
            read.clear();
            int length = channel.read(read);
            if (length > 0 && key.attachment() == null) {
                byte[] first = new byte[Math.min(length, STATUS_LINE)];
                read.flip().get(first);
                key.attach(new String(first, StandardCharsets.US_ASCII));
            }
            if (length < 0) {
                end(key);
            }
        } catch (IOException e) {
            end(key);
        }
    }

    private void end(SelectionKey key) {
        answers.merge(key.attachment() == null ? "nothing" : (String) key.attachment(), 1, Integer::sum);
        try {
            key.channel().close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** How many the node has not closed. */
    public int open() {
        return (int) selector.keys().stream().filter(SelectionKey::isValid).count();
    }

    /** How those that are closed were answered, by the beginning of the answer. */
    public Map<String, Integer> answers() {
        return Map.copyOf(answers);
    }

    @Override
    public void close() throws IOException {
        for (SelectionKey key : selector.keys()) {
            key.channel().close();
        }
        selector.close();
    }
}
