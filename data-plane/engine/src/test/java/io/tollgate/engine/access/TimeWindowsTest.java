package io.tollgate.engine.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.engine.fixture.Seed;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TimeWindowsTest {
    private static final ZoneId ZURICH = ZoneId.of("Europe/Zurich");
    private static final Set<DayOfWeek> DAILY = EnumSet.allOf(DayOfWeek.class);
    private static final Set<DayOfWeek> WORKDAYS = EnumSet.range(DayOfWeek.MONDAY, DayOfWeek.FRIDAY);

    @Test
    void isOpen_officeHours_areThoseOfTheWallInSummerAndWinter() {
        TimeWindows office = windows(new TimeWindow(WORKDAYS, 8 * 60, 18 * 60, ZURICH));
        // A Friday in winter and one in summer.
        assertThat(office.isOpen(at("2026-01-09T07:00:00Z"))).isTrue();
        assertThat(office.isOpen(at("2026-01-09T06:59:59.999Z"))).isFalse();
        assertThat(office.isOpen(at("2026-07-10T06:00:00Z"))).isTrue();
        assertThat(office.isOpen(at("2026-07-10T15:59:59.999Z"))).isTrue();
        assertThat(office.isOpen(at("2026-07-10T16:00:00Z"))).isFalse();
        assertThat(office.isOpen(at("2026-07-11T08:00:00Z"))).isFalse();
    }

    @Test
    void isOpen_overMidnight_belongsToTheDayOnWhichItBegins() {
        TimeWindows night = windows(new TimeWindow(EnumSet.of(DayOfWeek.FRIDAY), 22 * 60, 6 * 60, ZURICH));
        assertThat(night.isOpen(at("2026-07-10T03:00:00Z"))).isFalse();
        assertThat(night.isOpen(at("2026-07-10T20:00:00Z"))).isTrue();
        assertThat(night.isOpen(at("2026-07-11T03:59:59Z"))).isTrue();
        assertThat(night.isOpen(at("2026-07-11T04:00:00Z"))).isFalse();
        assertThat(night.isOpen(at("2026-07-11T20:00:00Z"))).isFalse();
    }

    @Test
    void isOpen_whenTheClockIsSet_followsIt() {
        TimeWindows small = windows(new TimeWindow(DAILY, 2 * 60, 3 * 60, ZURICH));
        // At 01:00Z summer begins: the clock goes from 02:00 to 03:00, and the window is not there.
        for (long now = at("2026-03-29T00:00:00Z"); now < at("2026-03-29T03:00:00Z"); now += 60_000) {
            assertThat(small.isOpen(now)).isFalse();
        }
        // At 01:00Z summer ends: the clock goes from 03:00 back to 02:00, and the hour is there twice.
        assertThat(small.isOpen(at("2026-10-24T23:59:59Z"))).isFalse();
        assertThat(small.isOpen(at("2026-10-25T00:30:00Z"))).isTrue();
        assertThat(small.isOpen(at("2026-10-25T01:30:00Z"))).isTrue();
        assertThat(small.isOpen(at("2026-10-25T02:00:00Z"))).isFalse();
    }

    @Test
    void isOpen_timeGoingBack_isJudgedAnew() {
        TimeWindows office = windows(new TimeWindow(DAILY, 8 * 60, 18 * 60, ZoneId.of("UTC")));
        assertThat(office.isOpen(at("2026-01-09T12:00:00Z"))).isTrue();
        assertThat(office.isOpen(at("2026-01-09T07:00:00Z"))).isFalse();
    }

    @Test
    void isOpen_randomWindowsAndMoments_isWhatTheCalendarSays() {
        Random random = Seed.random(TimeWindowsTest.class);
        List<String> zones = List.of(
                "Europe/Zurich", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC", "America/Havana");
        for (int run = 0; run < 200; run++) {
            List<TimeWindow> windows = new ArrayList<>();
            for (int i = 0; i <= random.nextInt(3); i++) {
                Set<DayOfWeek> days =
                        EnumSet.of(DayOfWeek.of(1 + random.nextInt(7)), DayOfWeek.of(1 + random.nextInt(7)));
                int from = random.nextInt(24 * 60);
                int to = 1 + random.nextInt(24 * 60);
                if (from != to) {
                    windows.add(new TimeWindow(days, from, to, ZoneId.of(zones.get(random.nextInt(zones.size())))));
                }
            }
            TimeWindows asked = TimeWindows.of(windows);
            // Near a change of the clock on the northern half, and on the southern one.
            long now = at(random.nextBoolean() ? "2026-03-28T00:00:00Z" : "2026-10-31T00:00:00Z");
            for (int step = 0; step < 400; step++) {
                long nowMillis = now += random.nextInt(30 * 60_000);
                assertThat(asked.isOpen(nowMillis))
                        .as("%s at %s", windows, Instant.ofEpochMilli(nowMillis))
                        .isEqualTo(windows.stream().anyMatch(window -> byCalendar(window, nowMillis)));
            }
        }
    }

    private static boolean byCalendar(TimeWindow window, long nowMillis) {
        LocalDateTime wall = ZonedDateTime.ofInstant(Instant.ofEpochMilli(nowMillis), window.zone())
                .toLocalDateTime();
        for (int back = 0; back < 2; back++) {
            LocalDateTime day = wall.toLocalDate().minusDays(back).atStartOfDay();
            boolean over = window.toMinute() <= window.fromMinute();
            LocalDateTime begin = day.plusMinutes(window.fromMinute());
            LocalDateTime end = day.plusDays(over ? 1 : 0).plusMinutes(window.toMinute());
            if (window.days().contains(day.getDayOfWeek()) && !wall.isBefore(begin) && wall.isBefore(end)) {
                return true;
            }
        }
        return false;
    }

    private static TimeWindows windows(TimeWindow... windows) {
        return TimeWindows.of(List.of(windows));
    }

    private static long at(String instant) {
        return Instant.parse(instant).toEpochMilli();
    }
}
