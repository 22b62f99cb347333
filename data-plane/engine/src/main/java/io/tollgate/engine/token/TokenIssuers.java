package io.tollgate.engine.token;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The enabled issuers. Immutable.
 *
 * @param byId each by its id
 * @param byIssuer each by what its tokens say of it
 */
public record TokenIssuers(Map<String, TokenIssuer> byId, Map<String, TokenIssuer> byIssuer) {
    public static final TokenIssuers NONE = new TokenIssuers(Map.of(), Map.of());

    /** Copies the maps. */
    public TokenIssuers {
        byId = Map.copyOf(byId);
        byIssuer = Map.copyOf(byIssuer);
    }

    /** No two of them have the same claim. */
    public static TokenIssuers of(Collection<TokenIssuer> issuers) {
        Map<String, TokenIssuer> byId = new HashMap<>();
        Map<String, TokenIssuer> byIssuer = new HashMap<>();
        for (TokenIssuer issuer : issuers) {
            byId.put(issuer.id(), issuer);
            byIssuer.put(issuer.issuer(), issuer);
        }
        return new TokenIssuers(byId, byIssuer);
    }

    /** The issuer with this id; null when there is none, or it is disabled. */
    public @Nullable TokenIssuer find(String id) {
        return byId.get(id);
    }

    /** The issuer whose tokens claim this of it; null when there is none, or it is disabled. */
    public @Nullable TokenIssuer claiming(String issuer) {
        return byIssuer.get(issuer);
    }
}
