package io.tollgate.engine.compile;

import io.tollgate.engine.quota.CounterTable;
import io.tollgate.engine.quota.RateLimit;
import io.tollgate.engine.quota.RateLimiter;
import io.tollgate.engine.quota.RateSubject;
import io.tollgate.proto.config.v1.RateWindow;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Rate windows: checks them and makes {@link RateLimiter}s that go on from their counts. Compile thread only. */
final class LimitCompiler {
    private final CounterTable counters;

    LimitCompiler(CounterTable counters) {
        this.counters = counters;
    }

    void check(List<RateWindow> windows, String at, ObjectProblems problems) {
        if (windows.size() > RateLimit.WINDOWS_MAX) {
            problems.add(at, windows.size() + " windows", "at most " + RateLimit.WINDOWS_MAX);
        }
        Set<Integer> lengths = new HashSet<>();
        for (int i = 0; i < windows.size(); i++) {
            RateWindow window = windows.get(i);
            String one = at + "/" + i;
            long requests = Integer.toUnsignedLong(window.getRequests());
            problems.range(one + "/requests", requests, 1, io.tollgate.engine.quota.RateWindow.REQUESTS_MAX);
            problems.range(
                    one + "/window_seconds",
                    Integer.toUnsignedLong(window.getWindowSeconds()),
                    1,
                    io.tollgate.engine.quota.RateWindow.WINDOW_SECONDS_MAX);
            problems.range(one + "/burst", Integer.toUnsignedLong(window.getBurst()), 1, Math.max(1, requests));
            if (!lengths.add(window.getWindowSeconds())) {
                problems.add(one + "/window_seconds", window.getWindowSeconds(), "windows of different lengths");
            }
        }
    }

    RateLimiter compile(String ownerId, String name, RateSubject subject, List<RateWindow> windows) {
        List<io.tollgate.engine.quota.RateWindow> parsed = new ArrayList<>(windows.size());
        for (RateWindow window : windows) {
            parsed.add(new io.tollgate.engine.quota.RateWindow(
                    window.getRequests(), window.getWindowSeconds(), window.getBurst()));
        }
        return RateLimiter.of(new RateLimit(ownerId, name, subject, parsed), counters);
    }
}
