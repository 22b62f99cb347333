package io.tollgate.engine.quota;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The count of one subject in one window, by the generic cell rate algorithm. Shared; lock-free.
 *
 * <p>Implementation note.
 *
 * <pre>
 *            now                 tat            now + burst * interval
 *   ──────────┼───────────────────┼─────────────────────┼──────▶ time
 *             │◀── already spent ─▶│◀── may still come ──▶│
 * </pre>
 *
 * The only state is the theoretical arrival time (tat): when the subject would be even if it had kept to one request per
 * interval. A request costs one interval. It is allowed when tat, once it has paid, is no further ahead of now than burst
 * intervals. Invariant: in any stretch of time L at most burst + L / interval requests are allowed. Time owed does not
 * depend on the number of requests per window, so a changed limit goes on from the same state. Cost: one compare-and-set;
 * each retry means that another request of the same subject was decided, and a refusal writes nothing, so a subject that
 * is retried for long has been granted its burst by then.
 *
 * <p>Source: ITU-T I.371, annex A (virtual scheduling). All times are from one monotonic clock and are compared by
 * difference, since such a clock may start anywhere.
 */
final class RateMeter {
    private final AtomicLong tatNanos;

    RateMeter(long nowNanos) {
        tatNanos = new AtomicLong(nowNanos);
    }

    /**
     * Takes one request if the window allows it.
     *
     * @return time that is owed after it, from 0 to burst intervals, or the complement (below 0) of the time owed when
     *     refused
     */
    long tryTake(long intervalNanos, long toleranceNanos, long nowNanos) {
        while (true) {
            long before = tatNanos.get();
            long owed = Math.max(0, before - nowNanos);
            if (owed > toleranceNanos - intervalNanos) {
                return ~owed;
            }
            if (tatNanos.compareAndSet(before, nowNanos + owed + intervalNanos)) {
                return owed + intervalNanos;
            }
        }
    }

    /** Gives one request back: time owed shrinks by its cost. */
    void giveBack(long intervalNanos) {
        tatNanos.getAndAdd(-intervalNanos);
    }
}
