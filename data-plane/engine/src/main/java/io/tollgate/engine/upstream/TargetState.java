package io.tollgate.engine.upstream;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What is known of one target beyond its configuration: its health, as calls and checks tell it, and its calls in flight.
 * Shared; lock-free.
 *
 * <p>Implementation note. Three words, each changed by compare-and-set; a loop ends because each retry means that another
 * thread made progress.
 *
 * <pre>
 *   passive   millisecond until which it is ejected : 44 │ ejections in a row : 8 │ failures in a row : 12
 *   interval  number of the interval : 24 │ calls : 20 │ failures : 20
 *   checked   verdict : 2 │ answers in a row that speak against it : 30
 * </pre>
 *
 * Failures stay counted through an ejection, so the first call afterwards is a probe: one more failure ejects again at once
 * and for longer, one success clears the word.
 */
public final class TargetState {
    private static final int FAILURE_BITS = 12;
    private static final int EJECTION_BITS = 8;
    private static final int UNTIL_SHIFT = FAILURE_BITS + EJECTION_BITS;
    private static final long FAILURES_MAX = (1L << FAILURE_BITS) - 1;
    private static final long EJECTIONS_MAX = (1L << EJECTION_BITS) - 1;

    private static final int COUNT_BITS = 20;
    private static final int INTERVAL_SHIFT = 2 * COUNT_BITS;
    private static final long COUNT_MAX = (1L << COUNT_BITS) - 1;
    private static final long INTERVAL_MASK = (1L << 24) - 1;

    /** What the active check says. Immutable. */
    public enum Verdict {
        /** There is no check, or it has not decided yet. */
        UNKNOWN,
        HEALTHY,
        UNHEALTHY
    }

    private static final Verdict[] VERDICTS = Verdict.values();
    private static final int VERDICT_SHIFT = 30;
    private static final int STREAK_MASK = (1 << VERDICT_SHIFT) - 1;

    private final String name;
    private final String hostField;
    private final String secureHostField;
    private final String host;
    private final int port;
    private final AtomicLong passive = new AtomicLong();
    private final AtomicLong interval = new AtomicLong();
    private final AtomicInteger checked = new AtomicInteger();
    private final AtomicInteger inFlight = new AtomicInteger();
    private volatile long backSinceMillis = Long.MIN_VALUE;
    private volatile boolean warm;

    TargetState(String name, String host, int port) {
        this.name = name;
        this.host = host;
        this.port = port;
        String bracketed = name.indexOf(':') >= 0 ? "[" + name + "]" : name;
        this.hostField = port == 80 ? bracketed : bracketed + ":" + port;
        this.secureHostField = port == 443 ? bracketed : bracketed + ":" + port;
    }

    /** Whom calls of it name: the host, or the name whose addresses are followed and have this one. */
    public String name() {
        return name;
    }

    /** The Host field for that in the clear (RFC 9110, 7.2). */
    public String hostField() {
        return hostField;
    }

    /** The Host field for that over TLS. */
    public String secureHostField() {
        return secureHostField;
    }

    /** Host name or IP address. */
    public String host() {
        return host;
    }

    /** Port, 1 to 65535. */
    public int port() {
        return port;
    }

    /** Whether it may get calls as far as its connections go: one that joins others waits until one is open. */
    public boolean isWarm() {
        return warm;
    }

    /** A connection is open, or none could be opened in time: what that means is for calls and checks to say. */
    public void warmed() {
        warm = true;
    }

    /** Whether new calls pass this target over: ejected, or found unhealthy by its check. */
    public boolean isOut(long nowMillis) {
        return isEjected(nowMillis) || verdict() == Verdict.UNHEALTHY;
    }

    /** Whether calls that failed keep new ones away. */
    public boolean isEjected(long nowMillis) {
        long word = passive.get();
        return word != 0 && nowMillis < (word >>> UNTIL_SHIFT);
    }

    /** When the ejection ends, milliseconds since the Unix epoch; 0 when it is over or there was none. */
    public long ejectedUntilMillis(long nowMillis) {
        return isEjected(nowMillis) ? passive.get() >>> UNTIL_SHIFT : 0;
    }

    /** Failures in a row so far. */
    public int consecutiveFailures() {
        return (int) (passive.get() & FAILURES_MAX);
    }

    public Verdict verdict() {
        return VERDICTS[checked.get() >>> VERDICT_SHIFT];
    }

    /** A call was sent here. */
    public void onCallStart() {
        inFlight.incrementAndGet();
    }

    /** A call that was sent here ended, in whatever way. */
    public void onCallEnd() {
        inFlight.decrementAndGet();
    }

    /** Calls sent here that have not ended. */
    public int inFlight() {
        return inFlight.get();
    }

    /** An attempt ended well: forgets failures and ends an ejection. */
    void onSuccess() {
        // Read first: the word is almost always clear, and a plain read keeps its cache line shared between cores.
        if (passive.get() != 0) {
            passive.set(0);
        }
    }

    /** Counts one failure; true when there have been enough of them in a row. */
    boolean onFailure(int enough) {
        while (true) {
            long before = passive.get();
            long failures = Math.min((before & FAILURES_MAX) + 1, FAILURES_MAX);
            if (passive.compareAndSet(before, (before & ~FAILURES_MAX) | failures)) {
                return enough > 0 && failures >= enough;
            }
        }
    }

    /** Ejects for as long as its ejections in a row say; false when it is ejected already. */
    boolean eject(EjectionRules rules, long nowMillis) {
        while (true) {
            long before = passive.get();
            if ((before >>> UNTIL_SHIFT) > nowMillis) {
                return false;
            }
            long ejections = Math.min(((before >>> FAILURE_BITS) & EJECTIONS_MAX) + 1, EJECTIONS_MAX);
            long until = nowMillis + Math.min(ejections * rules.ejectionMillis(), rules.ejectionMillisMax());
            long after = (until << UNTIL_SHIFT) | (ejections << FAILURE_BITS) | (before & FAILURES_MAX);
            if (passive.compareAndSet(before, after)) {
                backSinceMillis = until;
                return true;
            }
        }
    }

    /** Counts an attempt in its interval; the counts of the interval so far, as {@link #calls} and {@link #failures} read. */
    long count(boolean failed, int intervalMillis, long nowMillis) {
        long number = (nowMillis / intervalMillis) & INTERVAL_MASK;
        while (true) {
            long before = interval.get();
            long kept = (before >>> INTERVAL_SHIFT) == number ? before : number << INTERVAL_SHIFT;
            if (calls(kept) == COUNT_MAX) {
                return kept;
            }
            long after = kept + (1L << COUNT_BITS) + (failed ? 1 : 0);
            if (interval.compareAndSet(before, after)) {
                return after;
            }
        }
    }

    /** The counts of the interval that {@code nowMillis} lies in. */
    long counts(int intervalMillis, long nowMillis) {
        long word = interval.get();
        return (word >>> INTERVAL_SHIFT) == ((nowMillis / intervalMillis) & INTERVAL_MASK) ? word : 0;
    }

    static long calls(long counts) {
        return (counts >>> COUNT_BITS) & COUNT_MAX;
    }

    static long failures(long counts) {
        return counts & COUNT_MAX;
    }

    /**
     * Takes an answer of the active check. The first answer decides at once; afterwards it takes as many in a row as the
     * threshold of the other verdict says.
     *
     * @return whether the verdict changed
     */
    public boolean onCheck(boolean good, int healthyThreshold, int unhealthyThreshold, long nowMillis) {
        while (true) {
            int before = checked.get();
            Verdict verdict = VERDICTS[before >>> VERDICT_SHIFT];
            boolean speaksAgainst = good == (verdict == Verdict.UNHEALTHY);
            int streak = speaksAgainst ? (before & STREAK_MASK) + 1 : 0;
            boolean turns = verdict == Verdict.UNKNOWN
                    || (speaksAgainst && streak >= (good ? healthyThreshold : unhealthyThreshold));
            Verdict next = turns ? (good ? Verdict.HEALTHY : Verdict.UNHEALTHY) : verdict;
            int after = (next.ordinal() << VERDICT_SHIFT) | (turns ? 0 : streak);
            if (checked.compareAndSet(before, after)) {
                if (turns && next == Verdict.HEALTHY && verdict == Verdict.UNHEALTHY) {
                    backSinceMillis = nowMillis;
                }
                return next != verdict;
            }
        }
    }

    /** There is no active check any more. */
    public void forgetCheck() {
        checked.set(0);
    }

    /** Since when it has been there (again), for a slow start; before the first time there is none. */
    void joined(long nowMillis) {
        if (backSinceMillis == Long.MIN_VALUE) {
            backSinceMillis = nowMillis;
        }
    }

    /** How much of its share it takes while it starts slowly, in 1/256, 1 to 256. */
    int rampOf256(int slowStartMillis, long nowMillis) {
        long since = nowMillis - backSinceMillis;
        if (since >= slowStartMillis) {
            return 256;
        }
        return (int) Math.max(1, since * 256 / slowStartMillis);
    }

    @Override
    public String toString() {
        return host + ":" + port;
    }
}
