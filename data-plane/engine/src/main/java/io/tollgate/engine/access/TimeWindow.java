package io.tollgate.engine.access;

import java.time.DayOfWeek;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.Set;

/**
 * A time of day by the clock on the wall. Immutable.
 *
 * <p>What counts is what the clock shows: an hour that is skipped when summer begins is not there, one that comes twice when summer
 * ends counts twice.
 *
 * @param days on which it begins; one at least
 * @param fromMinute first minute of the day, 0 to 1439
 * @param toMinute first minute that is not in it any more, 1 to 1440; where it is not after {@code fromMinute}, of the next day
 * @param zone of the clock
 */
public record TimeWindow(Set<DayOfWeek> days, int fromMinute, int toMinute, ZoneId zone) {
    /** Minutes of a day. */
    public static final int DAY_MINUTES = 1_440;

    /** Copies the set. */
    public TimeWindow {
        if (days.isEmpty() || fromMinute < 0 || fromMinute >= DAY_MINUTES || toMinute < 1 || toMinute > DAY_MINUTES) {
            throw new IllegalArgumentException(days + " " + fromMinute + " " + toMinute);
        }
        days = Set.copyOf(EnumSet.copyOf(days));
    }

    /** Whether the clock on the wall shows a time that is in it. */
    boolean isOpen(DayOfWeek day, int minute) {
        if (fromMinute < toMinute) {
            return days.contains(day) && minute >= fromMinute && minute < toMinute;
        }
        return (days.contains(day) && minute >= fromMinute) || (days.contains(day.minus(1)) && minute < toMinute);
    }

    /** The next minute of the day at which that may change; at the latest the end of the day. */
    int boundaryAfter(int minute) {
        int next = DAY_MINUTES;
        if (fromMinute > minute) {
            next = fromMinute;
        }
        return toMinute > minute ? Math.min(next, toMinute) : next;
    }
}
