package io.tollgate.node.proxy;

import io.netty.util.concurrent.ScheduledFuture;
import io.tollgate.engine.upstream.TargetState;
import org.jspecify.annotations.Nullable;

/**
 * Asks further targets when those that were asked are silent, one after each while. Made only for calls that may be hedged. Event-loop
 * confined.
 */
final class Hedging {
    private final ForwardedCall call;
    private @Nullable ScheduledFuture<?> timer;

    Hedging(ForwardedCall call) {
        this.call = call;
    }

    /** Waits for the silence after which the next one is asked, if there is to be one. */
    void await() {
        int delayMillis = call.tries().hedgeDelayMillis();
        if (delayMillis > 0 && !call.isOver() && !call.isAnswered()) {
            timer = call.forwarder().later(delayMillis, this::ask);
        }
    }

    /** Whether another one may still be asked. */
    boolean isAwaited() {
        return timer != null;
    }

    void cancel() {
        ScheduledFuture<?> waiting = timer;
        timer = null;
        if (waiting != null) {
            waiting.cancel(false);
        }
    }

    private void ask() {
        timer = null;
        if (call.isOver() || call.isAnswered()) {
            return;
        }
        long nowMillis = call.forwarder().clock().epochMillis();
        // The budget first: a choice takes a target's turn, which is then missing for the calls that do come.
        if (call.tries().withdrawHedge(nowMillis)) {
            TargetState other = call.upstream().pick(call, nowMillis);
            if (other == null || call.isTried(other)) {
                call.tries().giveBackHedge(nowMillis);
            } else {
                call.hedge(other);
            }
        }
        await();
    }
}
