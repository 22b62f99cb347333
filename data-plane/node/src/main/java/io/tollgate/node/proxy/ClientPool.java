package io.tollgate.node.proxy;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.util.NetUtil;
import io.tollgate.engine.upstream.TargetState;
import io.tollgate.engine.upstream.Transport;
import io.tollgate.node.secure.TargetSecurity;
import io.tollgate.node.telemetry.LoopCounters;
import io.tollgate.node.telemetry.PoolFigures;
import io.vertx.core.internal.VertxInternal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.IdentityHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All upstream connections of one event loop, by target. Event-loop confined.
 *
 * <p>They belong to the loop whose requests use them, so a call never changes threads. When the way to connect to a target changes, the
 * old connections serve nothing new and end with their calls.
 */
final class ClientPool {
    private final Bootstrap bootstrap;
    private final LoopCounters counters;
    private final TargetSecurity security;
    private final Map<TargetState, TargetConnections> byTarget = new IdentityHashMap<>();

    ClientPool(VertxInternal vertx, EventLoop loop, LoopCounters counters, TargetSecurity security) {
        this.counters = counters;
        this.security = security;
        this.bootstrap = new Bootstrap()
                .group(loop)
                .channelFactory(
                        () -> (Channel) vertx.transport().channelFactory(false).newChannel())
                .resolver(vertx.nameResolver().nettyAddressResolverGroup())
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_KEEPALIVE, true)
                // A refused upload may be answered: what was sent in answer is read before the connection is given up.
                .option(ChannelOption.AUTO_CLOSE, false);
    }

    /** The connections of this kind to a target. */
    TargetConnections of(TargetState target, Transport transport) {
        TargetConnections newest = byTarget.get(target);
        for (TargetConnections one = newest; one != null; one = one.older()) {
            if (one.transport().equals(transport)) {
                if (one.isOutdated()) {
                    onlyCurrent(newest, one);
                }
                return one;
            }
        }
        TargetConnections made =
                new TargetConnections(new TargetConnections.Place(target, transport, address(target)), this, newest);
        byTarget.put(target, made);
        onlyCurrent(made, made);
        return made;
    }

    /** A change may be taken back, and a call that began before it may come here once more. */
    private static void onlyCurrent(@Nullable TargetConnections newest, TargetConnections current) {
        for (TargetConnections one = newest; one != null; one = one.older()) {
            one.outdate(!one.equals(current));
        }
    }

    /** For a connection of this loop. */
    Bootstrap bootstrap() {
        return bootstrap.clone();
    }

    LoopCounters counters() {
        return counters;
    }

    TargetSecurity security() {
        return security;
    }

    void sweep(long nowNanos) {
        byTarget.values().removeIf(newest -> newest.sweepAll(nowNanos));
    }

    /** How many connections there are to each target, and who waits. */
    PoolFigures figures() {
        PoolFigures figures = new PoolFigures();
        byTarget.forEach((target, newest) -> {
            for (TargetConnections one = newest; one != null; one = one.older()) {
                figures.add(target, one.open(), one.idle(), one.waiting());
            }
        });
        return figures;
    }

    void close() {
        for (TargetConnections newest : byTarget.values()) {
            for (TargetConnections one = newest; one != null; one = one.older()) {
                one.close();
            }
        }
    }

    private static SocketAddress address(TargetState target) {
        byte[] literal = NetUtil.createByteArrayFromIpAddressString(target.host());
        if (literal == null) {
            return InetSocketAddress.createUnresolved(target.host(), target.port());
        }
        try {
            return new InetSocketAddress(InetAddress.getByAddress(literal), target.port());
        } catch (UnknownHostException e) {
            throw new IllegalStateException("4 or 16 bytes are an address", e);
        }
    }
}
