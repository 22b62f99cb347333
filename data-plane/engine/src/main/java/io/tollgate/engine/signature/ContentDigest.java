package io.tollgate.engine.signature;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The digest of a body as a request tells it (RFC 9530, 2). Immutable; the bytes are not to be written to.
 *
 * @param algorithm as the platform calls it
 */
public record ContentDigest(String algorithm, byte[] digest) {
    private static final int CHARACTERS_MAX = 1_024;
    // The stronger one first; the others of the registry are broken.
    private static final List<List<String>> KNOWN =
            List.of(List.of("sha-512", "SHA-512"), List.of("sha-256", "SHA-256"));

    /** Reads the field; null when it is none, or tells no digest that means something. */
    public static @Nullable ContentDigest read(List<String> values) {
        String field = String.join(", ", values);
        Map<String, byte[]> digests = field.length() > CHARACTERS_MAX ? null : StructuredText.byteSequences(field);
        if (digests == null) {
            return null;
        }
        for (List<String> known : KNOWN) {
            byte[] digest = digests.get(known.get(0));
            if (digest != null) {
                return new ContentDigest(known.get(1), digest);
            }
        }
        return null;
    }

    /** What computes it, anew. */
    public MessageDigest begin() {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has " + algorithm, e);
        }
    }

    /** Whether this is the digest of what was computed. */
    public boolean isOf(MessageDigest computed) {
        return MessageDigest.isEqual(computed.digest(), digest);
    }
}
