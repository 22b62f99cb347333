package io.tollgate.engine.compile;

import io.tollgate.engine.consumer.IdentityHeaders;
import io.tollgate.engine.policy.CompressionPolicy;
import io.tollgate.engine.policy.FaultInjectionPolicy;
import io.tollgate.engine.policy.HstsPolicy;
import io.tollgate.engine.policy.HttpsRedirectPolicy;
import io.tollgate.engine.policy.KeyAuthPolicy;
import io.tollgate.engine.quota.RateLimiter;
import io.tollgate.engine.route.DuplicateSlashes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The enabled policies attached to one place, at most one of each type, and all of them in words. Immutable. */
record PolicySet(
        @Nullable KeyAuthPolicy keyAuth,
        @Nullable RateLimiter rateLimit,
        @Nullable IdentityHeaders identityHeaders,
        @Nullable DuplicateSlashes duplicateSlashes,
        @Nullable FaultInjectionPolicy faultInjection,
        @Nullable CompressionPolicy compression,
        @Nullable HttpsRedirectPolicy httpsRedirect,
        @Nullable HstsPolicy hsts,
        List<AttachedPolicy> attached) {
    static final PolicySet NONE = new PolicySet(null, null, null, null, null, null, null, null, List.of());

    /** Copies the list. */
    PolicySet {
        attached = List.copyOf(attached);
    }
}
