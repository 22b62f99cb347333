package io.tollgate.engine.upstream;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;

/**
 * A model of a service with so many workers, one queue before them, and always one more call than it may have: each place that
 * comes free is taken at once. Time is the model's own.
 */
final class SaturatedService {
    private static final long SECOND_NANOS = 1_000_000_000;
    private static final long LOOK_NANOS = 100_000_000;

    private record Served(long endNanos, long arrivedNanos, boolean dropped) {}

    private final ConcurrencyLimiter limiter;
    private final LimitRules rules;
    private final int workers;
    private final Random random;
    private final ArrayDeque<Long> queue = new ArrayDeque<>();
    private final PriorityQueue<Served> busy = new PriorityQueue<>(Comparator.comparingLong(Served::endNanos));
    private final List<Integer> limits = new ArrayList<>();
    private long nowNanos;
    private long serviceNanos = 10_000_000;
    private boolean failing;
    private int dropEvery;
    private long calls;
    private long callsInRun;
    private int secondsOfRun;

    SaturatedService(ConcurrencyLimiter limiter, LimitRules rules, int workers, Random random) {
        this.limiter = limiter;
        this.rules = rules;
        this.workers = workers;
        this.random = random;
    }

    /** From here on each call is answered with a time-out after half a second, or is not any more. */
    void fail(boolean now) {
        failing = now;
    }

    /** From here on one call in so many is refused. */
    void dropEvery(int number) {
        dropEvery = number;
    }

    /** How long a worker has to do with a call: anything up to twice as long. */
    void serviceMillis(int millis) {
        serviceNanos = millis * 1_000_000L;
    }

    void run(int seconds) {
        limits.clear();
        callsInRun = 0;
        secondsOfRun = seconds;
        long endNanos = nowNanos + seconds * SECOND_NANOS;
        long lookNanos = nowNanos;
        while (nowNanos < endNanos) {
            while (limiter.tryAcquire(rules)) {
                queue.add(nowNanos);
            }
            while (busy.size() < workers && !queue.isEmpty()) {
                calls++;
                boolean dropped = failing || (dropEvery > 0 && calls % dropEvery == 0);
                long takesNanos = failing ? SECOND_NANOS / 2 : (long) (2 * serviceNanos * random.nextDouble());
                busy.add(new Served(nowNanos + takesNanos, queue.remove(), dropped));
            }
            Served next = busy.remove();
            nowNanos = next.endNanos();
            callsInRun++;
            limiter.learn(rules, next.dropped() ? -1 : nowNanos - next.arrivedNanos(), next.dropped(), nowNanos);
            limiter.release();
            for (; lookNanos < nowNanos; lookNanos += LOOK_NANOS) {
                limits.add(limiter.limit(rules));
            }
        }
    }

    /** Median of the limit over the last run. */
    int usualLimit() {
        List<Integer> sorted = new ArrayList<>(limits);
        Collections.sort(sorted);
        return sorted.get(sorted.size() / 2);
    }

    int leastLimit() {
        return Collections.min(limits);
    }

    double callsPerSecond() {
        return (double) callsInRun / secondsOfRun;
    }

    double callsPerSecondAtMost() {
        return workers * (double) SECOND_NANOS / serviceNanos;
    }
}
