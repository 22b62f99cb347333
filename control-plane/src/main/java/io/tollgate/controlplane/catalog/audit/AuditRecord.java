package io.tollgate.controlplane.catalog.audit;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One row of the audit, as it is read. Immutable.
 *
 * @param actor  who; known by its proof, come from its origin
 * @param before of a replaced object only what changed, otherwise the whole; so {@code after}
 * @param status of the answer to a refused attempt; absent when it was done
 */
public record AuditRecord(
        long id,
        Instant happenedAt,
        String actor,
        List<String> roles,
        Actor.Proof proof,
        Origin origin,
        String action,
        String kind,
        @Nullable UUID objectId,
        @Nullable String objectName,
        @Nullable Long revision,
        String outcome,
        @Nullable Integer status,
        long attempts,
        @Nullable Instant lastAt,
        @Nullable Map<String, Object> before,
        @Nullable Map<String, Object> after) {}
