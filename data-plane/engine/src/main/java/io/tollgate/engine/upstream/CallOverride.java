package io.tollgate.engine.upstream;

import org.jspecify.annotations.Nullable;

/**
 * What a route says of time-outs and retries in place of its service. Immutable.
 *
 * @param connectTimeoutMillis 0 leaves the service's, here and for the other times
 * @param retry null leaves the service's
 */
public record CallOverride(
        long connectTimeoutMillis,
        long responseTimeoutMillis,
        long idleTimeoutMillis,
        long callTimeoutMillis,
        @Nullable RetryRules retry) {}
