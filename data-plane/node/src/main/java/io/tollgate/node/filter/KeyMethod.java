package io.tollgate.node.filter;

import io.tollgate.engine.compile.CompiledConfiguration;
import io.tollgate.engine.consumer.ApiKey;
import io.tollgate.engine.consumer.Credential;
import io.tollgate.engine.consumer.ForeignSecret;
import io.tollgate.engine.consumer.KeyHasher;
import io.tollgate.engine.consumer.Terms;
import io.tollgate.engine.policy.KeyAuthPolicy;
import io.tollgate.node.exchange.CredentialFinder;
import io.tollgate.node.exchange.Exchange;
import io.tollgate.node.exchange.LoopScratch;
import io.tollgate.node.exchange.Outcome;
import io.vertx.core.MultiMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * By an API key. Immutable.
 *
 * @param policy where a key may be
 */
public record KeyMethod(KeyAuthPolicy policy) implements CredentialMethod, CredentialFinder {
    private static final String BEARER = "Bearer ";
    private static final byte[] ANYWHERE = {};

    @Override
    public @Nullable Outcome judge(Exchange exchange) {
        String key = keyOf(exchange);
        if (key == null) {
            return null;
        }
        if (!ApiKey.isWellFormed(key) && !(policy.foreignKeys() && ForeignSecret.isPossible(key))) {
            return Outcome.KEY_MALFORMED;
        }
        Credential credential = find(key, exchange.configuration(), exchange.scratch());
        if (credential == null) {
            return Outcome.KEY_UNKNOWN;
        }
        exchange.proven(this, key, credential);
        if (credential.revoked()) {
            return Outcome.KEY_REVOKED;
        }
        if (credential.isExpired(exchange.scratch().clock().epochMillis())) {
            return Outcome.KEY_EXPIRED;
        }
        Terms terms = credential.terms();
        if (!terms.takesFrom(terms.networks().isEmpty() ? ANYWHERE : exchange.clientAddressBytes())) {
            return Outcome.KEY_NETWORK;
        }
        if (!policy.environments().contains(terms.environment())) {
            return Outcome.KEY_ENVIRONMENT;
        }
        return credential.consumer().enabled() ? Outcome.OK : Outcome.CONSUMER_DISABLED;
    }

    @Override
    public @Nullable Credential find(String presented, CompiledConfiguration configuration, LoopScratch scratch) {
        KeyHasher hasher = scratch.hasher(configuration.keyDigestSecret());
        return configuration
                .credentials()
                .find(ApiKey.isWellFormed(presented) ? hasher.digest(presented) : hasher.foreignDigest(presented));
    }

    @Override
    public String challenge() {
        return "ApiKey realm=\"tollgate\"";
    }

    private @Nullable String keyOf(Exchange exchange) {
        MultiMap headers = exchange.request().headers();
        List<String> names = policy.headerNames();
        for (int i = 0; i < names.size(); i++) {
            String value = headers.get(names.get(i));
            if (value != null && !value.isEmpty()) {
                // The name of a scheme has no case (RFC 9110, 11.1).
                return value.regionMatches(true, 0, BEARER, 0, BEARER.length()) && "authorization".equals(names.get(i))
                        ? value.substring(BEARER.length())
                        : value;
            }
        }
        return exchange.query().isEmpty() ? null : keyOfQuery(exchange.query());
    }

    private @Nullable String keyOfQuery(String query) {
        List<String> names = policy.queryParameters();
        for (int i = 0; i < names.size(); i++) {
            String value = QueryText.valueOf(query, names.get(i));
            if (value != null && !value.isEmpty()) {
                return value;
            }
        }
        return null;
    }
}
