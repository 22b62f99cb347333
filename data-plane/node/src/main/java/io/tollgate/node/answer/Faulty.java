package io.tollgate.node.answer;

import io.tollgate.engine.policy.FaultInjectionPolicy;
import io.tollgate.node.exchange.ClientWatcher;
import io.tollgate.node.exchange.Draws;
import io.tollgate.node.exchange.Ending;
import io.tollgate.node.exchange.Exchange;
import io.tollgate.node.exchange.Outcome;

/**
 * Lets a share of the calls wait, and ends another share of them; the others are answered as ever. Immutable.
 *
 * @param policy which shares
 * @param next answers what is not ended
 */
public record Faulty(FaultInjectionPolicy policy, Answerer next) implements Answerer {
    @Override
    public void answer(Exchange exchange, Ending ending) {
        Draws draws = exchange.scratch().draws();
        boolean delayed = draws.below(FaultInjectionPolicy.WHOLE) < policy.delayBasisPoints();
        boolean aborted = draws.below(FaultInjectionPolicy.WHOLE) < policy.abortBasisPoints();
        if (!delayed) {
            goOn(exchange, ending, aborted);
            return;
        }
        if (exchange.body().isPresent()) {
            exchange.request().pause();
        }
        Waiting waiting = new Waiting(exchange, ending);
        exchange.relayedBy(waiting);
        waiting.timer = exchange.scratch().timer().after(policy.delayMillis(), () -> {
            if (!exchange.isOver()) {
                ending.goOn(exchange, () -> goOn(exchange, ending, aborted));
            }
        });
    }

    private void goOn(Exchange exchange, Ending ending, boolean aborted) {
        if (aborted) {
            exchange.fault(policy.abortStatus());
            ending.ended(exchange, Outcome.FAULT_INJECTED);
        } else {
            next.answer(exchange, ending);
        }
    }

    /** A call that waits: hears when its client does not any more. */
    private static final class Waiting implements ClientWatcher {
        private final Exchange exchange;
        private final Ending ending;
        private long timer;

        Waiting(Exchange exchange, Ending ending) {
            this.exchange = exchange;
            this.ending = ending;
        }

        @Override
        public void onClientGone() {
            exchange.scratch().timer().cancel(timer);
            ending.ended(exchange, Outcome.CLIENT_GONE);
        }
    }
}
