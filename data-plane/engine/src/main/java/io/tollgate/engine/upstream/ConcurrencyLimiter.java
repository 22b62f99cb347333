package io.tollgate.engine.upstream;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many calls of a service are in flight on this node, and may be. Shared; lock-free. Rules are passed in, so that a change
 * of rules keeps the count and what was learnt.
 *
 * <p>Implementation note. The adaptive limit follows the latency of the last window against that of the long run, as Gradient2
 * of Netflix concurrency-limits does:
 *
 * <pre>
 *   gradient = between 0.5 and 1: 1.5 * long-run latency / latency of the window
 *   limit    = 0.8 * limit + 0.2 * (limit * gradient + root of limit)
 * </pre>
 *
 * It only moves when half of it is in use, since an idle service says nothing, and a dropped call takes a tenth off it at once per
 * window. Samples of a window are added up in two words; whoever ends a call after the window is over and gets the turn makes the
 * new limit, and the samples that arrive meanwhile count for the next one or are lost, which only makes it a little later.
 */
public final class ConcurrencyLimiter {
    /** How long samples are gathered, long enough for some and short enough to follow a change within a second or two. */
    static final long WINDOW_NANOS = 250_000_000;
    /** Samples below which a window goes on. */
    static final int SAMPLES_MIN = 10;

    /** Where an adaptive limit starts: an upstream in trouble is met gently, and a good one lifts it within seconds. */
    private static final int START = 20;

    private static final double TOLERANCE = 1.5;
    private static final double GRADIENT_MIN = 0.5;
    private static final double SMOOTHING = 0.2;
    private static final double BACKOFF = 0.9;
    /** Weight of one window in the long run: about a minute and a half of them. */
    private static final double LONG_RUN = 2.0 / (360 + 1);
    /** A long run far above what is seen now was learnt in an overload: it is led back faster. */
    private static final double DRIFT = 0.95;

    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicLong samples = new AtomicLong();
    private final AtomicLong sumNanos = new AtomicLong();
    private final AtomicLong windowEndNanos = new AtomicLong();
    private final AtomicBoolean turn = new AtomicBoolean();
    private volatile boolean started;
    private volatile boolean dropped;
    private volatile double learnt;
    /** Written by who has the turn. */
    private volatile double longRunNanos;

    ConcurrencyLimiter() {}

    /** Takes a place if there is one. Every place is given back by {@link #release}. */
    public boolean tryAcquire(LimitRules rules) {
        int limit = limit(rules);
        while (true) {
            int now = inFlight.get();
            if (now >= limit) {
                return false;
            }
            if (inFlight.compareAndSet(now, now + 1)) {
                return true;
            }
        }
    }

    /** Gives a place back. */
    public void release() {
        inFlight.decrementAndGet();
    }

    /**
     * What a call that holds a place tells of the service, before it gives the place back.
     *
     * @param latencyNanos how long the service took for its head; below 0: nothing can be learnt from it
     * @param wasDropped the service refused or timed out, as one does that has too much
     * @param nowNanos monotonic
     */
    public void learn(LimitRules rules, long latencyNanos, boolean wasDropped, long nowNanos) {
        if (!rules.adaptive() || (latencyNanos < 0 && !wasDropped)) {
            return;
        }
        if (wasDropped) {
            dropped = true;
        }
        if (latencyNanos >= 0) {
            sumNanos.addAndGet(latencyNanos);
            samples.incrementAndGet();
        }
        if (isWindowOver(nowNanos) && (dropped || samples.get() >= SAMPLES_MIN) && turn.compareAndSet(false, true)) {
            try {
                if (isWindowOver(nowNanos)) {
                    conclude(rules, inFlight.get());
                    windowEndNanos.set(nowNanos + WINDOW_NANOS);
                    started = true;
                }
            } finally {
                turn.set(false);
            }
        }
    }

    private boolean isWindowOver(long nowNanos) {
        return !started || nowNanos - windowEndNanos.get() >= 0;
    }

    /** Places taken. */
    public int inFlight() {
        return inFlight.get();
    }

    /** Places that there are now. */
    public int limit(LimitRules rules) {
        if (!rules.adaptive()) {
            return rules.callsMax();
        }
        double known = learnt;
        return known == 0
                ? start(rules)
                : (int) Math.max(rules.callsMin(), Math.min(rules.callsMax(), Math.round(known)));
    }

    private static int start(LimitRules rules) {
        // In the middle of nothing known, low: an upstream in trouble is met gently, and a good one lifts it within
        // seconds.
        return Math.max(rules.callsMin(), Math.min(rules.callsMax(), START));
    }

    private void conclude(LimitRules rules, int used) {
        long count = samples.getAndSet(0);
        long sum = sumNanos.getAndSet(0);
        boolean wasDropped = dropped;
        dropped = false;
        double limit = learnt == 0 ? start(rules) : learnt;
        if (wasDropped) {
            learnt = Math.max(rules.callsMin(), Math.min(rules.callsMax(), limit * BACKOFF));
            return;
        }
        if (count == 0) {
            return;
        }
        double windowNanos = Math.max(1, (double) sum / count);
        double before = longRunNanos;
        double longRun = before == 0 ? windowNanos : before + (windowNanos - before) * LONG_RUN;
        if (longRun > 2 * windowNanos) {
            longRun *= DRIFT;
        }
        longRunNanos = longRun;
        if (used * 2 < limit) {
            return;
        }
        double gradient = Math.max(GRADIENT_MIN, Math.min(1, TOLERANCE * longRun / windowNanos));
        double next = limit * (1 - SMOOTHING) + SMOOTHING * (limit * gradient + Math.sqrt(limit));
        learnt = Math.max(rules.callsMin(), Math.min(rules.callsMax(), next));
    }
}
