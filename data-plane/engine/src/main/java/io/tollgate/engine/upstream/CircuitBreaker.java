package io.tollgate.engine.upstream;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The circuit of one service on this node. Shared; lock-free.
 *
 * <p>Implementation note.
 *
 * <pre>
 *   CLOSED ──▶ OPEN (share of failures) ──▶ HALF_OPEN (after its time, with the first probe) ──▶ CLOSED (all probes good)
 *                ▲                              └─ one probe failed ─┐
 *                └───────────────────────────────────────────────────┘
 * </pre>
 *
 * The phase is one word: phase 2 bits, millisecond of the end of OPEN 44, probes under way or good 9 and probes good 9. The
 * window is a ring of {@value #BUCKETS} words (number of the bucket 24 bits, calls 20, failures 20), so it slides in tenths.
 * Loops of compare-and-set end because each retry means that another thread made progress. Rules are passed in: a change of
 * the configuration keeps the state.
 */
public final class CircuitBreaker {
    /** What the circuit says to a call. Immutable. */
    public enum Permit {
        PERMITTED,
        /** Permitted, and its end decides: it must be told to {@link #onEnd}. */
        PROBE,
        REFUSED
    }

    /** Where the circuit is. Immutable. */
    public enum Phase {
        CLOSED,
        OPEN,
        HALF_OPEN
    }

    private static final int BUCKETS = 10;
    private static final int COUNT_BITS = 20;
    private static final int NUMBER_SHIFT = 2 * COUNT_BITS;
    private static final long COUNT_MAX = (1L << COUNT_BITS) - 1;
    private static final long NUMBER_MASK = (1L << 24) - 1;
    private static final int PROBE_BITS = 9;
    private static final long PROBE_MASK = (1L << PROBE_BITS) - 1;
    private static final int UNTIL_SHIFT = 2 * PROBE_BITS;
    private static final int PHASE_SHIFT = 62;
    private static final long UNTIL_MASK = (1L << PHASE_SHIFT) - 1;
    private static final Phase[] PHASES = Phase.values();

    private final AtomicLong word = new AtomicLong();
    private final AtomicLongArray buckets = new AtomicLongArray(BUCKETS);

    /** Where it is now; OPEN also when its time is up and no call has come since. */
    public Phase phase() {
        return phase(word.get());
    }

    /** How long it still refuses, at least 0 milliseconds. */
    public long openForMillis(long nowMillis) {
        long now = word.get();
        return phase(now) == Phase.OPEN ? Math.max(0, until(now) - nowMillis) : 0;
    }

    /** Asks for one call. */
    public Permit tryAcquire(CircuitRules rules, long nowMillis) {
        while (true) {
            long before = word.get();
            switch (phase(before)) {
                case CLOSED -> {
                    return Permit.PERMITTED;
                }
                case OPEN -> {
                    if (nowMillis < until(before)) {
                        return Permit.REFUSED;
                    }
                    if (word.compareAndSet(before, pack(Phase.HALF_OPEN, 0, 1, 0))) {
                        return Permit.PROBE;
                    }
                }
                case HALF_OPEN -> {
                    long issued = issued(before);
                    if (issued >= rules.probes()) {
                        return Permit.REFUSED;
                    }
                    if (word.compareAndSet(before, pack(Phase.HALF_OPEN, 0, issued + 1, good(before)))) {
                        return Permit.PROBE;
                    }
                }
            }
        }
    }

    /** Takes the end of a call that was permitted. */
    public void onEnd(CircuitRules rules, Permit permit, CallResult result, long nowMillis) {
        if (permit == Permit.PROBE) {
            onProbe(rules, result, nowMillis);
        } else if (result != CallResult.CANCELLED && phase() == Phase.CLOSED) {
            count(rules, result.isFailure(), nowMillis);
            if (result.isFailure() && isTooMany(rules, nowMillis)) {
                open(rules, nowMillis);
            }
        }
    }

    private void onProbe(CircuitRules rules, CallResult result, long nowMillis) {
        while (true) {
            long before = word.get();
            if (phase(before) != Phase.HALF_OPEN) {
                return;
            }
            long good = good(before) + (result == CallResult.CANCELLED ? 0 : 1);
            long after;
            if (result.isFailure()) {
                after = pack(Phase.OPEN, nowMillis + rules.openMillis(), 0, 0);
            } else if (good >= rules.probes()) {
                after = pack(Phase.CLOSED, 0, 0, 0);
            } else {
                // A probe that was given up makes room for another one.
                after = pack(Phase.HALF_OPEN, 0, issued(before) - (result == CallResult.CANCELLED ? 1 : 0), good);
            }
            if (phase(after) == Phase.CLOSED) {
                clear();
            }
            if (word.compareAndSet(before, after)) {
                return;
            }
        }
    }

    private void open(CircuitRules rules, long nowMillis) {
        long before = word.get();
        if (phase(before) == Phase.CLOSED) {
            word.compareAndSet(before, pack(Phase.OPEN, nowMillis + rules.openMillis(), 0, 0));
        }
    }

    private void count(CircuitRules rules, boolean failed, long nowMillis) {
        long number = number(rules, nowMillis);
        int at = (int) (number % BUCKETS);
        while (true) {
            long before = buckets.get(at);
            long kept = (before >>> NUMBER_SHIFT) == number ? before : number << NUMBER_SHIFT;
            if (((kept >>> COUNT_BITS) & COUNT_MAX) == COUNT_MAX) {
                return;
            }
            if (buckets.compareAndSet(at, before, kept + (1L << COUNT_BITS) + (failed ? 1 : 0))) {
                return;
            }
        }
    }

    private boolean isTooMany(CircuitRules rules, long nowMillis) {
        long newest = number(rules, nowMillis);
        long calls = 0;
        long failures = 0;
        for (int i = 0; i < BUCKETS; i++) {
            long bucket = buckets.get(i);
            long age = (newest - (bucket >>> NUMBER_SHIFT)) & NUMBER_MASK;
            if (age < BUCKETS) {
                calls += (bucket >>> COUNT_BITS) & COUNT_MAX;
                failures += bucket & COUNT_MAX;
            }
        }
        return calls >= rules.minimumCalls() && failures * 100 >= calls * rules.failurePercent();
    }

    private void clear() {
        for (int i = 0; i < BUCKETS; i++) {
            buckets.set(i, 0);
        }
    }

    private static long number(CircuitRules rules, long nowMillis) {
        return (nowMillis / Math.max(1, rules.windowMillis() / BUCKETS)) & NUMBER_MASK;
    }

    private static long pack(Phase phase, long untilMillis, long issued, long good) {
        return ((long) phase.ordinal() << PHASE_SHIFT) | (untilMillis << UNTIL_SHIFT) | (issued << PROBE_BITS) | good;
    }

    private static Phase phase(long word) {
        return PHASES[(int) (word >>> PHASE_SHIFT)];
    }

    private static long until(long word) {
        return (word & UNTIL_MASK) >>> UNTIL_SHIFT;
    }

    private static long issued(long word) {
        return (word >>> PROBE_BITS) & PROBE_MASK;
    }

    private static long good(long word) {
        return word & PROBE_MASK;
    }
}
