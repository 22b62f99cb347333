package io.tollgate.engine.upstream;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many calls of a service are in flight on this node, and may be. Shared; lock-free. Rules are passed in, so that a change
 * of rules keeps the count and what was learnt.
 *
 * <p>Implementation note. By Little's law a service with more calls than it can work on at once answers none the sooner: they wait
 * for each other, and that is all that their latency grows by. So the adaptive limit holds the mean latency of a window of calls
 * against the latency of the service when it is not pressed:
 *
 * <pre>
 *   gradient = 1.5 * unpressed latency / latency of the window, 0.5 to 1
 *   limit    = limit * gradient + root of limit, approached by a fifth per window; doubled until the first gradient below 1
 * </pre>
 *
 * It settles where the service has half as many calls again as it can work on, and the root for bursts. It only moves while half of
 * it is in use, since an idle service says nothing. When a tenth of the calls and at least {@value #DROPS_MIN} were dropped, their
 * share is taken off it, at most half per window.
 *
 * <p>The unpressed latency is that of windows in which less than half of the limit was in use. A service that is pressed all the
 * time has none, and one that became slower for good looks pressed, so after {@value #HELD_WINDOWS_MAX} windows in which latency
 * held the limit down it is probed: a quarter of the limit for one window, in which what waits drains, and for a second one, which
 * is measured. Invariant: what a pressed service shows never becomes its unpressed latency, so that the limit does not follow an
 * overload upwards.
 *
 * <p>Cost: for a fixed limit one compare-and-set per call. For an adaptive one two additions more; whoever ends a call after the
 * window is over and gets the turn moves the limit, and samples that arrive meanwhile count for the next window.
 *
 * <p>Sources: the gradient with a root for bursts is that of Gradient2 in Netflix concurrency-limits (2018); the latency measured
 * under less load in place of a long-run mean is the minRTT of Envoy's adaptive concurrency filter and of BBR (Cardwell et al.,
 * 2016), whose ProbeRTT drains the queue likewise. Decision 0008 says why the code is our own.
 */
public final class ConcurrencyLimiter {
    /** How long samples are gathered: long enough for many, short enough to follow a change within a second or two ... */
    static final long WINDOW_NANOS_MIN = 250_000_000;
    /**
     * ... but so many times the latency: a window is to show what the last change did, and the first one not only the calls that
     * are done first because they are fast ...
     */
    private static final int WINDOW_LATENCIES = 4;
    /** ... and no longer than this. */
    static final long WINDOW_NANOS_MAX = 10_000_000_000L;
    /** Calls below which a window goes on: the mean of fewer says more of them than of the service. */
    static final int SAMPLES_MIN = 20;

    /** Where an adaptive limit starts: an upstream in trouble is met gently, and a good one lifts it within seconds. */
    private static final int START = 20;

    private static final double TOLERANCE = 1.5;
    private static final double GRADIENT_MIN = 0.5;
    private static final double SMOOTHING = 0.2;
    /** Calls of which one is dropped: fewer are the fault of those calls, not of their number. */
    private static final int DROPPED_ONE_IN = 10;
    /** Dropped calls below which a window does not count as such: one or two of twenty are chance. */
    private static final int DROPS_MIN = 4;
    /** Weight of one window in the unpressed latency: eight of them forget what was before. */
    private static final double UNPRESSED_WEIGHT = 0.125;
    /** Weight of a probe, since probes are rare. */
    private static final double PROBE_WEIGHT = 0.5;
    /** Share of the limit while it is probed: little enough for services that can work on very few calls too. */
    private static final double PROBE_SHARE = 0.25;
    /** A quarter of a minute of the shortest windows, so that a probe costs a few calls in a hundred at worst. */
    private static final int HELD_WINDOWS_MAX = 60;

    /** What a window is for. */
    private enum Phase {
        STEADY,
        /** A probe has begun; the calls that end now were in flight before. */
        DRAINING,
        MEASURING
    }

    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicLong samples = new AtomicLong();
    private final AtomicLong sumNanos = new AtomicLong();
    private final AtomicLong drops = new AtomicLong();
    private final AtomicBoolean turn = new AtomicBoolean();
    /** Most calls in flight in this window, as far as those saw that ended; a look that is lost changes nothing. */
    private volatile int peak;

    // From here on written by who has the turn.
    private volatile boolean started;
    private volatile long windowStartNanos;
    private volatile double learnt;
    private volatile Phase phase = Phase.STEADY;
    private double unpressedNanos;
    private int heldWindows;
    private boolean doubling = true;

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
     * @param wasDropped the service refused or was silent, as one does that has too much
     * @param nowNanos monotonic
     */
    public void learn(LimitRules rules, long latencyNanos, boolean wasDropped, long nowNanos) {
        if (!rules.adaptive() || (latencyNanos < 0 && !wasDropped)) {
            return;
        }
        int used = inFlight.get();
        if (used > peak) {
            peak = used;
        }
        if (wasDropped) {
            drops.incrementAndGet();
        } else {
            sumNanos.addAndGet(latencyNanos);
            samples.incrementAndGet();
        }
        if (isWindowOver(nowNanos) && turn.compareAndSet(false, true)) {
            try {
                if (isWindowOver(nowNanos)) {
                    if (started) {
                        conclude(rules);
                    }
                    windowStartNanos = nowNanos;
                    started = true;
                }
            } finally {
                turn.set(false);
            }
        }
    }

    private boolean isWindowOver(long nowNanos) {
        if (!started) {
            return true;
        }
        long lasted = nowNanos - windowStartNanos;
        long answered = samples.get();
        if (lasted < WINDOW_NANOS_MIN || answered + drops.get() < SAMPLES_MIN) {
            return false;
        }
        return answered == 0 || lasted >= Math.min(WINDOW_NANOS_MAX, WINDOW_LATENCIES * (sumNanos.get() / answered));
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
        double known = known(rules);
        return (int) Math.max(rules.callsMin(), Math.round(phase == Phase.STEADY ? known : known * PROBE_SHARE));
    }

    private double known(LimitRules rules) {
        return within(rules, learnt == 0 ? START : learnt);
    }

    private static double within(LimitRules rules, double limit) {
        return Math.max(rules.callsMin(), Math.min(rules.callsMax(), limit));
    }

    private void conclude(LimitRules rules) {
        long answered = samples.getAndSet(0);
        long sum = sumNanos.getAndSet(0);
        long dropped = drops.getAndSet(0);
        int used = peak;
        peak = 0;
        long latencyNanos = answered == 0 ? 0 : Math.max(1, sum / answered);
        if (dropped >= DROPS_MIN && dropped * DROPPED_ONE_IN >= answered + dropped) {
            onDrops(rules, (double) dropped / (answered + dropped));
        } else if (phase == Phase.STEADY) {
            onWindow(rules, latencyNanos, used);
        } else {
            onProbe(latencyNanos);
        }
    }

    private void onDrops(LimitRules rules, double share) {
        phase = Phase.STEADY;
        heldWindows = 0;
        learnt = within(rules, known(rules) * Math.max(GRADIENT_MIN, 1 - share));
        // What is down at its least says nothing of how much the service takes once it is back: as at the start.
        doubling = learnt <= rules.callsMin();
    }

    private void onWindow(LimitRules rules, long latencyNanos, int used) {
        double limit = known(rules);
        boolean pressed = used * 2 >= limit;
        if (unpressedNanos == 0) {
            unpressedNanos = latencyNanos;
        } else if (!pressed) {
            unpressedNanos += (latencyNanos - unpressedNanos) * UNPRESSED_WEIGHT;
        } else if (latencyNanos * 2 < unpressedNanos) {
            // It is pressed and faster all the same: what was known is of another time.
            unpressedNanos = latencyNanos;
        }
        if (!pressed) {
            return;
        }
        double gradient = Math.max(GRADIENT_MIN, Math.min(1, TOLERANCE * unpressedNanos / latencyNanos));
        doubling &= gradient == 1;
        double next = doubling ? 2 * limit : limit + SMOOTHING * (limit * gradient + Math.sqrt(limit) - limit);
        learnt = within(rules, next);
        if (gradient < 1) {
            heldWindows++;
        }
        if (heldWindows >= HELD_WINDOWS_MAX) {
            heldWindows = 0;
            phase = Phase.DRAINING;
        }
    }

    private void onProbe(long latencyNanos) {
        if (phase == Phase.DRAINING) {
            phase = Phase.MEASURING;
        } else {
            unpressedNanos += (latencyNanos - unpressedNanos) * PROBE_WEIGHT;
            phase = Phase.STEADY;
        }
    }
}
