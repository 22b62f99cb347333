package io.tollgate.engine.quota;

import java.util.Arrays;

/**
 * Where all rate limits of a node count. Shared; lock-free for subjects that are known.
 *
 * <p>A count is found by its limit's owner, the length of the window and the subject, so a limit that is replaced by one of the same owner
 * and length goes on where it stands, and one that is gone is forgotten once nobody owes it anything. The memory has bounds: consumers,
 * credentials, plans and routes are as many as the catalog has; what callers can invent, addresses and header fields, counts in tables of
 * its own, so that a flood of it takes nothing from the known. There is one for windows of up to ten seconds, a minute, ten minutes, an
 * hour, and longer: who comes into a full one is refused for about as long as its own window, however long others have to wait.
 */
public final class CounterTable {
    /** Places for subjects from outside in each of the tables: 6 MiB each. About half of them hold somebody before others are forgotten. */
    public static final int OUTSIDE_MAX = 1 << 18;
    /** Places for subjects of the catalog: 96 MiB. */
    public static final int CATALOG_MAX = 1 << 22;

    private static final int[] WINDOW_SECONDS_MAX = {10, 60, 600, 3_600, Integer.MAX_VALUE};

    private final MeterTable[] outside = new MeterTable[WINDOW_SECONDS_MAX.length];
    private final MeterTable catalog = new MeterTable(CATALOG_MAX);

    /** An empty table. */
    public CounterTable() {
        this(OUTSIDE_MAX);
    }

    /** @param outsideMax a power of two, at least 512 */
    CounterTable(int outsideMax) {
        Arrays.setAll(outside, length -> new MeterTable(outsideMax));
    }

    /** Where limits with a window of this length count subjects of the catalog, and others. */
    MeterTable of(boolean fromOutside, long windowSeconds) {
        int length = 0;
        while (windowSeconds > WINDOW_SECONDS_MAX[length]) {
            length++;
        }
        return fromOutside ? outside[length] : catalog;
    }

    /** Subjects that were forgotten although they owed something, since the start: more came than there are places. */
    public long forgotten() {
        long all = catalog.forgotten();
        for (MeterTable table : outside) {
            all += table.forgotten();
        }
        return all;
    }

    /** Places that there are now. */
    public long cells() {
        long all = catalog.cells();
        for (MeterTable table : outside) {
            all += table.cells();
        }
        return all;
    }
}
