package io.tollgate.node.exchange;

/** Lets something happen later on the same event loop. One per event loop, confined to it. */
public interface LoopTimer {
    /** Runs {@code work} once in so many milliseconds; the number is for {@link #cancel}. */
    long after(long millis, Runnable work);

    /** It is not to happen any more. */
    void cancel(long timer);
}
