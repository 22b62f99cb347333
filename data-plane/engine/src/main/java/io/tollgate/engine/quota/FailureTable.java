package io.tollgate.engine.quota;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts failures by where they come from, in memory that does not grow. Shared; lock-free.
 *
 * <p>Implementation note. A count-min sketch whose cells decay by themselves:
 *
 * <pre>
 *   source ──hash──▶ row 0 │ ... │ 17.2 s │ ... │     each cell: until when it is not empty, as GCRA keeps it
 *            └─────▶ row 1 │ ... │  9.0 s │ ... │     level of a source: the lower one of its cells
 * </pre>
 *
 * A failure moves a cell by window / failures into the future; a cell as far ahead as a whole window is full. Only the cells that
 * hold the lower level are moved (conservative update), so what other sources do to a source is little: it takes as many failures of
 * others in both of its cells. A source may be taken for worse than it is, never for better. Nothing is ever forgotten by eviction,
 * so many sources cannot wash one out. The hash is keyed by chance: nobody can aim at the cells of another. A change of the bound
 * resets nothing; who was full stays so for a window of the new one at most.
 *
 * <p>Sources: Cormode and Muthukrishnan, An improved data stream summary (2005); Estan and Varghese, New directions in traffic
 * measurement (2002), for the update; ITU-T I.371 for the virtual schedule of GCRA. Memory: 1 MiB. Cost: two reads; of a failure two
 * compare-and-sets more.
 */
public final class FailureTable {
    /** Cells of a row: a million sources at once are some fifteen to a cell. */
    public static final int CELLS = 1 << 16;

    private static final int ROWS = 2;
    private static final int ROW_SHIFT = 32;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    // When the cell is empty again, nanoseconds since the table was made.
    private final AtomicLongArray emptyAtNanos = new AtomicLongArray(ROWS * CELLS);
    private final LongAdder counted = new LongAdder();
    private final long seed;
    private final long startNanos;

    /**
     * An empty table.
     *
     * @param seed drawn by chance
     * @param startNanos now, on the monotonic clock
     */
    public FailureTable(long seed, long startNanos) {
        this.seed = seed;
        this.startNanos = startNanos;
    }

    /** How many failures may come from one source in how long. Immutable. */
    public record Bound(int failures, int windowSeconds) {
        private long stepNanos() {
            return windowSeconds * NANOS_PER_SECOND / failures;
        }

        private long windowNanos() {
            return windowSeconds * NANOS_PER_SECOND;
        }
    }

    /**
     * The source that an address is: all of an IPv4 address, of an IPv6 address the network of 64 bits that one subscriber has. No
     * allocation.
     *
     * @param address 4 or 16 bytes; any other length is one source
     */
    public static long source(byte[] address) {
        long source = address.length;
        for (int i = 0; i < Math.min(address.length, Long.BYTES); i++) {
            source = (source << Byte.SIZE) | (address[i] & 0xff);
        }
        return source;
    }

    /** Whether as many failures came from there as may. */
    public boolean isFull(long source, Bound bound, long nowNanos) {
        return waitNanos(source, bound, nowNanos) > 0;
    }

    /** How long until one more failure fits; 0 or less: it does now. */
    public long waitNanos(long source, Bound bound, long nowNanos) {
        long hash = hash(source);
        long now = nowNanos - startNanos;
        long level = Math.min(level(cell(hash, 0), bound, now), level(cell(hash, 1), bound, now));
        return level + bound.stepNanos() - bound.windowNanos() - now;
    }

    /** Of an earlier bound with a longer window there may be more than this bound can fill: then it is full as of now. */
    private long level(int cell, Bound bound, long now) {
        long level = emptyAtNanos.get(cell);
        long full = now + bound.windowNanos();
        if (level > full) {
            emptyAtNanos.compareAndSet(cell, level, full);
            return full;
        }
        return level;
    }

    /** Counts a failure. */
    public void count(long source, Bound bound, long nowNanos) {
        long hash = hash(source);
        int first = cell(hash, 0);
        int second = cell(hash, 1);
        long now = nowNanos - startNanos;
        long level = Math.max(now, Math.min(level(first, bound, now), level(second, bound, now)));
        long next = level + bound.stepNanos();
        // A cell that is higher than that holds it already.
        emptyAtNanos.accumulateAndGet(first, next, Math::max);
        emptyAtNanos.accumulateAndGet(second, next, Math::max);
        counted.increment();
    }

    /** Failures counted since the start. */
    public long counted() {
        return counted.sum();
    }

    private static int cell(long hash, int row) {
        return row * CELLS + ((int) (hash >>> (row * ROW_SHIFT)) & (CELLS - 1));
    }

    // The finaliser of SplittableRandom (Stafford's variant 13), keyed.
    private long hash(long source) {
        long z = source ^ seed;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
