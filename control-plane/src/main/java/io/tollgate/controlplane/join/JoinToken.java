package io.tollgate.controlplane.join;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a join token; not its secret. Immutable.
 *
 * @param nodeId the only node that may join with it; absent: any
 * @param usedBy the node that has joined with it
 */
public record JoinToken(
        UUID id,
        @Nullable String nodeId,
        String createdBy,
        Instant createdAt,
        Instant expiresAt,
        @Nullable Instant usedAt,
        @Nullable String usedBy) {
    /** Whether a node may still join with it at {@code now}. */
    public boolean isActive(Instant now) {
        return usedAt == null && now.isBefore(expiresAt);
    }
}
