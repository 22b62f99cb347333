package io.tollgate.engine.quota;

import java.security.SecureRandom;

/**
 * Whose requests a limit counts together: what is added between {@link #begin} and {@link #end}, as a number of 128 bits. Mutable and
 * reused; event-loop confined.
 *
 * <p>Implementation note. SipHash-1-3 with an output of 128 bits, keyed by chance when the process starts: that two subjects share a count
 * is as likely as guessing a key of that size, and nobody can bring it about. No allocation.
 *
 * <p>Source: Aumasson and Bernstein, SipHash: a fast short-input PRF (2012), and its reference code for the constants.
 */
public final class Subject {
    private static final long KEY_0;
    private static final long KEY_1;

    private static final int CHARS_PER_WORD = Long.BYTES / Character.BYTES;

    static {
        SecureRandom chance = new SecureRandom();
        KEY_0 = chance.nextLong();
        KEY_1 = chance.nextLong();
    }

    private long v0;
    private long v1;
    private long v2;
    private long v3;
    private long words;
    private boolean fromOutside;
    private long high;
    private long low;

    /** Forgets what was added. */
    public Subject begin() {
        v0 = KEY_0 ^ 0x736f6d6570736575L;
        v1 = KEY_1 ^ 0x646f72616e646f6dL ^ 0xee;
        v2 = KEY_0 ^ 0x6c7967656e657261L;
        v3 = KEY_1 ^ 0x7465646279746573L;
        words = 0;
        fromOutside = false;
        return this;
    }

    /** Adds a number. */
    public Subject add(long word) {
        v3 ^= word;
        round();
        v0 ^= word;
        words++;
        return this;
    }

    /** Adds a text, and where it ends. */
    public Subject add(String text) {
        int length = text.length();
        add(length);
        int i = 0;
        while (i < length) {
            long word = 0;
            for (int n = 0; n < CHARS_PER_WORD && i < length; n++) {
                word = (word << Character.SIZE) | text.charAt(i++);
            }
            add(word);
        }
        return this;
    }

    /**
     * Adds the network that an address is in.
     *
     * @param address 4 or 16 bytes; empty when it is not known
     * @param prefixLength of the network in bits, at most those of the address
     */
    public Subject add(byte[] address, int prefixLength) {
        add(address.length);
        for (int at = 0; at < address.length; at += Integer.BYTES) {
            long word = 0;
            for (int n = 0; n < Integer.BYTES; n++) {
                word = (word << Byte.SIZE) | (address[at + n] & 0xff);
            }
            int kept = Math.max(0, Math.min(Integer.SIZE, prefixLength - at * Byte.SIZE));
            add(word & ~(0xffff_ffffL >>> kept) & 0xffff_ffffL);
        }
        return this;
    }

    /** It is made of something that anybody can invent, as an address or a header: its number is not bounded by the catalog. */
    public Subject fromOutside() {
        fromOutside = true;
        return this;
    }

    /** Nothing more is added. */
    public Subject end() {
        add(words);
        v2 ^= 0xee;
        round();
        round();
        round();
        high = v0 ^ v1 ^ v2 ^ v3;
        v1 ^= 0xdd;
        round();
        round();
        round();
        low = v0 ^ v1 ^ v2 ^ v3;
        return this;
    }

    boolean isFromOutside() {
        return fromOutside;
    }

    long high() {
        return high;
    }

    long low() {
        return low;
    }

    private void round() {
        v0 += v1;
        v2 += v3;
        v1 = Long.rotateLeft(v1, 13) ^ v0;
        v3 = Long.rotateLeft(v3, 16) ^ v2;
        v0 = Long.rotateLeft(v0, 32);
        v2 += v1;
        v0 += v3;
        v1 = Long.rotateLeft(v1, 17) ^ v2;
        v3 = Long.rotateLeft(v3, 21) ^ v0;
        v2 = Long.rotateLeft(v2, 32);
    }
}
