package io.tollgate.node.accesslog;

import io.tollgate.node.exchange.Clock;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;

/** A syslog server that takes one datagram for each message (RFC 5426). Nobody says whether they arrive. */
final class SyslogUdpSink implements LineSink {
    private final DatagramSocket socket = new DatagramSocket();
    private final String host;
    private final int port;
    private final SyslogMessage message;
    private final Clock clock;

    SyslogUdpSink(String host, int port, SyslogMessage message, Clock clock) throws IOException {
        this.host = host;
        this.port = port;
        this.message = message;
        this.clock = clock;
    }

    @Override
    public void write(byte[] line) throws IOException {
        byte[] bytes = message.of(line, clock.epochMillis());
        // Looked up each time: the runtime keeps the answer for a while, and the server may move.
        InetSocketAddress server = new InetSocketAddress(host, port);
        if (server.isUnresolved()) {
            throw new IOException("host " + host + " is not known");
        }
        socket.send(new DatagramPacket(bytes, bytes.length, server));
    }

    @Override
    public void flush() {
        // Nothing is held back.
    }

    @Override
    public void close() {
        socket.close();
    }
}
