package io.tollgate.node.proxy;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.util.NetUtil;
import io.tollgate.engine.upstream.TargetState;
import io.tollgate.node.telemetry.LoopCounters;
import io.vertx.core.internal.VertxInternal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.IdentityHashMap;
import java.util.Map;

/**
 * All upstream connections of one event loop, by target. Event-loop confined.
 *
 * <p>They belong to the loop whose requests use them, so a call never changes threads.
 */
final class ClientPool {
    private final Bootstrap bootstrap;
    private final LoopCounters counters;
    private final Map<TargetState, TargetConnections> byTarget = new IdentityHashMap<>();

    ClientPool(VertxInternal vertx, EventLoop loop, LoopCounters counters) {
        this.counters = counters;
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

    TargetConnections of(TargetState target) {
        TargetConnections connections = byTarget.get(target);
        if (connections == null) {
            connections = new TargetConnections(target, bootstrap, address(target), counters);
            byTarget.put(target, connections);
        }
        return connections;
    }

    void sweep(long nowNanos) {
        byTarget.values().removeIf(connections -> connections.sweep(nowNanos));
    }

    void close() {
        byTarget.values().forEach(TargetConnections::close);
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
