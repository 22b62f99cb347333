package io.tollgate.engine.upstream;

import org.jspecify.annotations.Nullable;

/**
 * What a route says of time-outs, retries and priority in place of its service. Immutable.
 *
 * @param connectTimeoutMillis 0 leaves the service's, here and for the other times
 * @param retry null leaves the service's
 * @param hedge null leaves the service's
 * @param priority of the route
 */
public record CallOverride(
        long connectTimeoutMillis,
        long responseTimeoutMillis,
        long idleTimeoutMillis,
        long callTimeoutMillis,
        @Nullable RetryRules retry,
        @Nullable HedgeRules hedge,
        int priority) {}
