package io.tollgate.controlplane.catalog.credential;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a caller wants an API key to be; its shape has been judged against the contract. Immutable.
 *
 * @param environment live or test; absent: live for a new key, unchanged for an old one
 * @param expiresAt   absent: never
 * @param scopes      tokens of RFC 6749, 3.3
 * @param networks    from where it may be used; none: from anywhere
 */
public record CredentialDraft(
        String name,
        @Nullable String environment,
        @Nullable Instant expiresAt,
        List<String> scopes,
        List<String> networks) {
    /** Copies the lists. */
    public CredentialDraft {
        scopes = List.copyOf(scopes);
        networks = List.copyOf(networks);
    }
}
