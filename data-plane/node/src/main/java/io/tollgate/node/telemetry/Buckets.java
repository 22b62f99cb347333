package io.tollgate.node.telemetry;

/** Upper bounds of the buckets of histograms, in microseconds. Each further one is a series of every scrape. */
final class Buckets {
    /** Whole calls, and upstreams: from what a near service takes to what nobody waits for. */
    static final long[] CALL_MICROS_MAX = {
        100,
        250,
        500,
        1_000,
        2_500,
        5_000,
        10_000,
        25_000,
        50_000,
        100_000,
        250_000,
        500_000,
        1_000_000,
        2_500_000,
        5_000_000,
        10_000_000,
        30_000_000
    };

    /** The gateway itself: tens of microseconds are usual, a millisecond is much, and more is a wait for a place. */
    static final long[] OWN_MICROS_MAX = {
        10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 50_000, 100_000, 1_000_000, 10_000_000
    };

    /** An event loop that is late. */
    static final long[] LAG_MICROS_MAX = {
        1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 5_000_000
    };

    /** One route: fewer, since there are many routes. */
    static final long[] ROUTE_MICROS_MAX = {
        1_000, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 5_000_000
    };

    private Buckets() {}
}
