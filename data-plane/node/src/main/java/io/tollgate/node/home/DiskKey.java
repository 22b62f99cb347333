package io.tollgate.node.home;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The key that seals what a node keeps on its disk and nobody else may read. Immutable; shared.
 *
 * <p>Each file has a key of its own, derived from this one and the file's salt (HMAC-SHA-256 as in HKDF's expansion, RFC
 * 5869, 2.3), so that no nonce can ever meet the same key twice.
 */
public final class DiskKey {
    /** Bytes of a key. */
    public static final int BYTES = 32;
    /** Bytes of the salt of a file. */
    static final int SALT_BYTES = 32;

    private static final int TAG_BITS = 128;
    private static final byte[] PURPOSE = "tollgate disk".getBytes(StandardCharsets.US_ASCII);

    private final SecretKeySpec key;

    private DiskKey(byte[] bytes) {
        key = new SecretKeySpec(bytes, "HmacSHA256");
    }

    /**
     * Reads {@value #BYTES} bytes in Base64, of either alphabet.
     *
     * @throws IllegalArgumentException with one line that does not hold the text
     */
    public static DiskKey parse(String text) {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(text.strip().replace('-', '+').replace('_', '/'));
        } catch (IllegalArgumentException notBase64) {
            throw new IllegalArgumentException("a text that is no Base64 (expected: 32 bytes in Base64)", notBase64);
        }
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException(bytes.length + " bytes (expected: 32 bytes in Base64)");
        }
        return new DiskKey(bytes);
    }

    /** The key in this file, which is made, readable for its owner only, where there is none. */
    static DiskKey keep(Path file, SecureRandom random) throws IOException, HomeException {
        if (!Files.exists(file)) {
            byte[] bytes = new byte[BYTES];
            random.nextBytes(bytes);
            DurableFile.replace(
                    file, (Base64.getEncoder().encodeToString(bytes) + "\n").getBytes(StandardCharsets.US_ASCII));
        }
        try {
            return parse(Files.readString(file, StandardCharsets.ISO_8859_1));
        } catch (IllegalArgumentException e) {
            throw new HomeException("the file " + file + " holds no key: " + e.getMessage()
                    + "; remove it, and the snapshot sealed with it, to start with a new one");
        }
    }

    /** The key of the file with this salt. */
    SecretKeySpec ofFile(byte[] salt) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            mac.update(salt);
            mac.update(PURPOSE);
            return new SecretKeySpec(mac.doFinal(), "AES");
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java has HMAC-SHA-256", impossible);
        }
    }

    /** AES-256-GCM (NIST SP 800-38D) for one segment of a file. */
    static Cipher cipher(int mode, SecretKeySpec fileKey, byte[] nonce) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, fileKey, new GCMParameterSpec(TAG_BITS, nonce));
        return cipher;
    }

    /** Hides the key. */
    @Override
    public String toString() {
        return "DiskKey";
    }
}
