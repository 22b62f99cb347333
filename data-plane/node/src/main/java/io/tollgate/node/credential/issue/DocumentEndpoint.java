package io.tollgate.node.credential.issue;

import io.tollgate.node.exchange.Ending;
import io.tollgate.node.exchange.Exchange;
import io.tollgate.node.exchange.GatewayAnswer;
import io.tollgate.node.exchange.Outcome;
import io.tollgate.node.exchange.OwnEndpoint;
import io.vertx.core.http.HttpMethod;
import java.util.List;

/**
 * A document that everybody may read. Immutable.
 *
 * @param type its media type
 * @param json ASCII
 */
record DocumentEndpoint(String type, String json) implements OwnEndpoint {
    /** Less than the time that a new key is known ahead of its use. */
    private static final String KEPT = "public, max-age=300";

    @Override
    public void answer(Exchange exchange, Ending ending) {
        HttpMethod method = exchange.request().method();
        if (!HttpMethod.GET.equals(method) && !HttpMethod.HEAD.equals(method)) {
            exchange.allowedMethods("GET, HEAD");
            ending.ended(exchange, Outcome.METHOD_NOT_ALLOWED);
            return;
        }
        exchange.answerHere(new GatewayAnswer(
                200,
                List.of(
                        new GatewayAnswer.Field("Content-Type", type),
                        new GatewayAnswer.Field("Cache-Control", KEPT),
                        // Public in every sense: pages of any origin may read it.
                        new GatewayAnswer.Field("Access-Control-Allow-Origin", "*")),
                json));
        ending.ended(exchange, Outcome.OK);
    }
}
