package io.tollgate.node.proxy;

import io.netty.channel.EventLoop;
import io.tollgate.engine.upstream.Upstream;
import io.tollgate.node.exchange.Clock;
import io.tollgate.node.exchange.Ending;
import io.tollgate.node.exchange.Exchange;
import io.tollgate.node.exchange.Relay;
import io.tollgate.node.telemetry.LoopCounters;
import io.vertx.core.internal.VertxInternal;
import org.jspecify.annotations.Nullable;

/**
 * Forwards the calls of one event loop. Event-loop confined.
 *
 * <p>The calls under way form a list that a coarse timer walks, so that a call costs no timer of its own: a time-out is
 * noticed at most one {@link #SWEEP_MILLIS} late.
 */
public final class Forwarder implements Relay {
    /** How often deadlines are looked at. */
    public static final long SWEEP_MILLIS = 20;

    private final Clock clock;
    private final LoopCounters counters;
    private final ClientPool pool;
    private final RequestHead requestHead = new RequestHead(new HeadWriter());
    private @Nullable ForwardedCall first;

    /** A forwarder whose connections live on {@code loop}, the loop that calls it. */
    public Forwarder(VertxInternal vertx, EventLoop loop, Clock clock, LoopCounters counters) {
        this.clock = clock;
        this.counters = counters;
        this.pool = new ClientPool(vertx, loop, counters);
    }

    @Override
    public void forward(Exchange exchange, Upstream upstream, Ending ending) {
        ForwardedCall call = new ForwardedCall(this, exchange, upstream, ending);
        exchange.relayedBy(call);
        add(call);
        call.start();
    }

    /** Ends the calls whose time is over, and idle connections. */
    public void sweep() {
        long nowNanos = clock.nanos();
        ForwardedCall call = first;
        while (call != null) {
            ForwardedCall next = call.next;
            call.checkDeadlines(nowNanos);
            call = next;
        }
        pool.sweep(nowNanos);
    }

    /** Closes the idle connections; calls under way keep theirs. */
    public void close() {
        pool.close();
    }

    Clock clock() {
        return clock;
    }

    LoopCounters counters() {
        return counters;
    }

    ClientPool pool() {
        return pool;
    }

    RequestHead requestHead() {
        return requestHead;
    }

    private void add(ForwardedCall call) {
        call.next = first;
        if (first != null) {
            first.previous = call;
        }
        first = call;
    }

    void remove(ForwardedCall call) {
        if (call.previous != null) {
            call.previous.next = call.next;
        } else {
            first = call.next;
        }
        if (call.next != null) {
            call.next.previous = call.previous;
        }
        call.previous = null;
    }
}
