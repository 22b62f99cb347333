package io.tollgate.node.exchange;

/** Lets something happen later on one event loop. One per event loop, confined to it but for {@link #soon}. */
public interface LoopTimer {
    /** Runs {@code work} once in so many milliseconds; the number is for {@link #cancel}. */
    long after(long millis, Runnable work);

    /** Runs {@code work} once, as soon as this loop comes to it. Any thread. */
    void soon(Runnable work);

    /** It is not to happen any more. */
    void cancel(long timer);
}
