package io.tollgate.node.answer;

import io.tollgate.engine.upstream.Upstream;
import io.tollgate.node.exchange.Ending;
import io.tollgate.node.exchange.Exchange;
import io.tollgate.node.exchange.Outcome;

/**
 * Lets the service answer. Immutable.
 *
 * @param upstream the service
 */
public record Forward(Upstream upstream) implements Answerer {
    @Override
    public void answer(Exchange exchange, Ending ending) {
        if (upstream.enabled()) {
            exchange.scratch().relay().forward(exchange, upstream, ending);
        } else {
            ending.ended(exchange, Outcome.SERVICE_DISABLED);
        }
    }
}
