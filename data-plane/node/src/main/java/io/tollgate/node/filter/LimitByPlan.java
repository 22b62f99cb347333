package io.tollgate.node.filter;

import io.tollgate.engine.consumer.Plan;
import io.tollgate.engine.quota.RateLimiter;
import io.tollgate.node.exchange.Exchange;
import io.tollgate.node.exchange.Outcome;

/** Holds the caller to the rate limits of its own plan. Immutable; the counts are shared. */
public record LimitByPlan() implements Filter {
    @Override
    public Outcome admit(Exchange exchange) {
        Plan plan = exchange.plan();
        RateLimiter limiter = plan == null ? null : plan.rateLimiter();
        return limiter == null || exchange.acquire(limiter) ? Outcome.OK : Outcome.RATE_LIMITED;
    }
}
