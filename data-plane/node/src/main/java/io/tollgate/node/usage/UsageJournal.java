package io.tollgate.node.usage;

import io.tollgate.node.exchange.UsageEntry;
import io.tollgate.node.exchange.UsageSink;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Counts the calls of one event loop into memory-mapped segments. Event-loop confined, except where a method says
 * otherwise.
 *
 * <p>Implementation note. A call's key is hashed into an open-addressed index on the heap whose entries hold the upper
 * half of the hash and the slot; slots fill in order. The index has twice as many places as the segment has slots, so a
 * probe ends soon and an empty place always exists. A count is a probe and four plain stores; nothing is allocated.
 * Segments roll each second (so that the ledger is fresh) or when they are full; with a backlog they roll only when
 * full, since one long segment holds an hour away from the control plane in far fewer bytes than 3,600 short ones.
 */
public final class UsageJournal implements UsageSink {
    /** From this many waiting segments on a segment is filled before the next one is begun. */
    private static final int BACKLOG_SEGMENTS_MAX = 8;
    /** Share of the slots kept for calls that were admitted before the journal ran out of room. */
    private static final int RESERVED_SHARE = 8;

    private static final long TAG_MASK = 0xFFFF_FFFF_0000_0000L;

    private final SegmentStore store;
    private final long[] index;
    private final int slotCount;
    private final AtomicLong unmeteredTotal = new AtomicLong();
    private volatile @Nullable Segment current;
    private int used;
    private long unmeteredCarried;

    /** A journal with its first segment, if the disk has room for one. */
    public UsageJournal(SegmentStore store, JournalBounds bounds) {
        this.store = store;
        this.slotCount = bounds.slotCount();
        this.index = new long[Integer.highestOneBit(slotCount - 1) * 4];
        begin(store.take());
    }

    @Override
    public boolean hasRoom() {
        return (current != null && slotCount - used > slotCount / RESERVED_SHARE) || roll();
    }

    @Override
    public boolean count(UsageEntry entry) {
        Segment segment = current;
        if (segment != null) {
            long hash = hash(entry);
            int place = place(segment, entry, hash);
            int slot = (int) index[place] - 1;
            if (slot < 0 && used < slotCount) {
                slot = used++;
                segment.writeKey(slot, entry);
                index[place] = (hash & TAG_MASK) | (slot + 1);
            }
            if (slot >= 0) {
                segment.count(slot, entry.requestBytes(), entry.responseBytes());
                return true;
            }
        }
        return roll() && count(entry); // A fresh segment has room: at most one round more.
    }

    @Override
    public void countUnmetered() {
        unmeteredTotal.lazySet(unmeteredTotal.get() + 1);
        Segment segment = current;
        if (segment == null) {
            unmeteredCarried++;
        } else {
            segment.countUnmetered(1);
        }
    }

    /** Once a second: hands over what was counted since, unless so much waits that filling the segment is better. */
    public void tick() {
        Segment segment = current;
        if (segment == null) {
            roll();
        } else if ((used > 0 || segment.unmetered() > 0) && store.backlog() < BACKLOG_SEGMENTS_MAX) {
            roll();
        }
    }

    /** At the end: hands over everything, so that it is sealed and sent. A later count begins anew. */
    public void seal() {
        Segment segment = current;
        if (segment != null) {
            int slotsUsed = used;
            begin(null);
            handOver(segment, slotsUsed);
        }
    }

    /** Calls served without being metered since the start. Any thread. */
    public long unmeteredTotal() {
        return unmeteredTotal.get();
    }

    /** Makes what is counted so far survive a power cut. Reporter thread. */
    void force() {
        Segment segment = current;
        if (segment != null) {
            segment.force();
        }
    }

    private boolean roll() {
        Segment next = store.take();
        if (next == null) {
            return false;
        }
        Segment full = current;
        int fullUsed = used;
        begin(next);
        if (full != null) {
            handOver(full, fullUsed);
        }
        return true;
    }

    private void begin(@Nullable Segment next) {
        Arrays.fill(index, 0);
        used = 0;
        current = next;
        if (next != null && unmeteredCarried > 0) {
            next.countUnmetered(unmeteredCarried);
            unmeteredCarried = 0;
        }
    }

    private void handOver(Segment segment, int slotsUsed) {
        segment.slotsUsed(slotsUsed);
        store.handOver(segment);
    }

    /** The place of this key in the index, or the empty place where it belongs. */
    private int place(Segment segment, UsageEntry entry, long hash) {
        int mask = index.length - 1;
        int place = (int) hash & mask;
        while (index[place] != 0) {
            if ((index[place] ^ hash) >>> 32 == 0 && segment.hasKey((int) index[place] - 1, entry)) {
                return place;
            }
            place = (place + 1) & mask;
        }
        return place;
    }

    private static long hash(UsageEntry entry) {
        long hash = mix(entry.consumerLow() ^ entry.consumerHigh());
        hash = mix(hash ^ entry.credentialLow() ^ entry.credentialHigh());
        hash = mix(hash ^ entry.planLow() ^ entry.planHigh());
        hash = mix(hash ^ entry.routeLow() ^ entry.routeHigh());
        return mix(hash ^ entry.minute() << 3 ^ entry.outcomeClass().number());
    }

    /** A multiplication and a fold: enough to spread ids that are random already. */
    private static long mix(long value) {
        long product = value * 0x9E37_79B9_7F4A_7C15L;
        return product ^ product >>> 32;
    }
}
