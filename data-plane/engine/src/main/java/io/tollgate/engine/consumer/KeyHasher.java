package io.tollgate.engine.consumer;

import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * HMAC-SHA-256 of key texts under the secret of the gateway. Confined to one thread; make one for each.
 *
 * <p>A keyed digest lets the database and the nodes hold nothing that could be guessed back into a key, and lets a lookup
 * by digest be an ordinary hash lookup: who does not know the secret cannot steer it.
 */
public final class KeyHasher {
    /** Bytes of a digest. */
    public static final int DIGEST_BYTES = 32;

    private static final String ALGORITHM = "HmacSHA256";

    private final Mac mac;
    private final byte[] digest = new byte[DIGEST_BYTES];
    private byte[] text = new byte[ApiKey.LENGTH];

    /** A hasher under this secret. */
    public KeyHasher(byte[] secret) {
        try {
            mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret, ALGORITHM));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has " + ALGORITHM, e);
        }
    }

    /**
     * The digest of a key text.
     *
     * @param keyText characters below U+0100; well-formed keys are ASCII
     * @return the hasher's own buffer, overwritten by the next call
     */
    @SuppressWarnings(
            "deprecation") // getBytes(int, int, byte[], int) is the one that copies Latin-1 without allocating.
    public byte[] digest(String keyText) {
        int length = keyText.length();
        if (length > text.length) {
            text = new byte[length];
        }
        keyText.getBytes(0, length, text, 0);
        mac.update(text, 0, length);
        try {
            mac.doFinal(digest, 0);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("The buffer holds a digest", e);
        }
        return digest;
    }
}
