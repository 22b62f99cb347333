package io.tollgate.node.home;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;

/**
 * Bytes of any length, sealed in segments, so that neither side holds them whole. Confined to one thread.
 *
 * <p>Implementation note. The STREAM construction (V. T. Hoang, R. Reyhanitabar, P. Rogaway, D. Vizár, "Online
 * Authenticated-Encryption and its Nonce-Reuse Misuse-Resistance", 2015):
 *
 * <pre>
 *   salt, 32 │ segment 0 │ segment 1 │ ... │ last segment           segment = AES-256-GCM of at most 65536 bytes, and its tag, 16
 *                                                                  nonce   = 0 0 0 │ number of the segment, 8 │ 1 for the last, else 0
 * </pre>
 *
 * A segment that was changed, moved, left out or taken from another file does not open, nor does a file that ends early: its
 * last segment says that it is the last. There is always a last segment, which may be empty.
 */
public final class SealedFile {
    static final int SEGMENT_BYTES = 1 << 16;

    private static final int TAG_BYTES = 16;
    private static final int NONCE_BYTES = 12;

    private SealedFile() {}

    /** Seals what is written for {@code sink}; closing ends the last segment and leaves {@code sink} open. */
    public static OutputStream seal(OutputStream sink, DiskKey key, SecureRandom random) throws IOException {
        byte[] salt = new byte[DiskKey.SALT_BYTES];
        random.nextBytes(salt);
        sink.write(salt);
        return new Sealing(sink, key.ofFile(salt));
    }

    /** Opens what was sealed; reading fails with an {@link IOException} at the first byte that cannot be trusted. */
    public static InputStream open(InputStream sealed, DiskKey key) throws IOException {
        byte[] salt = sealed.readNBytes(DiskKey.SALT_BYTES);
        if (salt.length < DiskKey.SALT_BYTES) {
            throw new IOException("it is cut short");
        }
        return new Opening(sealed, key.ofFile(salt));
    }

    private static byte[] nonce(long segment, boolean last) {
        return ByteBuffer.allocate(NONCE_BYTES)
                .putLong(NONCE_BYTES - 1 - Long.BYTES, segment)
                .put(NONCE_BYTES - 1, (byte) (last ? 1 : 0))
                .array();
    }

    private static final class Sealing extends OutputStream {
        private final OutputStream sink;
        private final SecretKeySpec key;
        private final byte[] plain = new byte[SEGMENT_BYTES];
        private int filled;
        private long segment;
        private boolean closed;

        Sealing(OutputStream sink, SecretKeySpec key) {
            this.sink = sink;
            this.key = key;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            int at = offset;
            int left = length;
            while (left > 0) {
                // Only once there is more is it known that a full segment is not the last.
                if (filled == SEGMENT_BYTES) {
                    emit(false);
                }
                int taken = Math.min(left, SEGMENT_BYTES - filled);
                System.arraycopy(bytes, at, plain, filled, taken);
                filled += taken;
                at += taken;
                left -= taken;
            }
        }

        @Override
        public void close() throws IOException {
            if (!closed) {
                closed = true;
                emit(true);
            }
        }

        private void emit(boolean last) throws IOException {
            try {
                sink.write(DiskKey.cipher(Cipher.ENCRYPT_MODE, key, nonce(segment, last))
                        .doFinal(plain, 0, filled));
            } catch (GeneralSecurityException impossible) {
                throw new IllegalStateException("every Java has AES-GCM", impossible);
            }
            segment++;
            filled = 0;
        }
    }

    private static final class Opening extends InputStream {
        private final InputStream sealed;
        private final SecretKeySpec key;
        private byte[] next;
        private byte[] plain = {};
        private int read;
        private long segment;
        private boolean ended;

        Opening(InputStream sealed, SecretKeySpec key) throws IOException {
            this.sealed = sealed;
            this.key = key;
            this.next = sealed.readNBytes(SEGMENT_BYTES + TAG_BYTES);
        }

        @Override
        public int read() throws IOException {
            return fill() ? plain[read++] & 0xFF : -1;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            if (!fill()) {
                return -1;
            }
            int taken = Math.min(length, plain.length - read);
            System.arraycopy(plain, read, into, offset, taken);
            read += taken;
            return taken;
        }

        private boolean fill() throws IOException {
            while (read == plain.length) {
                if (ended) {
                    return false;
                }
                byte[] current = next;
                next = sealed.readNBytes(SEGMENT_BYTES + TAG_BYTES);
                ended = next.length == 0;
                if (current.length < TAG_BYTES) {
                    throw new IOException("it is cut short");
                }
                try {
                    plain = DiskKey.cipher(Cipher.DECRYPT_MODE, key, nonce(segment, ended))
                            .doFinal(current);
                } catch (GeneralSecurityException e) {
                    throw new IOException("it was changed, cut short, or sealed with another key", e);
                }
                segment++;
                read = 0;
            }
            return true;
        }

        @Override
        public void close() throws IOException {
            sealed.close();
        }
    }
}
