package io.tollgate.node.listener;

import io.tollgate.node.exchange.ClientWatcher;
import io.tollgate.node.exchange.Ending;
import io.tollgate.node.exchange.Exchange;
import io.tollgate.node.exchange.Outcome;
import io.tollgate.node.exchange.Unresolved;

/**
 * A call that waits before it can be decided on: its body is not read, and its client and its deadline are heard. Event-loop confined.
 */
final class Wait implements ClientWatcher {
    private static final long NO_TIMER = -1;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final Exchange exchange;
    private final Ending ending;
    private final Unresolved unresolved;
    private long deadlineTimer = NO_TIMER;
    private boolean over;

    Wait(Exchange exchange, Ending ending, Unresolved unresolved) {
        this.exchange = exchange;
        this.ending = ending;
        this.unresolved = unresolved;
    }

    /** Waits; {@code goOn} runs when it is over, unless nobody waits for the answer any more. */
    void start(Runnable goOn) {
        if (exchange.body().isPresent()) {
            exchange.request().pause();
        }
        exchange.relayedBy(this);
        long deadlineNanos = exchange.deadlineNanos();
        if (deadlineNanos > 0) {
            long leftNanos = deadlineNanos - (exchange.scratch().clock().nanos() - exchange.startNanos());
            deadlineTimer = exchange.scratch()
                    .timer()
                    .after(Math.max(1, leftNanos / NANOS_PER_MILLI), () -> end(Outcome.DEADLINE_EXCEEDED));
        }
        unresolved.begin(() -> {
            if (claim()) {
                goOn.run();
            }
        });
    }

    @Override
    public void onClientGone() {
        end(Outcome.CLIENT_GONE);
    }

    private void end(Outcome outcome) {
        if (claim()) {
            unresolved.abandon();
            ending.ended(exchange, outcome);
        }
    }

    private boolean claim() {
        boolean first = !over;
        over = true;
        if (first && deadlineTimer != NO_TIMER) {
            exchange.scratch().timer().cancel(deadlineTimer);
        }
        return first && !exchange.isOver();
    }
}
