package io.tollgate.controlplane.catalog.envelope;

import jakarta.inject.Singleton;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.UUID;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * The key that seals secrets for the database and that is not in it: AES-256-GCM (NIST SP 800-38D), a fresh nonce for each, bound to
 * the id of the object that it belongs to, so that one row's secret cannot be put into another. Shared; immutable.
 */
@Singleton
public class EnvelopeKey {
    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final int ID_BYTES = 8;

    /**
     * Advisory lock of PostgreSQL that every control plane shares while it runs, and whoever changes the key wants alone: ASCII
     * {@code tollgate}.
     */
    public static final long RUNNING_LOCK = 0x746F_6C6C_6761_7465L;

    private final SecretKeySpec key;
    private final String id;
    private final SecureRandom random = new SecureRandom();

    EnvelopeKey(@ConfigProperty(name = "tollgate.envelope-key") String text) {
        byte[] bytes = decode(text);
        key = new SecretKeySpec(bytes, "AES");
        id = id(bytes);
    }

    /** The key that {@code text} is, see {@link #isKey}. */
    public static EnvelopeKey of(String text) {
        return new EnvelopeKey(text);
    }

    /** Whether this text is a key: {@value #KEY_BYTES} bytes in Base64, of either alphabet. */
    public static boolean isKey(String text) {
        try {
            return decode(text).length == KEY_BYTES;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static byte[] decode(String text) {
        return Base64.getDecoder().decode(text.replace('-', '+').replace('_', '/'));
    }

    private static String id(byte[] bytes) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(new byte[] {'e', 'n', 'v', 'e', 'l', 'o', 'p', 'e', 0});
            return HexFormat.of().formatHex(digest.digest(bytes), 0, ID_BYTES);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** Tells this key from others and betrays nothing of it. */
    public String id() {
        return id;
    }

    /**
     * A key for another purpose, which tells nothing of this one nor of those of other purposes: HKDF-SHA-256 (RFC 5869), {@value
     * #KEY_BYTES} bytes.
     *
     * @param purpose ASCII; one text for each use
     */
    public byte[] derive(String purpose) {
        byte[] extracted = hmac(new byte[KEY_BYTES], key.getEncoded());
        byte[] info = purpose.getBytes(StandardCharsets.US_ASCII);
        return hmac(
                extracted,
                ByteBuffer.allocate(info.length + 1).put(info).put((byte) 1).array());
    }

    private static byte[] hmac(byte[] key, byte[] text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HMAC-SHA-256", e);
        }
    }

    /** Seals the secret of an object: nonce, ciphertext and tag, one after the other. */
    public byte[] seal(UUID object, byte[] secret) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, nonce, object).doFinal(secret);
            return ByteBuffer.allocate(NONCE_BYTES + sealed.length)
                    .put(nonce)
                    .put(sealed)
                    .array();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has AES-GCM", e);
        }
    }

    /**
     * Opens what was sealed for the same object.
     *
     * @throws GeneralSecurityException when it was sealed with another key or for another object, or has been changed
     */
    public byte[] open(UUID object, byte[] sealed) throws GeneralSecurityException {
        if (sealed.length <= NONCE_BYTES) {
            throw new GeneralSecurityException("too short to be sealed");
        }
        byte[] nonce = new byte[NONCE_BYTES];
        System.arraycopy(sealed, 0, nonce, 0, NONCE_BYTES);
        return cipher(Cipher.DECRYPT_MODE, nonce, object).doFinal(sealed, NONCE_BYTES, sealed.length - NONCE_BYTES);
    }

    private Cipher cipher(int mode, byte[] nonce, UUID object) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(ByteBuffer.allocate(Long.BYTES * 2)
                .putLong(object.getMostSignificantBits())
                .putLong(object.getLeastSignificantBits())
                .flip());
        return cipher;
    }
}
