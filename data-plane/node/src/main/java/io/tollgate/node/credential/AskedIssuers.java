package io.tollgate.node.credential;

import io.tollgate.engine.token.TokenIssuer;
import io.tollgate.engine.token.TokenIssuers;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The issuers that are asked about their tokens, adopted from one configuration to the next as long as they are asked in the same way. Shared;
 * lock-free, but for {@link #follow}, which one thread at a time may call.
 */
final class AskedIssuers {
    private final Function<TokenIssuer, AskedIssuer> make;
    private volatile Map<String, AskedIssuer> byId = Map.of();

    AskedIssuers(Function<TokenIssuer, AskedIssuer> make) {
        this.make = make;
    }

    /** These are asked from now on, and no others. */
    void follow(TokenIssuers issuers) {
        Map<String, AskedIssuer> before = byId;
        Map<String, AskedIssuer> now = new HashMap<>();
        for (TokenIssuer issuer : issuers.byId().values()) {
            if (issuer.keys() instanceof TokenIssuer.Keys.Asked asked) {
                AskedIssuer known = before.get(issuer.id());
                now.put(issuer.id(), known != null && known.asked().equals(asked) ? known : make.apply(issuer));
            }
        }
        byId = Map.copyOf(now);
        before.forEach((id, issuer) -> {
            if (!issuer.equals(now.get(id))) {
                issuer.stop();
            }
        });
    }

    /** Nobody is asked any more. */
    void stop() {
        byId.values().forEach(AskedIssuer::stop);
    }

    /** Null: it is not there any more, or is not asked. */
    @Nullable
    AskedIssuer find(String issuerId) {
        return byId.get(issuerId);
    }
}
