package io.tollgate.engine.compile;

import io.tollgate.engine.consumer.IdentityHeaders;
import io.tollgate.engine.policy.KeyAuthPolicy;
import io.tollgate.engine.quota.RateLimiter;
import org.jspecify.annotations.Nullable;

/** The enabled policies attached to one place, at most one of each type. Immutable. */
record PolicySet(
        @Nullable KeyAuthPolicy keyAuth,
        @Nullable RateLimiter rateLimit,
        @Nullable IdentityHeaders identityHeaders) {
    static final PolicySet NONE = new PolicySet(null, null, null);
}
