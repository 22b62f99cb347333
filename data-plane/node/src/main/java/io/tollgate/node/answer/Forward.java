package io.tollgate.node.answer;

import io.tollgate.engine.upstream.CallRules;
import io.tollgate.engine.upstream.Upstream;
import io.tollgate.node.exchange.Ending;
import io.tollgate.node.exchange.Exchange;
import io.tollgate.node.exchange.Outcome;

/**
 * Lets the service answer. Immutable.
 *
 * @param upstream the service
 * @param rules how the calls of the route go
 */
public record Forward(Upstream upstream, CallRules rules) implements Answerer {
    @Override
    public void answer(Exchange exchange, Ending ending) {
        if (upstream.enabled()) {
            exchange.scratch().relay().forward(exchange, upstream, rules, ending);
        } else {
            ending.ended(exchange, Outcome.SERVICE_DISABLED);
        }
    }
}
