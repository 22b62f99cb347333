package io.tollgate.engine.quota;

/**
 * Where all rate limits of a node count. Shared; lock-free for subjects that are known.
 *
 * <p>A count is found by its limit's owner, the length of the window and the subject, so a limit that is replaced by one of the same owner
 * and length goes on where it stands, and one that is gone is forgotten once nobody owes it anything. The ways in which the memory has
 * bounds: consumers, credentials, plans and routes are as many as the catalog has; what callers can invent, addresses and header fields,
 * counts in a table of its own, so that a flood of it takes nothing from the known.
 */
public final class CounterTable {
    /** Most subjects from outside that owe something at the same time: 24 MiB. */
    public static final int OUTSIDE_MAX = 1 << 20;
    /** The same for those of the catalog: 96 MiB. */
    public static final int CATALOG_MAX = 1 << 22;

    private final MeterTable outside;
    private final MeterTable catalog;

    /** An empty table. */
    public CounterTable() {
        this(OUTSIDE_MAX);
    }

    /** @param outsideMax a power of two, at least 512 */
    CounterTable(int outsideMax) {
        outside = new MeterTable(outsideMax);
        catalog = new MeterTable(CATALOG_MAX);
    }

    MeterTable of(Subject subject) {
        return subject.isFromOutside() ? outside : catalog;
    }

    /** Subjects from outside that took over what another one owed, since the start: more came than there are places. */
    public long takenOver() {
        return outside.takenOver() + catalog.takenOver();
    }

    /** Places that there are now. */
    public long cells() {
        return outside.cells() + catalog.cells();
    }
}
