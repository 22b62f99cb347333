package io.tollgate.node.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.tollgate.engine.upstream.CallResult;
import io.tollgate.engine.upstream.TargetState;
import io.tollgate.node.exchange.AttemptTrace;
import io.vertx.core.MultiMap;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One exchange of a call with one target: a connection, and what comes over it until the attempt ends. Event-loop confined.
 *
 * <p>A call may have several, one after the other or, when it is hedged, at once. What belongs to an attempt that has ended is
 * dropped here, so that the call only ever hears of those that are under way.
 */
final class Attempt implements UpstreamListener {
    private final ForwardedCall call;
    private final TargetState target;
    private final long startNanos;
    private final int mark;
    private @Nullable UpstreamConnection connection;
    private boolean renewed;
    private boolean ended;
    private boolean hedge;
    private long sentNanos;
    private @Nullable AttemptTrace trace;
    // Of those that nobody knows yet to be of the winner.
    private @Nullable List<MultiMap> heldHints;

    /** The next of those that are under way at once. */
    @Nullable
    Attempt sibling;

    /** @param mark its number for the upstream; 0: it is not told */
    Attempt(ForwardedCall call, TargetState target, long startNanos, int mark) {
        this.call = call;
        this.target = target;
        this.startNanos = startNanos;
        this.mark = mark;
    }

    /** Gets a connection now or later; false when too many calls wait for one. */
    boolean start() {
        target.onCallStart();
        return connections().acquire(this);
    }

    private TargetConnections connections() {
        return call.forwarder().pool().of(target, call.upstream().transport());
    }

    TargetState target() {
        return target;
    }

    long startNanos() {
        return startNanos;
    }

    int mark() {
        return mark;
    }

    /** It is told of in the request's trace. */
    void traced(AttemptTrace begun) {
        trace = begun;
    }

    @Nullable
    AttemptTrace trace() {
        return trace;
    }

    /** Keeps early hints until it is known to be the one that answers; as many as one answer may have (UpstreamDecoder). */
    void holdHints(MultiMap fields) {
        List<MultiMap> held = heldHints;
        if (held == null) {
            held = new ArrayList<>();
            heldHints = held;
        }
        held.add(fields);
    }

    /** What was kept, in its order, and is not any more; null: nothing. */
    @Nullable
    List<MultiMap> takeHints() {
        List<MultiMap> held = heldHints;
        heldHints = null;
        return held;
    }

    /** It is sent since those before it are silent. */
    void becomeHedge() {
        hedge = true;
    }

    boolean isHedge() {
        return hedge;
    }

    /** When its head was sent; only once it is connected. */
    long sentNanos() {
        return sentNanos;
    }

    @Override
    public int connectTimeoutMillis() {
        return (int) call.rules().connectTimeoutMillis();
    }

    @Override
    public boolean isOver() {
        return ended;
    }

    boolean isConnected() {
        return connection != null;
    }

    /** How often a connection may be waited for: a second time when the first one turned out to be closed. */
    int connects() {
        return renewed ? 2 : 1;
    }

    @Override
    public void onConnection(UpstreamConnection given) {
        if (ended) {
            given.release(call.forwarder().clock().nanos());
            return;
        }
        connection = given;
        sentNanos = call.forwarder().clock().nanos();
        call.onConnection(this, given);
    }

    @Override
    public void onConnectFailure(Throwable cause) {
        if (!ended) {
            call.onConnectFailure(this, cause);
        }
    }

    @Override
    public void onHead(HttpResponse head) {
        if (ended) {
            return;
        }
        if (trace != null && (head.status().code() >= 200 || head.status().code() == 101)) {
            trace.answered(head.status().code());
        }
        call.onHead(this, head);
    }

    @Override
    public void onContent(ByteBuf content) {
        if (ended) {
            content.release();
        } else {
            call.onContent(this, content);
        }
    }

    @Override
    public void onLast(LastHttpContent last) {
        if (ended) {
            last.release();
        } else {
            call.onLast(this, last);
        }
    }

    @Override
    public void onReadComplete() {
        if (!ended) {
            call.onReadComplete();
        }
    }

    @Override
    public void onBadAnswer() {
        if (!ended) {
            call.onBadAnswer(this);
        }
    }

    @Override
    public void onUpstreamWritable() {
        if (!ended) {
            call.onUpstreamWritable();
        }
    }

    /** The connection closed or broke under this attempt. */
    @Override
    public void onUpstreamClosed(UpstreamConnection closed) {
        if (ended) {
            return;
        }
        connection = null;
        boolean unprocessed = closed.isUnprocessed();
        // The upstream may have closed a pooled connection before it saw the request (RFC 9112, 9.3.1).
        boolean stale = closed.isReused() && !closed.sawByte() && call.mayRenew();
        if (!renewed && (stale || (unprocessed && call.renewUnprocessed()))) {
            renewed = true;
            call.forwarder().counters().upstreamRenewal();
            if (connections().acquireFresh(this)) {
                return;
            }
        }
        call.onUpstreamClosed(this, unprocessed);
    }

    void pause() {
        UpstreamConnection from = connection;
        if (from != null) {
            from.pause();
        }
    }

    void resume() {
        UpstreamConnection from = connection;
        if (from != null) {
            from.resume();
        }
    }

    /** Gives its connection up to a stream; the attempt goes on as long as that does. */
    @Nullable
    UpstreamConnection surrender() {
        UpstreamConnection given = connection;
        connection = null;
        return given;
    }

    /** Ends it well: the connection may serve another call when both messages were whole. */
    void release(boolean reusable) {
        UpstreamConnection used = connection;
        connection = null;
        if (used == null) {
            return;
        }
        if (reusable) {
            used.release(call.forwarder().clock().nanos());
        } else {
            used.close();
        }
    }

    /** Ends it, closing the connection if it still has one, and tells the target's health how it went. */
    void end(CallResult result) {
        if (ended) {
            return;
        }
        ended = true;
        UpstreamConnection used = connection;
        if (used != null && result == CallResult.TIMEOUT) {
            used.suspect();
        }
        release(false);
        target.onCallEnd();
        if (trace != null) {
            trace.ended(result);
        }
        call.upstream().onAttemptEnd(target, result, call.forwarder().clock().epochMillis());
    }
}
