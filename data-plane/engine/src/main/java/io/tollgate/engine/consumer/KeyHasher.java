package io.tollgate.engine.consumer;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
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

    private static final String FOREIGN_ALGORITHM = "SHA-256";

    private final Mac mac;
    private final MessageDigest foreign;
    private final byte[] digest = new byte[DIGEST_BYTES];
    private byte[] text = new byte[ApiKey.LENGTH];

    /** A hasher under this secret. */
    public KeyHasher(byte[] secret) {
        try {
            mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret, ALGORITHM));
            foreign = MessageDigest.getInstance(FOREIGN_ALGORITHM);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has " + ALGORITHM + " and " + FOREIGN_ALGORITHM, e);
        }
    }

    /**
     * The digest of a key text.
     *
     * @param keyText characters below U+0100; well-formed keys are ASCII
     * @return the hasher's own buffer, overwritten by the next call
     */
    public byte[] digest(String keyText) {
        int length = read(keyText);
        mac.update(text, 0, length);
        return finish();
    }

    /**
     * The digest of any bytes.
     *
     * @return the hasher's own buffer, overwritten by the next call
     */
    public byte[] digest(byte[] bytes) {
        mac.update(bytes);
        return finish();
    }

    /**
     * The digest of a key that was issued elsewhere: that of its SHA-256, so that it can be taken over from whoever has nothing but
     * that. 32 bytes are hashed and no key of our own is so short, so no digest of the one kind is one of the other.
     *
     * @param keyText characters below U+0100
     * @return the hasher's own buffer, overwritten by the next call
     */
    public byte[] foreignDigest(String keyText) {
        int length = read(keyText);
        foreign.update(text, 0, length);
        try {
            foreign.digest(digest, 0, DIGEST_BYTES);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("The buffer holds a digest", e);
        }
        mac.update(digest);
        return finish();
    }

    /**
     * The same when its SHA-256 is known already.
     *
     * @param sha256 32 bytes
     * @return the hasher's own buffer, overwritten by the next call
     */
    public byte[] foreignDigest(byte[] sha256) {
        mac.update(sha256);
        return finish();
    }

    @SuppressWarnings(
            "deprecation") // getBytes(int, int, byte[], int) is the one that copies Latin-1 without allocating.
    private int read(String keyText) {
        int length = keyText.length();
        if (length > text.length) {
            text = new byte[length];
        }
        keyText.getBytes(0, length, text, 0);
        return length;
    }

    private byte[] finish() {
        try {
            mac.doFinal(digest, 0);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("The buffer holds a digest", e);
        }
        return digest;
    }
}
