package io.tollgate.engine.access;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Time windows of which one is enough. Shared; lock-free.
 *
 * <p>Implementation note. Between two boundaries the answer stays the same: a boundary is where the clock on some wall shows the
 * begin or end of its window or midnight, or is set forward or back. The span around the moment that was last asked for is kept in
 * one reference to something immutable, so whoever reads it reads all of it, and two that replace it at once make the same. Within it
 * an answer is two comparisons; a boundary costs a few objects, a handful of times a day.
 */
public final class TimeWindows {
    /** Always. */
    public static final TimeWindows NONE = new TimeWindows(List.of());

    private static final long MINUTE_MILLIS = 60_000;
    private static final long DAY_MILLIS = TimeWindow.DAY_MINUTES * MINUTE_MILLIS;

    private final List<TimeWindow> windows;
    private volatile @Nullable Span last;

    private TimeWindows(List<TimeWindow> windows) {
        this.windows = List.copyOf(windows);
    }

    /** From the first to the last but one millisecond, it is open or not. Immutable. */
    private record Span(long fromMillis, long untilMillis, boolean open) {}

    public static TimeWindows of(List<TimeWindow> windows) {
        return windows.isEmpty() ? NONE : new TimeWindows(windows);
    }

    public boolean isEmpty() {
        return windows.isEmpty();
    }

    /** Whether one of them is open then; milliseconds since the Unix epoch. */
    public boolean isOpen(long nowMillis) {
        Span span = last;
        if (span == null || nowMillis < span.fromMillis || nowMillis >= span.untilMillis) {
            span = spanFrom(nowMillis);
            last = span;
        }
        return span.open;
    }

    private Span spanFrom(long nowMillis) {
        Instant now = Instant.ofEpochMilli(nowMillis);
        boolean open = false;
        long untilMillis = Long.MAX_VALUE;
        for (TimeWindow window : windows) {
            ZoneRules rules = window.zone().getRules();
            long wallMillis = nowMillis + rules.getOffset(now).getTotalSeconds() * 1_000L;
            long ofDayMillis = Math.floorMod(wallMillis, DAY_MILLIS);
            int minute = (int) (ofDayMillis / MINUTE_MILLIS);
            open |= window.isOpen(dayOf(wallMillis), minute);
            long boundaryMillis = window.boundaryAfter(minute) * MINUTE_MILLIS;
            untilMillis = Math.min(untilMillis, nowMillis + boundaryMillis - ofDayMillis);
            ZoneOffsetTransition transition = rules.nextTransition(now);
            if (transition != null) {
                untilMillis = Math.min(untilMillis, transition.getInstant().toEpochMilli());
            }
        }
        return new Span(nowMillis, untilMillis, open);
    }

    private static DayOfWeek dayOf(long wallMillis) {
        // The first day of the epoch was a Thursday.
        return DayOfWeek.THURSDAY.plus(Math.floorDiv(wallMillis, DAY_MILLIS));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TimeWindows that && windows.equals(that.windows);
    }

    @Override
    public int hashCode() {
        return windows.hashCode();
    }
}
