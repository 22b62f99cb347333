package io.tollgate.engine.signature;

import io.tollgate.engine.consumer.CredentialVerifier;
import io.tollgate.engine.token.KeyFault;
import io.tollgate.engine.token.KeySet;
import io.tollgate.engine.token.TokenKey;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** A key that checks signatures by one algorithm and by no other, whatever they say of themselves. Immutable; its text holds no secret. */
public final class SignatureKey implements CredentialVerifier {
    /** Shortest shared secret: as many bits as its digest has. */
    public static final int SECRET_BYTES_MIN = 32;

    public static final int SECRET_BYTES_MAX = 1_024;

    private final SignatureAlgorithm algorithm;
    private final @Nullable PublicKey key;
    private final byte[] secret;

    private SignatureKey(SignatureAlgorithm algorithm, @Nullable PublicKey key, byte[] secret) {
        this.algorithm = algorithm;
        this.key = key;
        this.secret = secret;
    }

    /**
     * A public key.
     *
     * @param text PEM (a public key or a certificate) or a JWK
     * @throws KeyFault when it is none, too weak, or not for this algorithm
     */
    public static SignatureKey of(SignatureAlgorithm algorithm, String text) throws KeyFault {
        KeySet keys = text.stripLeading().startsWith("{")
                ? KeySet.ofJwks("{\"keys\":[" + text + "]}", KeySet.Unfit.REFUSED)
                : KeySet.ofPem(text);
        if (keys.keys().size() != 1) {
            throw new KeyFault(keys.keys().size() + " keys (expected: one)");
        }
        TokenKey key = keys.keys().get(0);
        PublicKey made = key.publicKey();
        if (made == null || key.family() != algorithm.family()) {
            throw new KeyFault("a key of the family " + key.family() + " (expected: one for " + algorithm.word() + ")");
        }
        return new SignatureKey(algorithm, made, new byte[0]);
    }

    /** A secret that both sides share. */
    public static SignatureKey ofSecret(byte[] secret) throws KeyFault {
        if (secret.length < SECRET_BYTES_MIN || secret.length > SECRET_BYTES_MAX) {
            throw new KeyFault("a secret of " + secret.length + " bytes (expected: " + SECRET_BYTES_MIN + " to "
                    + SECRET_BYTES_MAX + ")");
        }
        return new SignatureKey(SignatureAlgorithm.HMAC_SHA256, null, secret.clone());
    }

    public SignatureAlgorithm algorithm() {
        return algorithm;
    }

    /** Whether this key made the signature of these bytes. Tens to hundreds of microseconds. */
    public boolean verifies(byte[] base, byte[] signature) {
        PublicKey made = key;
        return made == null ? MessageDigest.isEqual(mac(base), signature) : algorithm.verifies(made, base, signature);
    }

    private byte[] mac(byte[] base) {
        try {
            Mac mac = Mac.getInstance(algorithm.jca());
            mac.init(new SecretKeySpec(secret, algorithm.jca()));
            return mac.doFinal(base);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has " + algorithm.jca(), e);
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SignatureKey one
                && algorithm == one.algorithm
                && (key == null ? one.key == null : key.equals(one.key))
                && MessageDigest.isEqual(secret, one.secret);
    }

    @Override
    public int hashCode() {
        return key == null ? Arrays.hashCode(secret) : key.hashCode();
    }

    @Override
    public String toString() {
        return "SignatureKey[" + algorithm.word() + "]";
    }
}
