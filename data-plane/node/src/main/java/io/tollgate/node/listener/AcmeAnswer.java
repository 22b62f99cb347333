package io.tollgate.node.listener;

import io.tollgate.node.exchange.Exchange;
import io.tollgate.node.exchange.GatewayAnswer;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an ACME server gets that asks for a token (RFC 8555, 8.3): before any route, so that no policy stands in its way. A token
 * that nobody knows is the routes' affair. Functions without state.
 */
final class AcmeAnswer {
    private static final String PLACE = "/.well-known/acme-challenge/";
    private static final List<GatewayAnswer.Field> FIELDS = List.of(
            new GatewayAnswer.Field("Content-Type", "application/octet-stream"),
            new GatewayAnswer.Field("Cache-Control", "no-store"));

    private AcmeAnswer() {}

    /**
     * @param answers key authorizations by token
     * @return null: the request asks for something else
     */
    static @Nullable GatewayAnswer to(Exchange exchange, Map<String, String> answers) {
        String path = exchange.path();
        HttpMethod method = exchange.request().method();
        if (!path.startsWith(PLACE) || !(HttpMethod.GET.equals(method) || HttpMethod.HEAD.equals(method))) {
            return null;
        }
        String authorization = answers.get(path.substring(PLACE.length()));
        return authorization == null ? null : new GatewayAnswer(200, FIELDS, authorization);
    }
}
