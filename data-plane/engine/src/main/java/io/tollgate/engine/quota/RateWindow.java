package io.tollgate.engine.quota;

/**
 * So many requests in so long, spread evenly. Immutable.
 *
 * @param requests 1 to 1 000 000 000
 * @param windowSeconds 1 to 86 400
 * @param burst how many of them may come at once, 1 to {@code requests}
 */
public record RateWindow(long requests, long windowSeconds, long burst) {
    /** Most requests in one window. */
    public static final long REQUESTS_MAX = 1_000_000_000;
    /** Longest window: a day. What is longer is a quota. */
    public static final long WINDOW_SECONDS_MAX = 86_400;

    private static final long NANOS_PER_SECOND = 1_000_000_000;

    /** Checks the bounds. */
    public RateWindow {
        if (requests < 1
                || requests > REQUESTS_MAX
                || windowSeconds < 1
                || windowSeconds > WINDOW_SECONDS_MAX
                || burst < 1
                || burst > requests) {
            throw new IllegalArgumentException(requests + " per " + windowSeconds + " s, burst " + burst);
        }
    }

    /** Length of the window in nanoseconds. */
    public long windowNanos() {
        return windowSeconds * NANOS_PER_SECOND;
    }

    /** Time that one request costs, rounded up so that rounding never lets more through. */
    public long intervalNanos() {
        return (windowNanos() + requests - 1) / requests;
    }
}
