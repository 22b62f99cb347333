package io.tollgate.node.proxy;

import io.tollgate.engine.upstream.LimitRules;
import io.tollgate.engine.upstream.Upstream;
import java.util.ArrayDeque;

/**
 * The calls of one event loop that wait for a place at a service, in order. Event-loop confined.
 *
 * <p>Places are the node's, the order is the loop's: a place that another loop gives back is seen by the next look, at most
 * {@link Forwarder#SWEEP_MILLIS} later.
 */
final class WaitingCalls {
    private final ArrayDeque<ForwardedCall> calls = new ArrayDeque<>();

    boolean isEmpty() {
        return calls.isEmpty();
    }

    /** False when as many wait as may. */
    boolean add(ForwardedCall call, LimitRules limit) {
        if (calls.size() >= limit.queueMax()) {
            return false;
        }
        calls.add(call);
        return true;
    }

    /** Lets in whom there is a place for, and turns away who has waited too long. */
    void look(long nowNanos) {
        while (!calls.isEmpty()) {
            ForwardedCall first = calls.element();
            Upstream upstream = first.upstream();
            LimitRules limit = upstream.rules().limit();
            if (first.isOver()) {
                calls.remove();
            } else if (limit == null || upstream.state().tryEnter(limit.callsMax())) {
                calls.remove();
                first.enter();
            } else if (nowNanos - first.startNanos() > limit.queueTimeoutMillis() * 1_000_000L) {
                calls.remove();
                first.shed(limit);
            } else {
                return;
            }
        }
    }
}
