package io.tollgate.engine.upstream;

import org.jspecify.annotations.Nullable;

/** The choice of a target for one call. Shared; lock-free; allocates nothing. */
sealed interface Balancer permits RoundRobin, LeastInFlight, ConsistentHash {
    /**
     * A target that is not out and was not tried yet, or else one that is not out; null when all that take calls are out.
     *
     * @param healthIgnored no target counts as out
     */
    @Nullable
    TargetState pick(PickRequest request, long nowMillis, boolean healthIgnored);
}
