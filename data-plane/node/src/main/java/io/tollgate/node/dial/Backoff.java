package io.tollgate.node.dial;

import java.util.random.RandomGenerator;

/**
 * How long to wait before the next try: decorrelated jitter, so that many nodes that lost one control plane do not come
 * back in step. Confined to one thread.
 *
 * <p>Each delay is drawn evenly between {@link #DELAY_MILLIS_MIN} and three times the one before, and never exceeds
 * {@link #DELAY_MILLIS_MAX}. Source: M. Brooker, "Exponential Backoff and Jitter", 2015.
 */
public final class Backoff {
    /** Long enough not to hammer a peer that starts, short enough that a restart is not felt. */
    public static final long DELAY_MILLIS_MIN = 50;
    /** A peer that is back is found within this time. */
    public static final long DELAY_MILLIS_MAX = 5_000;

    private final RandomGenerator random;
    private long lastMillis = DELAY_MILLIS_MIN;

    /** A backoff at its shortest. */
    public Backoff(RandomGenerator random) {
        this.random = random;
    }

    /** The delay before the next try; longer, on average, each time. */
    public long nextDelayMillis() {
        long highest = Math.min(DELAY_MILLIS_MAX, lastMillis * 3);
        lastMillis = random.nextLong(DELAY_MILLIS_MIN, highest + 1);
        return lastMillis;
    }

    /** The longest delay, for a peer that will not change its mind soon. */
    public long longestDelayMillis() {
        lastMillis = DELAY_MILLIS_MAX;
        return random.nextLong(DELAY_MILLIS_MAX / 2, DELAY_MILLIS_MAX + 1);
    }

    /** A try went well: start short again. */
    public void reset() {
        lastMillis = DELAY_MILLIS_MIN;
    }
}
