package io.tollgate.node.telemetry;

import io.tollgate.node.exchange.OutcomeClass;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/** The counters of one route on one event loop. Written by that loop only, with ordered stores; read by anyone. */
final class RouteFigures {
    private final AtomicLongArray classes = new AtomicLongArray(OutcomeClass.values().length);
    private volatile @Nullable Histogram duration;
    private volatile @Nullable Histogram upstream;

    /** From here on its durations are counted too. */
    void keepDurations() {
        if (duration == null) {
            upstream = new Histogram(Buckets.ROUTE_MICROS_MAX);
            duration = new Histogram(Buckets.ROUTE_MICROS_MAX);
        }
    }

    boolean keepsDurations() {
        return duration != null;
    }

    /** @param upstreamNanos 0 when no upstream was asked */
    void ended(OutcomeClass outcomeClass, long durationNanos, long upstreamNanos) {
        int index = outcomeClass.ordinal();
        classes.lazySet(index, classes.getPlain(index) + 1);
        Histogram whole = duration;
        if (whole != null) {
            whole.record(durationNanos);
            Histogram theirs = upstream;
            if (theirs != null && upstreamNanos > 0) {
                theirs.record(upstreamNanos);
            }
        }
    }

    long count(OutcomeClass outcomeClass) {
        return classes.get(outcomeClass.ordinal());
    }

    @Nullable
    Histogram duration() {
        return duration;
    }

    @Nullable
    Histogram upstream() {
        return upstream;
    }
}
