package io.tollgate.engine.signature;

import io.tollgate.engine.token.KeyFamily;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import org.jspecify.annotations.Nullable;

/** An algorithm of message signatures (RFC 9421, 3.3). Immutable. */
public enum SignatureAlgorithm {
    RSA_PSS_SHA512("rsa-pss-sha512", KeyFamily.RSA, "RSASSA-PSS"),
    RSA_V1_5_SHA256("rsa-v1_5-sha256", KeyFamily.RSA, "SHA256withRSA"),
    ECDSA_P256_SHA256("ecdsa-p256-sha256", KeyFamily.P256, "SHA256withECDSAinP1363Format"),
    ECDSA_P384_SHA384("ecdsa-p384-sha384", KeyFamily.P384, "SHA384withECDSAinP1363Format"),
    ED25519("ed25519", KeyFamily.ED25519, "Ed25519"),
    HMAC_SHA256("hmac-sha256", KeyFamily.SECRET, "HmacSHA256");

    private static final int PSS_SALT_BYTES = 64;

    private final String word;
    private final KeyFamily family;
    private final String jca;

    SignatureAlgorithm(String word, KeyFamily family, String jca) {
        this.word = word;
        this.family = family;
        this.jca = jca;
    }

    /** The one of this exact word; null when there is none. */
    public static @Nullable SignatureAlgorithm find(String word) {
        for (SignatureAlgorithm algorithm : values()) {
            if (algorithm.word.equals(word)) {
                return algorithm;
            }
        }
        return null;
    }

    /** As the parameter {@code alg} writes it. */
    public String word() {
        return word;
    }

    /** Which keys are for it. */
    public KeyFamily family() {
        return family;
    }

    /** What the platform calls it. */
    String jca() {
        return jca;
    }

    /** Whether the key made the signature; of public keys only. */
    boolean verifies(PublicKey key, byte[] base, byte[] signature) {
        try {
            Signature check = Signature.getInstance(jca);
            if (this == RSA_PSS_SHA512) {
                check.setParameter(
                        new PSSParameterSpec("SHA-512", "MGF1", MGF1ParameterSpec.SHA512, PSS_SALT_BYTES, 1));
            }
            check.initVerify(key);
            check.update(base);
            return check.verify(signature);
        } catch (GeneralSecurityException e) {
            // What cannot be a signature is none.
            return false;
        }
    }
}
