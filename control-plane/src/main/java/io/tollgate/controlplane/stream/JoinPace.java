package io.tollgate.controlplane.stream;

/**
 * How many may try to join: whoever reaches the port may call, and each call costs a transaction. A bucket of {@link #BURST} attempts that
 * fills again at {@link #PER_SECOND}; a node that is sent away tries again by itself. Guarded by its own lock.
 */
final class JoinPace {
    /** A rack of nodes that is started at once. */
    static final int BURST = 100;

    static final int PER_SECOND = 10;

    private static final long ATTEMPT_NANOS = 1_000_000_000L / PER_SECOND;

    private boolean begun;
    /** The moment up to which attempts are paid for. */
    private long paidNanos;

    /** Whether one more attempt at {@code nowNanos} may pass. */
    synchronized boolean admits(long nowNanos) {
        long earliest = nowNanos - BURST * ATTEMPT_NANOS;
        if (!begun || paidNanos - earliest < 0) {
            begun = true;
            paidNanos = earliest;
        }
        if (paidNanos + ATTEMPT_NANOS - nowNanos > 0) {
            return false;
        }
        paidNanos += ATTEMPT_NANOS;
        return true;
    }
}
