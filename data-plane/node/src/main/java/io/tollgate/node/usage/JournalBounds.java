package io.tollgate.node.usage;

/**
 * How large the journal may be. Immutable.
 *
 * @param slotCount slots of one segment
 * @param bytesMax all segments together
 * @param spareCount prepared segments that wait to be taken; at least one per event loop
 */
public record JournalBounds(int slotCount, long bytesMax, int spareCount) {
    /** One segment is 1 MiB: a second of 8,000 different callers on one loop, and a batch well below a message's bound. */
    public static final int SLOT_COUNT = 8_192;

    /** Checks that every event loop can hold a segment and have another one sealed. */
    public JournalBounds {
        if (slotCount < 8 || slotCount > SegmentLayout.SLOTS_MAX) {
            throw new IllegalArgumentException(
                    "journal slots " + slotCount + " (expected: 8 to " + SegmentLayout.SLOTS_MAX + ")");
        }
        long bytesMin = 2L * spareCount * SegmentLayout.fileBytes(slotCount);
        if (bytesMax < bytesMin) {
            throw new IllegalArgumentException("journal bytes " + bytesMax + " (expected: at least " + bytesMin + ")");
        }
    }

    /** The usual segments, for this many event loops. */
    public static JournalBounds of(int eventLoops, long bytesMax) {
        return new JournalBounds(SLOT_COUNT, bytesMax, eventLoops + 1);
    }

    /** Files that fit. */
    int filesMax() {
        return (int) Math.min(Integer.MAX_VALUE, bytesMax / SegmentLayout.fileBytes(slotCount));
    }
}
