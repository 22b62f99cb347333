package io.tollgate.node.answer;

import io.tollgate.node.exchange.ClientWatcher;
import io.tollgate.node.exchange.Ending;
import io.tollgate.node.exchange.Exchange;
import io.tollgate.node.exchange.Introducer;
import io.tollgate.node.exchange.Outcome;

/**
 * Has a token at hand that tells the upstream who calls, before it is called. Immutable.
 *
 * @param introducer finds it
 * @param next answers then
 */
public record Introduced(Introducer introducer, Answerer next) implements Answerer {
    @Override
    public void answer(Exchange exchange, Ending ending) {
        Outcome known = introducer.introduce(exchange, made -> {
            if (exchange.isOver()) {
                return;
            }
            if (made == Outcome.OK) {
                ending.goOn(exchange, () -> next.answer(exchange, ending));
            } else {
                ending.ended(exchange, made);
            }
        });
        if (known == Outcome.OK) {
            next.answer(exchange, ending);
        } else if (known != null) {
            ending.ended(exchange, known);
        } else {
            if (exchange.body().isPresent()) {
                exchange.request().pause();
            }
            exchange.relayedBy(new Waiting(exchange, ending));
        }
    }

    /** A call that waits: hears when its client does not any more. Event-loop confined. */
    private record Waiting(Exchange exchange, Ending ending) implements ClientWatcher {
        @Override
        public void onClientGone() {
            ending.ended(exchange, Outcome.CLIENT_GONE);
        }
    }
}
