package io.tollgate.controlplane.billing;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One sum. What was not grouped by, or is not known, is absent. Names are as they are now, or as they last were. Immutable.
 */
public record UsageLine(
        Instant intervalStart,
        @Nullable UUID consumerId,
        @Nullable String consumer,
        @Nullable String billingId,
        @Nullable UUID keyId,
        @Nullable String key,
        @Nullable UUID planId,
        @Nullable String plan,
        @Nullable UUID routeId,
        @Nullable String route,
        @Nullable String outcomeClass,
        long requests,
        long requestBytes,
        long responseBytes) {}
