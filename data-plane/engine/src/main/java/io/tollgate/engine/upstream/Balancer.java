package io.tollgate.engine.upstream;

import org.jspecify.annotations.Nullable;

/** The choice of a target for one call. Shared; lock-free. */
public sealed interface Balancer permits RoundRobin {
    /**
     * The target for a call now. Ejected targets are passed over; when all are ejected one is returned all the same, so
     * that the answer tells the truth about the upstream. Null only when no target takes calls.
     */
    @Nullable
    TargetState pick(long nowMillis);
}
