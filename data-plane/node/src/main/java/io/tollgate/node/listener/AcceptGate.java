package io.tollgate.node.listener;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.AttributeKey;
import io.tollgate.engine.listener.ListenerBounds;
import io.tollgate.node.exchange.ConnectionEnd;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Counts the connections of one listening socket before anything is done for them, and closes those beyond its bounds at once:
 * no handler, no TLS, no byte read. Called on the acceptor's loop; what is counted falls on any.
 *
 * <p>Closing tells a client, or the balancer before it, to go elsewhere; a connection that is left in the kernel's queue would
 * keep it waiting for a place. Only when the whole node is full it is left there ({@link AcceptGates}), for accepting takes the
 * descriptor that is not to be had.
 */
final class AcceptGate extends ChannelInboundHandlerAdapter {
    private static final AttributeKey<AcceptGate> GATE = AttributeKey.valueOf(AcceptGate.class, "of");
    private static final AttributeKey<Boolean> ENTERED = AttributeKey.valueOf(AcceptGate.class, "entered");

    private final AcceptGates node;
    private final Channel server;
    private final AtomicInteger open = new AtomicInteger();
    /** Of an IPv6 address its network of 64 bits: that is what one customer has. */
    private final ConcurrentHashMap<Long, Integer> openByAddress = new ConcurrentHashMap<>();

    /** Null before the socket is known to be a listener's: those of operations pass uncounted. */
    private volatile @Nullable Rules rules;

    /**
     * By what is counted. Immutable.
     *
     * @param uncounted says of which addresses, 4 or 16 bytes, the connections are not counted by address
     */
    record Rules(ListenerBounds bounds, Predicate<byte[]> uncounted) {}

    AcceptGate(AcceptGates node, Channel server) {
        this.node = node;
        this.server = server;
    }

    /** Connections that come from now on are counted by these. Any thread. */
    void follow(Rules newRules) {
        rules = newRules;
    }

    /** Where it listens; null until it does. */
    @Nullable
    InetSocketAddress localAddress() {
        return (InetSocketAddress) server.localAddress();
    }

    /** A listener's socket begins or ceases to accept. Any thread. */
    void accept(boolean accepting) {
        if (rules != null) {
            server.config().setAutoRead(accepting);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
        Rules now = rules;
        if (now != null
                && message instanceof Channel child
                && child.remoteAddress() instanceof InetSocketAddress peer) {
            ListenerBounds bounds = now.bounds();
            InetAddress address = peer.getAddress();
            if (open.get() >= bounds.connectionsMax()) {
                refuse(child, ConnectionEnd.CONNECTIONS);
                return;
            }
            boolean counted = !now.uncounted().test(address.getAddress());
            if (counted && !enter(key(address), bounds.connectionsPerAddressMax())) {
                refuse(child, ConnectionEnd.ADDRESS);
                return;
            }
            child.attr(GATE).set(this);
            open.incrementAndGet();
            node.opened();
            child.closeFuture().addListener(closed -> {
                open.decrementAndGet();
                if (counted) {
                    leave(key(address));
                }
                node.closed();
            });
        }
        super.channelRead(context, message);
    }

    private void refuse(Channel child, ConnectionEnd reason) {
        node.refused(reason);
        child.unsafe().closeForcibly();
    }

    /**
     * Counts a connection whose client's address its PROXY protocol header has told; false when it has to be closed. Any thread.
     */
    static boolean enter(Channel child, InetAddress client) {
        AcceptGate gate = child.attr(GATE).get();
        Rules now = gate == null ? null : gate.rules;
        // One that turns out to be of HTTP/2 comes here twice.
        if (gate == null || now == null || child.attr(ENTERED).getAndSet(true) != null) {
            return true;
        }
        Long key = key(client);
        if (!gate.enter(key, now.bounds().connectionsPerAddressMax())) {
            gate.node.refused(ConnectionEnd.ADDRESS);
            return false;
        }
        child.closeFuture().addListener(closed -> gate.leave(key));
        return true;
    }

    private boolean enter(Long key, int max) {
        if (openByAddress.merge(key, 1, Integer::sum) <= max) {
            return true;
        }
        leave(key);
        return false;
    }

    private void leave(Long key) {
        openByAddress.computeIfPresent(key, (same, count) -> count == 1 ? null : count - 1);
    }

    private static Long key(InetAddress address) {
        ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
        return address instanceof Inet4Address ? (bytes.getInt() & 0xffff_ffffL) | 1L << 32 : bytes.getLong();
    }
}
