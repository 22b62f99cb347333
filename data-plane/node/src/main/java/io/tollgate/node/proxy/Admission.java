package io.tollgate.node.proxy;

import io.tollgate.engine.upstream.CallResult;
import io.tollgate.engine.upstream.CircuitBreaker.Permit;
import io.tollgate.engine.upstream.CircuitRules;
import io.tollgate.engine.upstream.LimitRules;
import io.tollgate.engine.upstream.Places;
import io.tollgate.engine.upstream.Upstream;

/**
 * What lets one call into a service: its circuit, then a place within its concurrency limit. Event-loop confined.
 *
 * <p>One {@link #leave} ends it, also when it was refused or still waits.
 */
final class Admission {
    private final Upstream upstream;
    private Permit permit = Permit.REFUSED;
    // Of a call that waits; 0: it does not.
    private long ticket;
    private boolean entered;
    private boolean told;
    private boolean left;

    Admission(Upstream upstream) {
        this.upstream = upstream;
    }

    /** Asks the circuit, the first thing to do. */
    boolean passCircuit(long nowMillis) {
        CircuitRules circuit = upstream.rules().circuit();
        permit = circuit == null ? Permit.PERMITTED : upstream.state().circuit().tryAcquire(circuit, nowMillis);
        return permit != Permit.REFUSED;
    }

    /** Takes a place if one is free. */
    boolean tryEnter() {
        LimitRules limit = upstream.rules().limit();
        if (limit == null) {
            return true;
        }
        entered = upstream.state().places().tryEnter(limit);
        return entered;
    }

    /**
     * Waits for a place.
     *
     * @param waiter must hear of it on this loop and later, since the ticket is not known before this returns
     * @return false: the queue is full of calls that matter as much
     */
    boolean await(Places.Waiter waiter, int priority) {
        LimitRules limit = upstream.rules().limit();
        if (limit != null) {
            ticket = upstream.state().places().await(waiter, priority, limit);
        }
        return ticket != 0;
    }

    /** Here is the place that it waited for; false when the call has left meanwhile, and the place is given on. */
    boolean takePlace() {
        if (left) {
            upstream.state().places().leave();
            return false;
        }
        ticket = 0;
        entered = true;
        return true;
    }

    /** It gave way to another call. */
    void giveWay() {
        ticket = 0;
    }

    /** Whether it has waited too long, and waits no more. */
    boolean giveUp(long waitedMillis) {
        LimitRules limit = upstream.rules().limit();
        if (ticket == 0
                || limit == null
                || waitedMillis <= limit.queueTimeoutMillis()
                || !upstream.state().places().withdraw(ticket)) {
            return false;
        }
        ticket = 0;
        return true;
    }

    /** When one that was refused may come again, in seconds from 1. */
    long retryAfterSeconds(long nowMillis) {
        LimitRules limit = upstream.rules().limit();
        return permit == Permit.REFUSED || limit == null
                ? Math.max(1, (upstream.state().circuit().openForMillis(nowMillis) + 999) / 1000)
                : limit.retryAfterSeconds();
    }

    /** Tells an adaptive limit how a call with a place went; {@code latencyNanos} below 0 says nothing of the service's speed. */
    void learn(long latencyNanos, boolean dropped, long nowNanos) {
        LimitRules limit = upstream.rules().limit();
        if (entered && limit != null && limit.adaptive()) {
            upstream.state().places().limiter().learn(limit, latencyNanos, dropped, nowNanos);
        }
    }

    /** Tells the circuit how it went, the first time; a stream does so at its begin, since a circuit does not wait for hours. */
    void told(CallResult result, long nowMillis) {
        CircuitRules circuit = upstream.rules().circuit();
        if (circuit != null && permit != Permit.REFUSED && !told) {
            upstream.state().circuit().onEnd(circuit, permit, result, nowMillis);
        }
        told = true;
    }

    /** Tells the circuit how it went, and gives the place back. */
    void leave(CallResult result, long nowMillis) {
        left = true;
        told(result, nowMillis);
        if (ticket != 0) {
            // If it is not there any more, the place that it is about to get is given back then.
            upstream.state().places().withdraw(ticket);
        }
        if (entered) {
            upstream.state().places().leave();
        }
    }
}
