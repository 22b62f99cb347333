package io.tollgate.node.filter;

import io.tollgate.engine.policy.HttpsRedirectPolicy;
import io.tollgate.node.exchange.Exchange;
import io.tollgate.node.exchange.Outcome;

/**
 * Sends calls in the clear to the same place over https, before a key is looked at. Immutable.
 *
 * @param policy how
 */
public record RequireHttps(HttpsRedirectPolicy policy) implements Filter {
    @Override
    public Outcome admit(Exchange exchange) {
        if (exchange.isSecure()) {
            return Outcome.OK;
        }
        String host = exchange.client().host();
        if (host.isEmpty()) {
            // A client of HTTP/1.0 that names no host cannot be told another scheme of it.
            return Outcome.UNFIT_VALUE;
        }
        StringBuilder location = new StringBuilder(64).append("https://").append(host);
        if (policy.port() != HttpsRedirectPolicy.PORT_DEFAULT) {
            location.append(':').append(policy.port());
        }
        location.append(exchange.path());
        if (exchange.hasQuery()) {
            location.append('?').append(exchange.query());
        }
        exchange.sendElsewhere(policy.status(), location.toString());
        return Outcome.HTTPS_REQUIRED;
    }
}
