package io.tollgate.engine.policy;

import io.tollgate.engine.quota.FailureTable;
import org.jspecify.annotations.Nullable;

/**
 * How many bad credentials may come from one source. Immutable.
 *
 * @param bound null: as many as it likes
 */
public record CredentialThrottlePolicy(FailureTable.@Nullable Bound bound) {
    /** What applies where nothing else is configured: no person and no broken client in its retries gets there. */
    public static final CredentialThrottlePolicy DEFAULT =
            new CredentialThrottlePolicy(new FailureTable.Bound(600, 60));
}
