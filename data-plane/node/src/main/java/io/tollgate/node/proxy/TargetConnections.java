package io.tollgate.node.proxy;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.tollgate.engine.upstream.TargetState;
import io.tollgate.node.telemetry.LoopCounters;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one event loop to one target: the idle ones, last used first, and the calls that wait for one.
 * Event-loop confined.
 */
final class TargetConnections {
    /** Connections per loop and target: beyond this many calls at once an HTTP/1.1 service is not helped by more. */
    static final int CONNECTIONS_MAX = 512;
    /** Calls that may wait for a connection; more are refused at once instead of growing a queue nobody waits for. */
    static final int WAITING_MAX = 1024;
    /** Idle connections are closed after this long: shorter than the keep-alive of most servers. */
    static final long IDLE_NANOS_MAX = 30_000_000_000L;

    private final TargetState target;
    private final Bootstrap bootstrap;
    private final SocketAddress address;
    private final LoopCounters counters;
    private final ArrayDeque<UpstreamConnection> idle = new ArrayDeque<>();
    private final ArrayDeque<ConnectionTaker> waiting = new ArrayDeque<>();
    private int open;

    TargetConnections(TargetState target, Bootstrap bootstrap, SocketAddress address, LoopCounters counters) {
        this.target = target;
        this.bootstrap = bootstrap;
        this.address = address;
        this.counters = counters;
    }

    TargetState target() {
        return target;
    }

    /** Gives the call a connection now or later; false when too many wait already. */
    boolean acquire(ConnectionTaker call) {
        UpstreamConnection connection = takeIdle();
        if (connection != null) {
            call.onConnection(connection);
            return true;
        }
        return acquireFresh(call);
    }

    /** The same, but never over a connection that an earlier call used. */
    boolean acquireFresh(ConnectionTaker call) {
        if (open < CONNECTIONS_MAX) {
            connect(call);
            return true;
        }
        if (waiting.size() >= WAITING_MAX) {
            return false;
        }
        waiting.add(call);
        return true;
    }

    void release(UpstreamConnection connection) {
        if (!connection.isOpen()) {
            return;
        }
        ConnectionTaker next = nextWaiting();
        if (next != null) {
            next.onConnection(connection);
        } else {
            idle.push(connection);
        }
    }

    void onClosed(UpstreamConnection connection) {
        open--;
        idle.remove(connection);
        ConnectionTaker next = nextWaiting();
        if (next != null) {
            connect(next);
        }
    }

    /** Closes what was idle for too long; true when nothing is left here. */
    boolean sweep(long nowNanos) {
        Iterator<UpstreamConnection> oldest = idle.descendingIterator();
        while (oldest.hasNext()) {
            UpstreamConnection connection = oldest.next();
            if (nowNanos - connection.idleSinceNanos() < IDLE_NANOS_MAX) {
                break;
            }
            oldest.remove();
            connection.close();
        }
        return open == 0 && waiting.isEmpty();
    }

    void close() {
        for (UpstreamConnection connection : idle) {
            connection.channel().close();
        }
    }

    int open() {
        return open;
    }

    private @Nullable UpstreamConnection takeIdle() {
        UpstreamConnection connection = idle.poll();
        while (connection != null && !connection.isOpen()) {
            connection = idle.poll();
        }
        return connection;
    }

    private @Nullable ConnectionTaker nextWaiting() {
        ConnectionTaker next = waiting.poll();
        while (next != null && next.isOver()) {
            next = waiting.poll();
        }
        return next;
    }

    private void connect(ConnectionTaker call) {
        open++;
        counters.upstreamConnect();
        UpstreamDecoder decoder = new UpstreamDecoder();
        Opening opening = new Opening(decoder);
        ChannelFuture connected = bootstrap
                .clone()
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, call.connectTimeoutMillis())
                .handler(opening)
                .connect(address);
        connected.addListener(done -> {
            if (connected.isSuccess()) {
                UpstreamConnection connection = new UpstreamConnection(this, connected.channel(), decoder);
                connected.channel().pipeline().addLast(connection);
                call.onConnection(connection);
            } else {
                open--;
                counters.upstreamConnectFailure();
                call.onConnectFailure(done.cause());
                ConnectionTaker next = nextWaiting();
                if (next != null) {
                    connect(next);
                }
            }
        });
    }

    private static final class Opening extends ChannelInitializer<Channel> {
        private final UpstreamDecoder decoder;

        Opening(UpstreamDecoder decoder) {
            this.decoder = decoder;
        }

        @Override
        protected void initChannel(Channel channel) {
            channel.pipeline().addLast(decoder);
        }
    }
}
