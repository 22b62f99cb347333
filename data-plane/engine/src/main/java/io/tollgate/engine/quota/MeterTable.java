package io.tollgate.engine.quota;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What subjects owe, by the generic cell rate algorithm, in memory that has a bound. Shared; lock-free for subjects that are known.
 *
 * <p>Implementation note.
 *
 * <pre>
 *   key ──▶ segment ──▶ bucket of 8 cells   │ high │ low │ tat │ high │ low │ tat │ ...
 *
 *            now                 tat            now + burst * interval
 *   ──────────┼───────────────────┼─────────────────────┼──────▶ time
 *             │◀── already spent ─▶│◀── may still come ──▶│
 * </pre>
 *
 * The only state of a subject is the theoretical arrival time (tat): when it would be even if it had kept to one request per interval. A
 * request costs one interval. It is allowed when tat, once it has paid, is no further ahead of now than burst intervals. Invariant: in any
 * stretch of time L at most burst + L / interval requests are allowed. Time owed does not depend on the number of requests per window, so a
 * changed limit goes on from the same state.
 *
 * <p>A subject that owes nothing need not be remembered: its cell is taken by the next one. A segment whose bucket is full of such that
 * owe doubles, up to its share of the bound. Beyond that the one that owes least gives up its cell. Its tat is kept as the floor of the
 * bucket: who comes into the bucket owes that much, if it was forgotten there or not. So a caller is never allowed more than its limit,
 * however many others come, and one who calls much is the last to be forgotten. The price is paid by newcomers, who may be refused earlier,
 * and only while more subjects than the bound allows owe something at the same time. What is owed must be comparable for that: a table
 * is for windows of about the same length.
 *
 * <p>A request of a known subject is one compare-and-set of tat; each retry means that another request of the same subject was decided.
 * Cells are given away, segments doubled and requests given back under the segment's lock, and who finds a cell in the middle of that waits
 * for the lock. Who pays into a cell that was given away meanwhile pays again where it is now.
 *
 * <p>Sources: ITU-T I.371, annex A (virtual scheduling); Metwally, Agrawal and El Abbadi, Efficient computation of frequent and top-k
 * elements (2005), for giving the least count to newcomers. All times are from one monotonic clock and are compared by difference, since such a
 * clock may start anywhere.
 */
final class MeterTable {
    /** Cells of a bucket: 192 bytes, three cache lines. */
    static final int BUCKET = 8;

    static final int SEGMENTS = 64;

    private static final int SEGMENT_SHIFT = Long.SIZE - Integer.numberOfTrailingZeros(SEGMENTS);
    private static final int CELL = 3;
    private static final int LOW = 1;
    private static final int TAT = 2;
    /** Stands for tat in cells that are no longer these: look again. */
    private static final long MOVED = Long.MIN_VALUE;
    /** A floor where nobody was forgotten. */
    private static final long NEVER = Long.MIN_VALUE;

    private static final VarHandle CELLS = MethodHandles.arrayElementVarHandle(long[].class);

    private final Segment[] segments = new Segment[SEGMENTS];
    private final AtomicLong forgotten = new AtomicLong();

    /** @param cellsMax a power of two from {@code SEGMENTS * BUCKET} on; each takes 24 bytes */
    MeterTable(int cellsMax) {
        int share = cellsMax / SEGMENTS;
        if (Integer.bitCount(cellsMax) != 1 || share < BUCKET) {
            throw new IllegalArgumentException(
                    cellsMax + " cells (expected: a power of two from " + SEGMENTS * BUCKET + ")");
        }
        for (int i = 0; i < SEGMENTS; i++) {
            segments[i] = new Segment(share);
        }
    }

    /**
     * Takes one request if the window allows it.
     *
     * @return time that is owed after it, from 0 to the tolerance, or the complement (below 0) of the time owed when refused
     */
    long tryTake(long high, long low, long intervalNanos, long toleranceNanos, long nowNanos) {
        Segment segment = segment(high);
        long key = key(high);
        while (true) {
            long[] cells = segment.cells;
            int cell = find(cells, key, low);
            if (cell < 0) {
                segment.insert(key, low, nowNanos);
                continue;
            }
            long before = (long) CELLS.getVolatile(cells, cell + TAT);
            if (before == MOVED) {
                segment.await();
                continue;
            }
            long owed = Math.max(0, before - nowNanos);
            if (owed > toleranceNanos - intervalNanos) {
                if (isStill(cells, cell, key, low)) {
                    return ~owed;
                }
            } else if (CELLS.compareAndSet(cells, cell + TAT, before, nowNanos + owed + intervalNanos)
                    && isStill(cells, cell, key, low)) {
                return owed + intervalNanos;
            }
        }
    }

    /**
     * What a subject owes, without taking anything.
     *
     * @return 0 for one that is not known; it may be refused all the same
     */
    long owed(long high, long low, long nowNanos) {
        Segment segment = segment(high);
        long key = key(high);
        while (true) {
            long[] cells = segment.cells;
            int cell = find(cells, key, low);
            if (cell < 0) {
                return 0;
            }
            long tat = (long) CELLS.getVolatile(cells, cell + TAT);
            if (tat != MOVED) {
                return Math.max(0, tat - nowNanos);
            }
            segment.await();
        }
    }

    /** Gives this much back of what a request cost. Who was forgotten gets nothing. */
    void giveBack(long high, long low, long nanos) {
        segment(high).giveBack(key(high), low, nanos);
    }

    /** Subjects that were forgotten although they owed something, since the start. */
    long forgotten() {
        return forgotten.get();
    }

    /** Cells that there are now. */
    long cells() {
        long all = 0;
        for (Segment segment : segments) {
            long[] cells = segment.cells;
            all += cells.length / CELL;
        }
        return all;
    }

    private Segment segment(long high) {
        return segments[(int) (high >>> SEGMENT_SHIFT)];
    }

    /** An empty cell has 0 there. */
    private static long key(long high) {
        return high == 0 ? 1 : high;
    }

    private static int bucket(long[] cells, long low) {
        int buckets = cells.length / (BUCKET * CELL);
        return ((int) low & (buckets - 1)) * BUCKET * CELL;
    }

    private static int find(long[] cells, long high, long low) {
        int from = bucket(cells, low);
        for (int cell = from; cell < from + BUCKET * CELL; cell += CELL) {
            if (isStill(cells, cell, high, low)) {
                return cell;
            }
        }
        return -1;
    }

    private static boolean isStill(long[] cells, int cell, long high, long low) {
        return (long) CELLS.getVolatile(cells, cell) == high && (long) CELLS.getVolatile(cells, cell + LOW) == low;
    }

    /** A part of the table that grows by itself. */
    private final class Segment {
        private final int cellsMax;

        private volatile long[] cells = new long[BUCKET * CELL];
        /** Of each bucket the latest tat that was forgotten there; under the lock. */
        private long[] floors = {NEVER};

        Segment(int cellsMax) {
            this.cellsMax = cellsMax;
        }

        /** Returns when nobody changes the cells. */
        synchronized void await() {
            // The lock is all that is waited for.
        }

        synchronized void insert(long high, long low, long nowNanos) {
            long[] now = cells;
            while (find(now, high, low) < 0) {
                int least = least(now, low);
                boolean empty = now[least] == 0;
                long tat = tat(now, least);
                boolean owes = !empty && tat - nowNanos > 0;
                if (owes && now.length / CELL < cellsMax) {
                    now = doubled(now);
                    cells = now;
                } else {
                    int bucket = least / (BUCKET * CELL);
                    long floor = owes ? later(floors[bucket], tat) : floors[bucket];
                    long owed = floor == NEVER ? nowNanos : later(floor, nowNanos);
                    if (give(now, least, tat, owed, high, low) && owes) {
                        floors[bucket] = floor;
                        forgotten.incrementAndGet();
                    }
                }
            }
        }

        /** Gives a cell away unless somebody has paid into it meanwhile. Who has found it by its old key waits and looks again. */
        private static boolean give(long[] cells, int cell, long tat, long newTat, long high, long low) {
            if (!CELLS.compareAndSet(cells, cell + TAT, tat, MOVED)) {
                return false;
            }
            // Never one half of a key with half of the other: who reads in between finds nobody.
            CELLS.setVolatile(cells, cell, 0L);
            CELLS.setVolatile(cells, cell + LOW, low);
            CELLS.setVolatile(cells, cell, high);
            CELLS.setVolatile(cells, cell + TAT, newTat);
            return true;
        }

        private static long later(long one, long other) {
            return one == NEVER || other - one > 0 ? other : one;
        }

        synchronized void giveBack(long high, long low, long nanos) {
            long[] now = cells;
            int cell = find(now, high, low);
            if (cell >= 0) {
                CELLS.getAndAdd(now, cell + TAT, -nanos);
            }
        }

        /** The cell to be given away: an empty one, else that of the bucket in which least is owed. */
        private static int least(long[] now, long low) {
            int from = bucket(now, low);
            int least = from;
            for (int cell = from; cell < from + BUCKET * CELL; cell += CELL) {
                if (now[cell] == 0) {
                    return cell;
                }
                if (tat(now, cell) - tat(now, least) < 0) {
                    least = cell;
                }
            }
            return least;
        }

        private static long tat(long[] cells, int cell) {
            return (long) CELLS.getVolatile(cells, cell + TAT);
        }

        private long[] doubled(long[] small) {
            long[] large = new long[2 * small.length];
            // What was forgotten in a bucket may be of either half.
            floors = Arrays.copyOf(floors, 2 * floors.length);
            System.arraycopy(floors, 0, floors, floors.length / 2, floors.length / 2);
            for (int cell = 0; cell < small.length; cell += CELL) {
                if (small[cell] != 0) {
                    int to = bucket(large, small[cell + LOW]);
                    while (large[to] != 0) {
                        to += CELL;
                    }
                    large[to] = small[cell];
                    large[to + LOW] = small[cell + LOW];
                    large[to + TAT] = (long) CELLS.getAndSet(small, cell + TAT, MOVED);
                }
            }
            return large;
        }
    }
}
