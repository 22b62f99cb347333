package io.tollgate.node.credential;

import io.tollgate.engine.token.TokenHasher.Digest;

/**
 * What was presented once and must not be again before its time is over. Shared; each call holds the lock for well under a microsecond, but
 * for the one in a while that clears what is over.
 *
 * <p>Implementation note.
 *
 * <pre>
 *   digest = w0 w1 ...     slot = w0's low bits, then the next free one (linear probing)
 *   words │ w0 w1 │ 0 0 │ w0 w1 │ ...        ends │ second │ 0 │ second │ ...
 * </pre>
 *
 * Invariant: no slot between the home of a digest and the digest itself was ever empty. A slot whose time is over is used again by whoever
 * comes by, and stays a stepping stone until the table is laid out anew, which happens when three quarters of it are taken and costs one
 * pass. What is live fills half of it at most; then nothing more is taken, which is told and never forgotten about. Half a digest, 128 bits,
 * tells two apart. Memory: 20 bytes a slot, made when the first one comes.
 */
final class ReplayWindow {
    /** Slots: 40 MiB at most. */
    static final int SLOTS = 1 << 21;

    private final int slots;
    private long[] words = {};
    private int[] ends = {};
    private int taken;
    private int fullUntilSecond;

    ReplayWindow() {
        this(SLOTS);
    }

    /** @param slots a power of two */
    ReplayWindow(int slots) {
        this.slots = slots;
    }

    /** What was found of something that is presented. */
    enum Answer {
        /** It was not there, and is from now on. */
        FRESH,
        SEEN,
        /** There is no room: nobody can tell. */
        FULL
    }

    /** How many may be remembered at once. */
    int liveMax() {
        return slots / 2;
    }

    /**
     * Remembers it until then.
     *
     * @param endSecond since the Unix epoch
     */
    synchronized Answer offer(Digest digest, int endSecond, int nowSecond) {
        if (words.length == 0) {
            words = new long[2 * slots];
            ends = new int[slots];
        }
        // An empty slot is one of zeros.
        long w1 = digest.w1() == 0 ? 1 : digest.w1();
        int free = -1;
        int slot = (int) digest.w0() & (slots - 1);
        while (words[2 * slot + 1] != 0) {
            boolean over = ends[slot] <= nowSecond;
            if (!over && words[2 * slot] == digest.w0() && words[2 * slot + 1] == w1) {
                return Answer.SEEN;
            }
            free = over && free < 0 ? slot : free;
            slot = (slot + 1) & (slots - 1);
        }
        if (free < 0) {
            if (taken >= slots / 4 * 3 && !makeRoom(nowSecond)) {
                return Answer.FULL;
            }
            return put(digest.w0(), w1, endSecond);
        }
        set(free, digest.w0(), w1, endSecond);
        return Answer.FRESH;
    }

    private Answer put(long w0, long w1, int endSecond) {
        int slot = (int) w0 & (slots - 1);
        while (words[2 * slot + 1] != 0) {
            slot = (slot + 1) & (slots - 1);
        }
        set(slot, w0, w1, endSecond);
        taken++;
        return Answer.FRESH;
    }

    private void set(int slot, long w0, long w1, int endSecond) {
        words[2 * slot] = w0;
        words[2 * slot + 1] = w1;
        ends[slot] = endSecond;
    }

    /** Lays the table out anew with what is live; false when that is too much, and for this second then. */
    private boolean makeRoom(int nowSecond) {
        if (nowSecond < fullUntilSecond) {
            return false;
        }
        int live = 0;
        for (int end : ends) {
            live += end > nowSecond ? 1 : 0;
        }
        if (live >= liveMax()) {
            fullUntilSecond = nowSecond + 1;
            return false;
        }
        long[] oldWords = words;
        int[] oldEnds = ends;
        words = new long[2 * slots];
        ends = new int[slots];
        taken = 0;
        for (int slot = 0; slot < slots; slot++) {
            if (oldEnds[slot] > nowSecond) {
                put(oldWords[2 * slot], oldWords[2 * slot + 1], oldEnds[slot]);
            }
        }
        return true;
    }
}
