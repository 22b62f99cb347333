package io.tollgate.node.exchange;

/**
 * Random numbers of one event loop, for shares of calls. Event-loop confined.
 *
 * <p>SplitMix64 (Steele, Lea and Flood, 2014): a step and a mix, no lock. Equal seeds draw equal numbers.
 */
public final class Draws {
    private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

    private long state;

    public Draws(long seed) {
        this.state = seed;
    }

    /** A number from 0 to below {@code bound}, each as likely as any other to within 2 to the power of -32. */
    public int below(int bound) {
        state += GOLDEN_GAMMA;
        long mixed = (state ^ (state >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        mixed ^= mixed >>> 31;
        return (int) (((mixed >>> 32) * bound) >>> 32);
    }
}
