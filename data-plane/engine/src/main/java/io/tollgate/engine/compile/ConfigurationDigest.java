package io.tollgate.engine.compile;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The digest of a whole configuration, kept up object by object. Confined to one thread.
 *
 * <p>Implementation note. Each object is hashed with SHA-256 over its kind (4 bytes, big-endian), the length of its id (4
 * bytes), its id (UTF-8) and its bytes. The digest is the sum of these hashes, as four 64-bit lanes that wrap around. A sum
 * does not depend on order and can be taken back, so a change costs one hash of the old and one of the new bytes, however
 * large the configuration is. It tells apart configurations that have drifted from each other by accident; it is no proof
 * against someone who chooses the objects (Bellare and Micciancio 1997 show what that would take), and need not be: whoever
 * may write the configuration has no use for a collision.
 */
public final class ConfigurationDigest {
    /** Bytes of a digest. */
    public static final int BYTES = 32;

    private final MessageDigest sha256;
    private final long[] lanes = new long[BYTES / Long.BYTES];

    /** The digest of nothing: all zero. */
    public ConfigurationDigest() {
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    /** An object came in. */
    public void add(int kind, String id, ByteString object) {
        ByteBuffer hash = hash(kind, id, object);
        for (int i = 0; i < lanes.length; i++) {
            lanes[i] += hash.getLong();
        }
    }

    /** An object went out. */
    public void subtract(int kind, String id, ByteString object) {
        ByteBuffer hash = hash(kind, id, object);
        for (int i = 0; i < lanes.length; i++) {
            lanes[i] -= hash.getLong();
        }
    }

    /** The digest as it is now, 32 bytes. */
    public byte[] toBytes() {
        ByteBuffer bytes = ByteBuffer.allocate(BYTES);
        for (long lane : lanes) {
            bytes.putLong(lane);
        }
        return bytes.array();
    }

    private ByteBuffer hash(int kind, String id, ByteString object) {
        byte[] idBytes = id.getBytes(StandardCharsets.UTF_8);
        sha256.update(ByteBuffer.allocate(2 * Integer.BYTES)
                .putInt(kind)
                .putInt(idBytes.length)
                .flip());
        sha256.update(idBytes);
        for (ByteBuffer part : object.asReadOnlyByteBufferList()) {
            sha256.update(part);
        }
        return ByteBuffer.wrap(sha256.digest());
    }
}
