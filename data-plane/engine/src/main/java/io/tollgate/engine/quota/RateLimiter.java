package io.tollgate.engine.quota;

import java.util.List;

/**
 * A rate limit with the tables that it counts in. Immutable; the tables are shared and lock-free for subjects that are known.
 *
 * <p>Implementation note. All windows are looked at before anything is taken, so that a refused request writes nothing. When another
 * request of the same subject is quicker than the taking, what earlier windows took is given back. Between the two another request of that
 * subject may be refused that would have been allowed; none is ever allowed that should not be. With one window the number of admitted
 * requests is exact.
 *
 * <p>What is given back later is what is still owed for it at least: its cost drains with time like all debt, from its first moment on
 * where nothing was owed before it. To give back what has drained would let more pass at once than the burst.
 */
public final class RateLimiter {
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private final RateLimit limit;
    private final MeterTable[] catalog;
    private final MeterTable[] outside;
    private final long[] windowHigh;
    private final long[] windowLow;
    private final long[] intervalNanos;
    private final long[] toleranceNanos;
    private final String[] windowNames;
    private final String policyHeader;

    private RateLimiter(RateLimit limit, CounterTable counters) {
        this.limit = limit;
        List<RateWindow> windows = limit.windows();
        int count = windows.size();
        catalog = new MeterTable[count];
        outside = new MeterTable[count];
        windowHigh = new long[count];
        windowLow = new long[count];
        Subject id = new Subject();
        intervalNanos = new long[count];
        toleranceNanos = new long[count];
        windowNames = new String[count];
        StringBuilder header = new StringBuilder();
        for (int i = 0; i < count; i++) {
            RateWindow window = windows.get(i);
            id.begin().add(limit.ownerId()).add(window.windowSeconds()).end();
            catalog[i] = counters.of(false, window.windowSeconds());
            outside[i] = counters.of(true, window.windowSeconds());
            windowHigh[i] = id.high();
            windowLow[i] = id.low();
            intervalNanos[i] = window.intervalNanos();
            toleranceNanos[i] = window.intervalNanos() * window.burst();
            windowNames[i] = quoted(count == 1 ? limit.name() : limit.name() + "-" + window.windowSeconds() + "s");
            header.append(i == 0 ? "" : ", ")
                    .append(windowNames[i])
                    .append(";q=")
                    .append(window.requests())
                    .append(";w=")
                    .append(window.windowSeconds());
        }
        policyHeader = header.toString();
    }

    /** A limiter that goes on counting where the last one with the same owner and window stands. */
    public static RateLimiter of(RateLimit limit, CounterTable counters) {
        return new RateLimiter(limit, counters);
    }

    /**
     * Takes one request of this call's subject if all windows allow it; takes nothing otherwise. Allocates only where the table of all
     * counts has to grow.
     *
     * @param scratch holds the subject meanwhile
     * @param nowNanos time of a monotonic clock
     * @param into receives the decision
     * @return whether the request may pass
     */
    public boolean tryAcquire(SubjectFacts facts, Subject scratch, long nowNanos, RateDecision into) {
        Subject subject = limit.subject().of(facts, scratch);
        MeterTable[] tables = tables(subject);
        for (int i = 0; i < tables.length && tables.length > 1; i++) {
            long owed = tables[i].owed(subject.high() ^ windowHigh[i], subject.low() ^ windowLow[i], nowNanos);
            if (owed > toleranceNanos[i] - intervalNanos[i]) {
                refuse(i, owed, into);
                return false;
            }
        }
        int binding = 0;
        long bindingRemaining = Long.MAX_VALUE;
        long bindingOwed = 0;
        for (int i = 0; i < tables.length; i++) {
            long owed = tables[i].tryTake(
                    subject.high() ^ windowHigh[i],
                    subject.low() ^ windowLow[i],
                    intervalNanos[i],
                    toleranceNanos[i],
                    nowNanos);
            if (owed < 0) {
                for (int taken = 0; taken < i; taken++) {
                    giveBack(tables, subject, taken, intervalNanos[taken]);
                }
                refuse(i, ~owed, into);
                return false;
            }
            long remaining = (toleranceNanos[i] - owed) / intervalNanos[i];
            if (remaining < bindingRemaining) {
                binding = i;
                bindingRemaining = remaining;
                bindingOwed = owed;
            }
        }
        into.set(this, binding, bindingRemaining, ceilSeconds(bindingOwed), 0);
        return true;
    }

    private void refuse(int window, long owed, RateDecision into) {
        long wait = owed + intervalNanos[window] - toleranceNanos[window];
        into.set(this, window, 0, ceilSeconds(owed), Math.max(1, ceilSeconds(wait)));
    }

    /**
     * Gives one acquired request back, because something after this limiter refused it or the gateway failed it.
     *
     * @param sinceNanos how long ago it was acquired
     */
    public void giveBack(SubjectFacts facts, Subject scratch, long sinceNanos) {
        Subject subject = limit.subject().of(facts, scratch);
        MeterTable[] tables = tables(subject);
        for (int i = 0; i < tables.length; i++) {
            long left = intervalNanos[i] - sinceNanos;
            if (left > 0) {
                giveBack(tables, subject, i, left);
            }
        }
    }

    private MeterTable[] tables(Subject subject) {
        return subject.isFromOutside() ? outside : catalog;
    }

    private void giveBack(MeterTable[] tables, Subject subject, int window, long nanos) {
        tables[window].giveBack(subject.high() ^ windowHigh[window], subject.low() ^ windowLow[window], nanos);
    }

    /** The configuration of this limiter. */
    public RateLimit limit() {
        return limit;
    }

    /** The value of the field {@code RateLimit-Policy}: {@code "name";q=100;w=60}, one item per window. */
    public String policyHeader() {
        return policyHeader;
    }

    String windowName(int window) {
        return windowNames[window];
    }

    private static long ceilSeconds(long nanos) {
        return (nanos + NANOS_PER_SECOND - 1) / NANOS_PER_SECOND;
    }

    /** A structured-field string (RFC 9651, section 3.3.3): printable ASCII, quote and backslash escaped. */
    private static String quoted(String text) {
        StringBuilder out = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\');
            }
            out.append(c < ' ' || c > '~' ? '?' : c);
        }
        return out.append('"').toString();
    }
}
