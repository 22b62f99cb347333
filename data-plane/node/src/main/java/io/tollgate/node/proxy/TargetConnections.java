package io.tollgate.node.proxy;

import io.tollgate.engine.upstream.TargetState;
import io.tollgate.engine.upstream.Transport;
import io.tollgate.engine.upstream.UpstreamProtocol;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one event loop to one target that are made in one way: those of HTTP/1.1 that are idle, last used first, those of
 * HTTP/2, which calls share, and the calls that wait for either. Event-loop confined.
 */
final class TargetConnections {
    /** Connections per loop and target: beyond this many calls at once an HTTP/1.1 service is not helped by more. */
    static final int CONNECTIONS_MAX = 512;
    /** Calls that may wait for a connection; more are refused at once instead of growing a queue nobody waits for. */
    static final int WAITING_MAX = 1024;
    /** Idle connections are closed after this long: shorter than the keep-alive of most servers. */
    static final long IDLE_NANOS_MAX = 30_000_000_000L;

    /** Where these connections lead, and how they are made. Immutable. */
    record Place(TargetState target, Transport transport, SocketAddress address) {}

    private final Place place;
    private final ClientPool pool;
    private final ArrayDeque<Http1Connection> idle = new ArrayDeque<>();
    private final List<Http2Connection> shared = new ArrayList<>();
    private final ArrayDeque<ConnectionTaker> waiting = new ArrayDeque<>();
    private int open;
    private int opening;
    /** How many calls the next connection is expected to take. */
    private int callsExpected;

    private boolean outdated;
    private @Nullable TargetConnections older;

    /** @param older to the same target, made in another way */
    TargetConnections(Place place, ClientPool pool, @Nullable TargetConnections older) {
        this.place = place;
        this.pool = pool;
        this.older = older;
        this.callsExpected = place.transport().protocol() == UpstreamProtocol.HTTP1 ? 1 : Http2Connection.STREAMS_MAX;
    }

    TargetState target() {
        return place.target();
    }

    Transport transport() {
        return place.transport();
    }

    SocketAddress address() {
        return place.address();
    }

    @Nullable
    TargetConnections older() {
        return older;
    }

    boolean isOutdated() {
        return outdated;
    }

    /** Whether connections are made in another way from here on: then these end with the calls that have them. */
    void outdate(boolean now) {
        outdated = now;
        if (now) {
            close();
        }
    }

    /** Gives the call a connection now or later; false when too many wait already. */
    boolean acquire(ConnectionTaker call) {
        Http1Connection connection = takeIdle();
        if (connection != null) {
            call.onConnection(connection);
            return true;
        }
        return acquireFresh(call);
    }

    /** The same, but never over a connection of HTTP/1.1 that an earlier call used. */
    boolean acquireFresh(ConnectionTaker call) {
        if (callsExpected == 1 && shared.isEmpty()) {
            if (open < CONNECTIONS_MAX) {
                connect(call, call.connectTimeoutMillis());
                return true;
            }
            return await(call);
        }
        Http2Connection roomy = roomy();
        if (roomy != null) {
            call.onConnection(roomy.reserve());
            return true;
        }
        if (!await(call)) {
            return false;
        }
        connectForWaiting();
        return true;
    }

    private boolean await(ConnectionTaker call) {
        if (waiting.size() >= WAITING_MAX) {
            return false;
        }
        waiting.add(call);
        return true;
    }

    void release(Http1Connection connection) {
        if (!connection.isOpen()) {
            return;
        }
        ConnectionTaker next = nextWaiting();
        if (next != null) {
            next.onConnection(connection);
        } else if (outdated) {
            connection.close();
        } else {
            idle.push(connection);
        }
    }

    void onClosed(Http1Connection connection) {
        idle.remove(connection);
        detach();
    }

    /** One that is open counts no more here, so that streams never take the place of calls. */
    void detach() {
        open--;
        ConnectionTaker next = nextWaiting();
        if (next != null) {
            connect(next, next.connectTimeoutMillis());
        }
    }

    /** A stream of it ended, or it may have more of them. */
    void onRoom(Http2Connection connection) {
        callsExpected = Math.max(2, connection.streamsMax());
        if (outdated && connection.isIdle() && waiting.isEmpty()) {
            connection.retire();
        } else {
            serve(connection);
            connectForWaiting();
        }
    }

    void onClosed(Http2Connection connection) {
        open--;
        shared.remove(connection);
        connectForWaiting();
    }

    /** Sweeps these and the older ones, forgetting those of them that are empty; true when all are. */
    boolean sweepAll(long nowNanos) {
        for (TargetConnections one = this; one.older != null; ) {
            if (one.older.sweep(nowNanos)) {
                one.older = one.older.older;
            } else {
                one = one.older;
            }
        }
        return sweep(nowNanos) && older == null;
    }

    /** Closes what was idle for too long; true when nothing is left here. */
    private boolean sweep(long nowNanos) {
        Iterator<Http1Connection> oldest = idle.descendingIterator();
        while (oldest.hasNext()) {
            Http1Connection connection = oldest.next();
            if (nowNanos - connection.idleSinceNanos() < IDLE_NANOS_MAX) {
                break;
            }
            oldest.remove();
            connection.close();
        }
        for (int i = shared.size() - 1; i >= 0; i--) {
            if (shared.get(i).isIdleFor(IDLE_NANOS_MAX, nowNanos)) {
                shared.get(i).retire();
            }
        }
        return open == 0 && waiting.isEmpty();
    }

    /** Closes the idle ones. */
    void close() {
        for (Http1Connection connection : idle) {
            connection.close();
        }
        for (Http2Connection connection : new ArrayList<>(shared)) {
            if (connection.isIdle()) {
                connection.retire();
            }
        }
    }

    int open() {
        return open;
    }

    /** Those that carry no call. */
    int idle() {
        int count = idle.size();
        for (Http2Connection connection : shared) {
            count += connection.isIdle() ? 1 : 0;
        }
        return count;
    }

    int waiting() {
        return waiting.size();
    }

    private @Nullable Http1Connection takeIdle() {
        Http1Connection connection = idle.poll();
        while (connection != null && !connection.isOpen()) {
            connection = idle.poll();
        }
        return connection;
    }

    /** The first one with room: those behind it fall idle and end when there are fewer calls. */
    private @Nullable Http2Connection roomy() {
        for (int i = 0; i < shared.size(); i++) {
            if (shared.get(i).hasRoom()) {
                return shared.get(i);
            }
        }
        return null;
    }

    private @Nullable ConnectionTaker nextWaiting() {
        ConnectionTaker next = waiting.poll();
        while (next != null && next.isOver()) {
            next = waiting.poll();
        }
        return next;
    }

    private void serve(Http2Connection connection) {
        while (connection.hasRoom()) {
            ConnectionTaker next = nextWaiting();
            if (next == null) {
                return;
            }
            next.onConnection(connection.reserve());
        }
    }

    /** Opens as many connections as the calls that wait will need. */
    private void connectForWaiting() {
        ConnectionTaker first = waiting.peek();
        while (first != null && open < CONNECTIONS_MAX && (long) opening * callsExpected < waiting.size()) {
            connect(null, first.connectTimeoutMillis());
            first = waiting.peek();
        }
    }

    private void connect(@Nullable ConnectionTaker call, int timeoutMillis) {
        open++;
        opening++;
        pool.counters().upstreamConnect();
        new ConnectionOpening(this, pool.security(), call).start(pool.bootstrap(), timeoutMillis);
    }

    /** A connection of HTTP/1.1 is there. */
    void onOpened(Http1Connection connection, @Nullable ConnectionTaker call) {
        opening--;
        if (call != null) {
            call.onConnection(connection);
        } else {
            // It was not known before that it would be this kind.
            callsExpected = 1;
            release(connection);
            connectForWaiting();
        }
    }

    /** A connection of HTTP/2 is there. */
    void onOpened(Http2Connection connection) {
        opening--;
        shared.add(connection);
        onRoom(connection);
    }

    /** A connection could not be made. */
    void onFailed(Throwable cause, @Nullable ConnectionTaker call) {
        open--;
        opening--;
        pool.counters().upstreamConnectFailure();
        if (call != null) {
            call.onConnectFailure(cause);
            ConnectionTaker next = nextWaiting();
            if (next != null) {
                connect(next, next.connectTimeoutMillis());
            }
        } else if (open == 0) {
            // Nothing is left that could serve those that wait; others that come meanwhile may be luckier.
            for (int i = waiting.size(); i > 0; i--) {
                ConnectionTaker next = nextWaiting();
                if (next != null) {
                    next.onConnectFailure(cause);
                }
            }
        }
    }
}
