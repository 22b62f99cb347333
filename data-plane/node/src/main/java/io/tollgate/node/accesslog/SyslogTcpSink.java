package io.tollgate.node.accesslog;

import io.tollgate.node.exchange.Clock;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A syslog server over TCP, each message after its length (RFC 6587, 3.4.1). Dialled when there is something to say, and again a
 * second after a failure at the earliest; lines meanwhile are lost.
 */
final class SyslogTcpSink implements LineSink {
    private static final int CONNECT_MILLIS_MAX = 2_000;
    private static final long RETRY_NANOS = 1_000_000_000L;

    private final String host;
    private final int port;
    private final SyslogMessage message;
    private final Clock clock;
    private @Nullable Socket socket;
    private @Nullable OutputStream out;
    private long failedNanos;
    private boolean failed;

    SyslogTcpSink(String host, int port, SyslogMessage message, Clock clock) {
        this.host = host;
        this.port = port;
        this.message = message;
        this.clock = clock;
    }

    @Override
    public void write(byte[] line) throws IOException {
        byte[] bytes = message.of(line, clock.epochMillis());
        OutputStream to = out == null ? dial() : out;
        try {
            to.write((bytes.length + " ").getBytes(StandardCharsets.US_ASCII));
            to.write(bytes);
        } catch (IOException e) {
            fail();
            throw e;
        }
    }

    @Override
    public void flush() throws IOException {
        OutputStream to = out;
        if (to != null) {
            try {
                to.flush();
            } catch (IOException e) {
                fail();
                throw e;
            }
        }
    }

    @Override
    public void close() throws IOException {
        try {
            flush();
        } finally {
            hangUp();
        }
    }

    private OutputStream dial() throws IOException {
        if (failed && clock.nanos() - failedNanos < RETRY_NANOS) {
            throw new IOException("not dialled again yet");
        }
        Socket dialled = new Socket();
        socket = dialled;
        try {
            dialled.connect(new InetSocketAddress(host, port), CONNECT_MILLIS_MAX);
            OutputStream to = new BufferedOutputStream(dialled.getOutputStream());
            out = to;
            failed = false;
            return to;
        } catch (IOException e) {
            fail();
            throw e;
        }
    }

    private void fail() throws IOException {
        failed = true;
        failedNanos = clock.nanos();
        hangUp();
    }

    private void hangUp() throws IOException {
        Socket dialled = socket;
        socket = null;
        out = null;
        if (dialled != null) {
            dialled.close();
        }
    }
}
