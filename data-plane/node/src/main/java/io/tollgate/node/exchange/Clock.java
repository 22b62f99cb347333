package io.tollgate.node.exchange;

/** The two clocks of a node, passed in so that time can be chosen by tests. Shared; lock-free. */
public interface Clock {
    /** Monotonic nanoseconds of an arbitrary origin; for durations and rates. */
    long nanos();

    /** Milliseconds since the Unix epoch; for expiry, minutes of usage and logs. */
    long epochMillis();
}
