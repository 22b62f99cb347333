package io.tollgate.node.proxy;

import io.tollgate.engine.upstream.LimitRules;
import java.util.ArrayDeque;

/**
 * The calls of one event loop that wait for a place at a service, in order. Event-loop confined.
 *
 * <p>Places are the node's, the order is the loop's: a place that another loop gives back is seen by the next look, at most
 * {@link Forwarder#SWEEP_MILLIS} later.
 */
final class WaitingCalls {
    /** A call as the queue sees it. Event-loop confined. */
    interface Waiter {
        /** Whether it ended while it waited. */
        boolean isOver();

        /** Whether it has waited for too long. */
        boolean isLate(long nowNanos);

        /** Takes a place at its service; false when there is none. */
        boolean tryEnter();

        /** It has a place and goes on. It may end at once, give the place back, and so bring the next look. */
        void enter();

        /** It is turned away. */
        void shed();
    }

    private final ArrayDeque<Waiter> calls = new ArrayDeque<>();
    private boolean looking;

    boolean isEmpty() {
        return calls.isEmpty();
    }

    /** False when as many wait as may. */
    boolean add(Waiter call, LimitRules limit) {
        if (calls.size() >= limit.queueMax()) {
            return false;
        }
        calls.add(call);
        return true;
    }

    /**
     * Lets in whom there is a place for, and turns away who has waited too long. A look within a look does nothing: the outer
     * one sees the place that was given back, and a long queue of calls that end at once needs no deep stack.
     */
    void look(long nowNanos) {
        if (looking) {
            return;
        }
        looking = true;
        try {
            while (!calls.isEmpty() && isDealtWith(calls.element(), nowNanos)) {
                // The next one is first now.
            }
        } finally {
            looking = false;
        }
    }

    private boolean isDealtWith(Waiter first, long nowNanos) {
        if (first.isOver()) {
            calls.remove();
        } else if (first.tryEnter()) {
            calls.remove();
            first.enter();
        } else if (first.isLate(nowNanos)) {
            calls.remove();
            first.shed();
        } else {
            return false;
        }
        return true;
    }
}
