package io.tollgate.engine.policy;

import io.tollgate.engine.consumer.Consumer;
import io.tollgate.engine.consumer.IdentityHeaders;
import io.tollgate.engine.consumer.Plan;
import io.tollgate.engine.quota.RateLimiter;
import org.jspecify.annotations.Nullable;

/**
 * What applies to the calls of one route: of each type the policy of the route, else of its service, else the global one,
 * else the default. What the caller's plan or consumer says of a type comes first. Immutable.
 *
 * @param keyAuth how a key is presented
 * @param rateLimit how fast one caller may go; null when nothing limits
 * @param identityHeaders what the upstream is told
 * @param faultInjection which calls suffer a drill; null when none
 * @param compression which answers are compressed; null when none
 * @param httpsRedirect where calls in the clear are sent; null when they are taken
 * @param hsts what answers over https say about it; null when nothing
 */
public record EffectivePolicies(
        KeyAuthPolicy keyAuth,
        @Nullable RateLimitPolicy rateLimit,
        IdentityHeadersPolicy identityHeaders,
        @Nullable FaultInjectionPolicy faultInjection,
        @Nullable CompressionPolicy compression,
        @Nullable HttpsRedirectPolicy httpsRedirect,
        @Nullable HstsPolicy hsts) {
    /** What applies where no policy is attached at all. */
    public static final EffectivePolicies DEFAULT =
            new EffectivePolicies(KeyAuthPolicy.DEFAULT, null, IdentityHeadersPolicy.DEFAULT, null, null, null, null);

    /** The limiter of the rate-limit policy that wins for this caller; null when nothing limits. No allocation. */
    public @Nullable RateLimiter rateLimiterFor(@Nullable Consumer consumer, @Nullable Plan plan) {
        if (consumer != null && consumer.rateLimitOverride() != null) {
            return consumer.rateLimitOverride();
        }
        if (plan != null && plan.rateLimitOverride() != null) {
            return plan.rateLimitOverride();
        }
        return rateLimit == null ? null : rateLimit.limiter();
    }

    /** The identity headers that win for this caller. No allocation. */
    public IdentityHeaders identityHeadersFor(@Nullable Consumer consumer, @Nullable Plan plan) {
        if (consumer != null) {
            IdentityHeaders own = consumer.identityHeadersOverride();
            if (own != null) {
                return own;
            }
        }
        if (plan != null) {
            IdentityHeaders own = plan.identityHeadersOverride();
            if (own != null) {
                return own;
            }
        }
        return identityHeaders.headers();
    }
}
