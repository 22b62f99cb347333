package io.tollgate.engine.compile;

import io.tollgate.engine.access.TimeWindow;
import io.tollgate.proto.config.v1.WeekDay;
import java.time.DayOfWeek;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Times of day as the wire has them. Immutable functions. */
final class TimeWindowText {
    private static final Pattern TIME = Pattern.compile("([01][0-9]|2[0-3]):[0-5][0-9]");
    private static final String END_OF_DAY = "24:00";

    private TimeWindowText() {}

    static void check(io.tollgate.proto.config.v1.TimeWindow window, String at, ObjectProblems problems) {
        for (int i = 0; i < window.getDaysCount(); i++) {
            if (window.getDays(i) == WeekDay.WEEK_DAY_UNSPECIFIED || window.getDays(i) == WeekDay.UNRECOGNIZED) {
                problems.add(at + "/days/" + i, window.getDaysValue(i), "a day of the week");
            }
        }
        boolean times = true;
        if (!TIME.matcher(window.getFrom()).matches()) {
            problems.add(at + "/from", window.getFrom(), "00:00 to 23:59");
            times = false;
        }
        if (!TIME.matcher(window.getTo()).matches() && !window.getTo().equals(END_OF_DAY)) {
            problems.add(at + "/to", window.getTo(), "00:00 to 24:00");
            times = false;
        }
        if (times && window.getFrom().equals(window.getTo())) {
            problems.add(at + "/to", window.getTo(), "another time than from");
        }
        // A name of the database, not an offset that knows no summer.
        if (!ZoneId.getAvailableZoneIds().contains(window.getTimeZone())) {
            problems.add(at + "/time_zone", window.getTimeZone(), "a name of the IANA time zone database");
        }
    }

    /** What was checked. */
    static TimeWindow window(io.tollgate.proto.config.v1.TimeWindow window) {
        Set<DayOfWeek> days = EnumSet.noneOf(DayOfWeek.class);
        for (WeekDay day : window.getDaysList()) {
            days.add(DayOfWeek.of(day.getNumber()));
        }
        int toMinute = minute(window.getTo());
        return new TimeWindow(
                days.isEmpty() ? EnumSet.allOf(DayOfWeek.class) : days,
                minute(window.getFrom()),
                toMinute == 0 ? TimeWindow.DAY_MINUTES : toMinute,
                ZoneId.of(window.getTimeZone()));
    }

    private static int minute(String time) {
        return Integer.parseInt(time.substring(0, 2)) * 60 + Integer.parseInt(time.substring(3));
    }

    /** "monday tuesday 08:00-18:30 Europe/Zurich" */
    static String words(io.tollgate.proto.config.v1.TimeWindow window) {
        StringBuilder out = new StringBuilder();
        for (WeekDay day : window.getDaysList()) {
            out.append(day.name().substring("WEEK_DAY_".length()).toLowerCase(Locale.ROOT))
                    .append(' ');
        }
        return out.append(window.getFrom())
                .append('-')
                .append(window.getTo())
                .append(' ')
                .append(window.getTimeZone())
                .toString();
    }
}
