package io.tollgate.engine.upstream;

/**
 * How many calls of a service may be in flight on this node. Immutable.
 *
 * @param callsMax calls in flight, or the upper bound of what adapts
 * @param callsMin lower bound of what adapts
 * @param adaptive whether the limit follows the latency of the service
 * @param queueMax calls that may wait for a place
 * @param queueTimeoutMillis longest wait
 * @param retryAfterSeconds what a call that is shed is told
 */
public record LimitRules(
        int callsMax, int callsMin, boolean adaptive, int queueMax, int queueTimeoutMillis, int retryAfterSeconds) {}
