package io.tollgate.node.telemetry;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Durations of one event loop, counted by buckets. Written by that loop only, with ordered stores and no read-modify-write;
 * read by anyone.
 */
final class Histogram {
    private final long[] microsMax;
    /** One count for each bound, one for what is above all, and the sum in microseconds. */
    private final AtomicLongArray figures;

    /** @param microsMax upper bounds of the buckets, ascending; shared, never changed */
    Histogram(long[] microsMax) {
        this.microsMax = microsMax;
        this.figures = new AtomicLongArray(microsMax.length + 2);
    }

    void record(long nanos) {
        long micros = nanos / 1_000;
        int bucket = 0;
        while (bucket < microsMax.length && micros > microsMax[bucket]) {
            bucket++;
        }
        add(bucket, 1);
        add(microsMax.length + 1, micros);
    }

    /** Adds the counts and, at the end, the sum in microseconds. */
    void addTo(long[] total) {
        for (int i = 0; i < total.length; i++) {
            total[i] += figures.get(i);
        }
    }

    // Only the loop writes, so nothing is lost between the read and the store.
    private void add(int index, long amount) {
        figures.lazySet(index, figures.getPlain(index) + amount);
    }
}
