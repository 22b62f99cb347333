package io.tollgate.engine.token;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;

/** SHA-256 of tokens, by which they are remembered. Confined to one thread; allocates the digest only. */
public final class TokenHasher {
    private static final int DIGEST_BYTES = 32;
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final MessageDigest sha256;
    private final byte[] digest = new byte[DIGEST_BYTES];
    private byte[] text = new byte[2_048];

    public TokenHasher() {
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    /** A digest. Immutable. */
    public record Digest(long w0, long w1, long w2, long w3) {
        /** @param bytes 32 of them */
        public static Digest of(byte[] bytes) {
            return new Digest(word(bytes, 0), word(bytes, 1), word(bytes, 2), word(bytes, 3));
        }

        private static long word(byte[] bytes, int index) {
            return (long) LONGS.get(bytes, index * Long.BYTES);
        }

        @Override
        public int hashCode() {
            // The bits of a digest are uniform: no further mixing is needed.
            return (int) w0;
        }
    }

    /** The digest of a part of a text of characters below U+0100. */
    public Digest digest(String of, int start, int end) {
        add(of, start, end);
        return finish();
    }

    /**
     * The digest of a part of a text under a name, both of characters below U+0100, which is not the digest of any text without a space.
     */
    public Digest digest(String name, String of, int start, int end) {
        add(name, 0, name.length());
        sha256.update((byte) ' ');
        add(of, start, end);
        return finish();
    }

    @SuppressWarnings("deprecation") // The one that copies Latin-1 without allocating.
    private void add(String of, int start, int end) {
        int length = end - start;
        if (length > text.length) {
            text = new byte[length];
        }
        of.getBytes(start, end, text, 0);
        sha256.update(text, 0, length);
    }

    private Digest finish() {
        try {
            sha256.digest(digest, 0, DIGEST_BYTES);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("The buffer holds a digest", e);
        }
        return Digest.of(digest);
    }
}
