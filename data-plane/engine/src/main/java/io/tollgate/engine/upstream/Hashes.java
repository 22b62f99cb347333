package io.tollgate.engine.upstream;

/**
 * Well mixed 32-bit hashes of texts, the same on every node and in every start. Immutable functions.
 *
 * <p>FNV-1a over the characters, finished by the mixer of MurmurHash3, so that texts that differ in the last character land far
 * apart.
 */
public final class Hashes {
    private static final int FNV_OFFSET = 0x811c9dc5;
    private static final int FNV_PRIME = 0x01000193;

    private Hashes() {}

    /** The hash of a text; never 0, which stands for nothing to hash. */
    public static int of(CharSequence text) {
        return of(text, 0);
    }

    /** The hash of a text and a number. */
    static int of(CharSequence text, int number) {
        int hash = FNV_OFFSET ^ number * 0x9e3779b9;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * FNV_PRIME;
        }
        hash ^= hash >>> 16;
        hash *= 0x85ebca6b;
        hash ^= hash >>> 13;
        hash *= 0xc2b2ae35;
        hash ^= hash >>> 16;
        return hash == 0 ? 1 : hash;
    }
}
