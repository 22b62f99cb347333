package io.tollgate.controlplane.catalog.tokenissuer;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a caller wants an issuer of tokens to be; its shape has been judged against the contract. Its text never holds the secret. Immutable.
 *
 * @param issuer value of the claim iss
 * @param hmacSecret absent: the one that is there stays, unless other keys are given
 * @param clientSecret with which it is asked about its tokens; absent: the one that is there stays, as long as it is asked
 * @param trustRoot name or id; absent: none
 * @param settings the members that have no column of their own
 */
public record TokenIssuerDraft(
        String name,
        boolean enabled,
        String issuer,
        @Nullable String hmacSecret,
        @Nullable String clientSecret,
        @Nullable String trustRoot,
        Map<String, Object> settings,
        List<String> tags) {
    static final String NEW_CONSUMERS = "new_consumers";

    private static final String INTROSPECTION = "introspection";
    private static final String AUTHORIZATION_SERVER = "authorization_server";
    private static final List<String> KEYS =
            List.of("jwks_url", "jwks", "public_keys", INTROSPECTION, AUTHORIZATION_SERVER);

    /** Whether it says another way of checking its tokens than a shared secret. */
    boolean saysAnotherWay() {
        return KEYS.stream().anyMatch(settings::containsKey);
    }

    /** Whether it is asked about its tokens. */
    boolean isAsked() {
        return settings.containsKey(INTROSPECTION);
    }

    /** The plan (name or id) of consumers that are made of its subjects; absent: none are. */
    @Nullable
    String newConsumerPlan() {
        return settings.get(NEW_CONSUMERS) instanceof Map<?, ?> made ? String.valueOf(made.get("plan")) : null;
    }

    /** By which algorithm nodes sign its tokens; absent: somebody else does. */
    @Nullable
    String signingAlgorithm() {
        return settings.get(AUTHORIZATION_SERVER) instanceof Map<?, ?> server
                ? String.valueOf(server.get("signing_algorithm"))
                : null;
    }

    @Override
    public String toString() {
        return "TokenIssuerDraft[" + name + "]";
    }
}
