package io.tollgate.node.filter;

import io.tollgate.engine.policy.EffectivePolicies;
import io.tollgate.engine.quota.RateLimiter;
import io.tollgate.node.exchange.Exchange;
import io.tollgate.node.exchange.Outcome;

/**
 * Holds the caller to the rate-limit policy that wins for it on this route. Immutable; the counts are shared.
 *
 * @param policies what applies on the route
 */
public record LimitByPolicy(EffectivePolicies policies) implements Filter {
    @Override
    public Outcome admit(Exchange exchange) {
        RateLimiter limiter = policies.rateLimiterFor(exchange.consumer(), exchange.plan());
        if (limiter == null) {
            return Outcome.OK;
        }
        if (exchange.acquire(limiter)) {
            return Outcome.OK;
        }
        // What the plan's limit took is given back: a refused call costs nothing.
        exchange.giveBack();
        return Outcome.RATE_LIMITED;
    }
}
