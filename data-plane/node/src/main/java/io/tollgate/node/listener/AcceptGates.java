package io.tollgate.node.listener;

import io.netty.channel.ServerChannel;
import io.tollgate.node.exchange.ConnectionEnd;
import io.vertx.core.transport.Transport;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The gates of all listening sockets of a node, and the connections that the whole node may hold. Shared; what is counted is
 * lock-free.
 *
 * <p>At the bound of the node accepting pauses: whoever dials waits in the kernel's queue until another leaves, and what is
 * open goes on undisturbed. It begins again a little below the bound, so that it does not flutter.
 */
public final class AcceptGates {
    /** What a node needs besides its calls: files, the control plane, operations, and what the JVM opens. */
    static final int DESCRIPTORS_KEPT = 256;
    /** No node is bounded below this; a process with fewer descriptors cannot serve. */
    static final int CONNECTIONS_MIN = 64;
    /** How far below its bound the node accepts again: one connection in so many. */
    private static final int RESUME_DIVISOR = 64;

    private final int connectionsMax;
    private final int connectionsResume;
    private final List<AcceptGate> gates = new CopyOnWriteArrayList<>();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger pauses = new AtomicInteger();
    private final AtomicLongArray refused = new AtomicLongArray(ConnectionEnd.values().length);
    private boolean paused;

    /** @param connectionsMax of clients that may be open at once on this node */
    public AcceptGates(int connectionsMax) {
        this.connectionsMax = connectionsMax;
        this.connectionsResume = connectionsMax - Math.max(1, connectionsMax / RESUME_DIVISOR);
    }

    /**
     * The connections that a process may hold with so many file descriptors: half of those that it does not need itself, for
     * each call may need another one to its upstream.
     */
    public static int connectionsMax(long descriptors) {
        return (int) Math.max(CONNECTIONS_MIN, Math.min(Integer.MAX_VALUE, (descriptors - DESCRIPTORS_KEPT) / 2));
    }

    /** The transport of this platform, a native one where there is one, whose server sockets pass these gates. */
    public Transport transport() {
        Transport platform = Transport.nativeTransport();
        return new GatedTransport(
                platform == null || !platform.available() ? Transport.NIO : platform, new SharedSockets(this::install));
    }

    private void install(ServerChannel server) {
        AcceptGate gate = new AcceptGate(this, server);
        gates.add(gate);
        server.closeFuture().addListener(closed -> gates.remove(gate));
        server.pipeline().addFirst("accept-gate", gate);
    }

    /** The socket that listens there counts by these from now on. Any thread. */
    void follow(InetSocketAddress local, AcceptGate.Rules rules) {
        for (AcceptGate gate : gates) {
            InetSocketAddress bound = gate.localAddress();
            if (bound != null && bound.getPort() == local.getPort() && isSame(bound, local)) {
                gate.follow(rules);
            }
        }
    }

    // A socket of all addresses may be bound as one of IPv6 though it was asked for as one of IPv4.
    private static boolean isSame(InetSocketAddress bound, InetSocketAddress asked) {
        return bound.getAddress().equals(asked.getAddress())
                || (bound.getAddress().isAnyLocalAddress() && asked.getAddress().isAnyLocalAddress());
    }

    void refused(ConnectionEnd reason) {
        refused.incrementAndGet(reason.ordinal());
    }

    void opened() {
        if (open.incrementAndGet() >= connectionsMax) {
            turn(true);
        }
    }

    void closed() {
        if (open.decrementAndGet() <= connectionsResume) {
            turn(false);
        }
    }

    private synchronized void turn(boolean pause) {
        boolean due = pause ? open.get() >= connectionsMax : open.get() <= connectionsResume;
        if (due && paused != pause) {
            paused = pause;
            if (pause) {
                pauses.incrementAndGet();
            }
            gates.forEach(gate -> gate.accept(!pause));
        }
    }

    /** Open connections of clients, also those in a handshake. */
    public int open() {
        return open.get();
    }

    /** How many may be open. */
    public int connectionsMax() {
        return connectionsMax;
    }

    /** How often accepting has paused. */
    public int pauses() {
        return pauses.get();
    }

    /** Connections closed as soon as they were accepted. */
    public long refusals(ConnectionEnd reason) {
        return refused.get(reason.ordinal());
    }
}
