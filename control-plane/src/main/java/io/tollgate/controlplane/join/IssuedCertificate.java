package io.tollgate.controlplane.join;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A certificate that a node was given, as operators see it. Immutable.
 *
 * @param serial hexadecimal
 */
public record IssuedCertificate(
        String serial,
        Instant issuedAt,
        Instant notAfter,
        @Nullable Instant revokedAt,
        @Nullable String revokedBy) {}
