package io.tollgate.controlplane.catalog.credential;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a caller wants an API key to be; its shape has been judged against the contract. Immutable.
 *
 * @param environment live or test; absent: live for a new key, unchanged for an old one
 * @param expiresAt   absent: never
 */
public record CredentialDraft(
        String name, @Nullable String environment, @Nullable Instant expiresAt) {}
