package io.tollgate.engine.policy;

import io.tollgate.engine.quota.RateLimiter;

/**
 * How fast one caller may go. Immutable; what it counts in is shared.
 *
 * @param limiter the limit with its meters
 */
public record RateLimitPolicy(RateLimiter limiter) {}
