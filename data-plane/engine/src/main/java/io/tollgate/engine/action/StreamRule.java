package io.tollgate.engine.action;

/**
 * What becomes of streams under way, that is of WebSockets and of answers and uploads that go on for long, when their route or the
 * service that it calls is changed or removed. Immutable.
 *
 * @param onChange what becomes of them
 * @param drainSeconds how long they may go on where they are drained
 */
public record StreamRule(OnChange onChange, int drainSeconds) {
    /** Longest time to drain. */
    public static final int DRAIN_SECONDS_MAX = 86_400;

    /** They go on. */
    public static final StreamRule KEEP = new StreamRule(OnChange.KEEP, 0);

    /** What becomes of them. */
    public enum OnChange {
        /** They go on as long as both sides want. */
        KEEP,
        /** They go on for a while. */
        DRAIN,
        /** They end at once. */
        CLOSE
    }
}
