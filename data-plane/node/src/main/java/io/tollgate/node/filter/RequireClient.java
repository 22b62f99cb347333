package io.tollgate.node.filter;

import io.tollgate.engine.policy.ClientFilterPolicy;
import io.tollgate.node.exchange.Exchange;
import io.tollgate.node.exchange.Outcome;
import java.util.List;

/**
 * Refuses methods and clients that nobody may come with, before a key is looked at. Immutable.
 *
 * @param policy which
 * @param allowedMethods those of the route that pass, as the Allow field has them
 */
public record RequireClient(ClientFilterPolicy policy, String allowedMethods) implements Filter {
    private static final String USER_AGENT = "user-agent";

    @Override
    public Outcome admit(Exchange exchange) {
        if (!policy.takesMethod(exchange.method())) {
            exchange.allowedMethods(allowedMethods);
            return Outcome.METHOD_NOT_ALLOWED;
        }
        return !policy.asksUserAgent() || policy.takesUserAgent(userAgent(exchange))
                ? Outcome.OK
                : Outcome.CLIENT_REFUSED;
    }

    private static String userAgent(Exchange exchange) {
        List<String> values = exchange.request().headers().getAll(USER_AGENT);
        return switch (values.size()) {
            case 0 -> "";
            case 1 -> values.get(0);
            default -> String.join(", ", values);
        };
    }
}
