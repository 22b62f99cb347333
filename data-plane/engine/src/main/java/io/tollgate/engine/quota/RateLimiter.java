package io.tollgate.engine.quota;

import java.util.List;

/**
 * A rate limit with the meters that it counts in. Immutable; its meters are shared and lock-free.
 *
 * <p>Implementation note. Windows are asked one after the other; when one refuses, what the earlier ones took is given
 * back. Between the two another request of the same subject may be refused that would have been allowed; none is ever
 * allowed that should not be. With one window the number of admitted requests is exact.
 */
public final class RateLimiter {
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private final RateLimit limit;
    private final SubjectMeters[] meters;
    private final long[] intervalNanos;
    private final long[] toleranceNanos;
    private final String[] windowNames;
    private final String policyHeader;

    private RateLimiter(RateLimit limit, CounterTable counters) {
        this.limit = limit;
        List<RateWindow> windows = limit.windows();
        int count = windows.size();
        meters = new SubjectMeters[count];
        intervalNanos = new long[count];
        toleranceNanos = new long[count];
        windowNames = new String[count];
        StringBuilder header = new StringBuilder();
        for (int i = 0; i < count; i++) {
            RateWindow window = windows.get(i);
            meters[i] = counters.adopt(new CounterKey(limit.ownerId(), window.windowSeconds()));
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
     * Takes one request of this subject if all windows allow it; takes nothing otherwise. Allocates only for a subject that
     * was not seen for a whole window.
     *
     * @param subject id of the consumer, or client address
     * @param nowNanos time of a monotonic clock
     * @param into receives the decision
     * @return whether the request may pass
     */
    public boolean tryAcquire(String subject, SubjectKind kind, long nowNanos, RateDecision into) {
        int binding = 0;
        long bindingRemaining = Long.MAX_VALUE;
        long bindingOwed = 0;
        for (int i = 0; i < meters.length; i++) {
            long owed = meters[i].meter(subject, kind, nowNanos).tryTake(intervalNanos[i], toleranceNanos[i], nowNanos);
            if (owed < 0) {
                giveBack(subject, kind, nowNanos, i);
                long wait = ~owed + intervalNanos[i] - toleranceNanos[i];
                into.set(this, i, 0, ceilSeconds(~owed), Math.max(1, ceilSeconds(wait)));
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

    /** Gives one acquired request back, because something after this limiter refused it or the gateway failed it. */
    public void giveBack(String subject, SubjectKind kind, long nowNanos) {
        giveBack(subject, kind, nowNanos, meters.length);
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

    private void giveBack(String subject, SubjectKind kind, long nowNanos, int windows) {
        for (int i = 0; i < windows; i++) {
            meters[i].meter(subject, kind, nowNanos).giveBack(intervalNanos[i]);
        }
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
