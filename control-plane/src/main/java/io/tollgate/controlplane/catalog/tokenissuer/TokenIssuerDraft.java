package io.tollgate.controlplane.catalog.tokenissuer;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a caller wants an issuer of tokens to be; its shape has been judged against the contract. Its text never holds the secret. Immutable.
 *
 * @param issuer value of the claim iss
 * @param hmacSecret absent: the one that is there stays, unless other keys are given
 * @param trustRoot name or id; absent: none
 * @param settings the members that have no column of their own
 */
public record TokenIssuerDraft(
        String name,
        boolean enabled,
        String issuer,
        @Nullable String hmacSecret,
        @Nullable String trustRoot,
        Map<String, Object> settings,
        List<String> tags) {
    private static final List<String> KEYS = List.of("jwks_url", "jwks", "public_keys");

    /** Whether it says other keys than a secret. */
    boolean hasPublicKeys() {
        return KEYS.stream().anyMatch(settings::containsKey);
    }

    @Override
    public String toString() {
        return "TokenIssuerDraft[" + name + "]";
    }
}
