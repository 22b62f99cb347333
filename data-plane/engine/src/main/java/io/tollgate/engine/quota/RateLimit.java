package io.tollgate.engine.quota;

import java.util.List;

/**
 * How fast one caller may go: all windows must allow a request. Immutable.
 *
 * @param ownerId id of the policy or plan that sets the limit; its count is found again by it
 * @param name name of that policy or plan, shown to the caller
 * @param subject by what it counts
 * @param windows 1 to {@value #WINDOWS_MAX}, with different lengths
 */
public record RateLimit(String ownerId, String name, RateSubject subject, List<RateWindow> windows) {
    /** Most windows of one limit: each costs a lookup per request. */
    public static final int WINDOWS_MAX = 8;

    /** Copies the list and checks it. */
    public RateLimit {
        windows = List.copyOf(windows);
        long lengths =
                windows.stream().mapToLong(RateWindow::windowSeconds).distinct().count();
        if (windows.isEmpty() || windows.size() > WINDOWS_MAX || lengths != windows.size()) {
            throw new IllegalArgumentException(windows + " (expected: 1 to " + WINDOWS_MAX + " different windows)");
        }
    }
}
