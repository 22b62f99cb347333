package io.tollgate.engine.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.util.Base64URL;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECParameterSpec;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A key that checks signatures of one family of algorithms. Immutable; its text never holds a secret.
 *
 * <p>Two are equal when they are the same key under the same id.
 */
public final class TokenKey {
    /** Shortest modulus of RSA that is believed (RFC 7518, 3.3). */
    public static final int RSA_BITS_MIN = 2_048;
    /** Longest: beyond it a signature takes too long to check. */
    public static final int RSA_BITS_MAX = 8_192;
    /** Longest secret. */
    public static final int SECRET_BYTES_MAX = 1_024;

    private final String id;
    private final KeyFamily family;
    private final @Nullable TokenAlgorithm only;
    private final @Nullable JWSVerifier verifier;
    private final @Nullable PublicKey publicKey;
    private final byte[] fingerprint;

    private TokenKey(
            String id,
            KeyFamily family,
            @Nullable TokenAlgorithm only,
            @Nullable JWSVerifier verifier,
            @Nullable PublicKey publicKey,
            byte[] fingerprint) {
        this.id = id;
        this.family = family;
        this.only = only;
        this.verifier = verifier;
        this.publicKey = publicKey;
        this.fingerprint = fingerprint;
    }

    /**
     * A public key.
     *
     * @param id empty when it has none
     * @param only the algorithm that it is for; null: all of its family
     * @throws KeyFault when it is too weak, or of a kind that no algorithm here wants
     */
    public static TokenKey of(String id, PublicKey key, @Nullable TokenAlgorithm only) throws KeyFault {
        byte[] fingerprint = sha256(key.getEncoded());
        try {
            if (key instanceof RSAPublicKey rsa) {
                int bits = rsa.getModulus().bitLength();
                if (bits < RSA_BITS_MIN || bits > RSA_BITS_MAX) {
                    throw new KeyFault(
                            "an RSA key of " + bits + " bits (expected: " + RSA_BITS_MIN + " to " + RSA_BITS_MAX + ")");
                }
                if (rsa.getPublicExponent().bitLength() < 2
                        || !rsa.getPublicExponent().testBit(0)) {
                    throw new KeyFault("an RSA key with an exponent that proves nothing");
                }
                return new TokenKey(
                        id, KeyFamily.RSA, fit(only, KeyFamily.RSA), new RSASSAVerifier(rsa), key, fingerprint);
            }
            if (key instanceof ECPublicKey ec) {
                KeyFamily family = curve(ec.getParams());
                // The constructor checks that the point is on the curve.
                return new TokenKey(id, family, fit(only, family), new ECDSAVerifier(ec), key, fingerprint);
            }
            if (key instanceof EdECPublicKey ed
                    && "Ed25519".equals(ed.getParams().getName())) {
                Signature.getInstance("Ed25519").initVerify(ed);
                return new TokenKey(id, KeyFamily.ED25519, fit(only, KeyFamily.ED25519), null, ed, fingerprint);
            }
        } catch (JOSEException | GeneralSecurityException | IllegalArgumentException e) {
            throw new KeyFault("a key that is none: " + e.getMessage());
        }
        throw new KeyFault(key.getAlgorithm() + " (expected: RSA, EC on P-256, P-384 or P-521, or Ed25519)");
    }

    /** A secret that the issuer shares. */
    public static TokenKey ofSecret(byte[] secret) throws KeyFault {
        if (secret.length < TokenAlgorithm.HS256.secretBytesMin() || secret.length > SECRET_BYTES_MAX) {
            throw new KeyFault("a secret of " + secret.length + " bytes (expected: "
                    + TokenAlgorithm.HS256.secretBytesMin() + " to " + SECRET_BYTES_MAX + ")");
        }
        try {
            return new TokenKey("", KeyFamily.SECRET, null, new MACVerifier(secret), null, sha256(secret));
        } catch (JOSEException e) {
            throw new KeyFault("a secret that is none: " + e.getMessage());
        }
    }

    private static @Nullable TokenAlgorithm fit(@Nullable TokenAlgorithm only, KeyFamily family) throws KeyFault {
        if (only != null && only.family() != family) {
            throw new KeyFault("a key of the family " + family + " for " + only.word());
        }
        return only;
    }

    private static KeyFamily curve(ECParameterSpec params) throws KeyFault {
        com.nimbusds.jose.jwk.Curve curve = com.nimbusds.jose.jwk.Curve.forECParameterSpec(params);
        if (com.nimbusds.jose.jwk.Curve.P_256.equals(curve)) {
            return KeyFamily.P256;
        }
        if (com.nimbusds.jose.jwk.Curve.P_384.equals(curve)) {
            return KeyFamily.P384;
        }
        if (com.nimbusds.jose.jwk.Curve.P_521.equals(curve)) {
            return KeyFamily.P521;
        }
        throw new KeyFault("an EC key on " + curve + " (expected: P-256, P-384 or P-521)");
    }

    /** Empty when it has none. */
    public String id() {
        return id;
    }

    public KeyFamily family() {
        return family;
    }

    /** Null where it is a secret. */
    public @Nullable PublicKey publicKey() {
        return publicKey;
    }

    /** Whether a token signed by this algorithm, which names this key's id or none, may be checked with it. */
    boolean isFor(TokenAlgorithm algorithm, String keyId) {
        return algorithm.family() == family
                && (only == null || only == algorithm)
                && (keyId.isEmpty() || id.isEmpty() || id.equals(keyId));
    }

    /** Whether this key made the signature. */
    boolean verifies(ParsedToken token, TokenAlgorithm algorithm) {
        try {
            PublicKey ed = publicKey;
            if (ed != null && family == KeyFamily.ED25519) {
                byte[] signature = Base64UrlText.decode(token.signature());
                Signature check = Signature.getInstance("Ed25519");
                check.initVerify(ed);
                check.update(token.signedBytes());
                return signature != null && check.verify(signature);
            }
            // A header of our own: what the token's says beside the algorithm is nobody's business.
            return verifier != null
                    && verifier.supportedJWSAlgorithms().contains(algorithm.jose())
                    && verifier.verify(
                            new JWSHeader(algorithm.jose()), token.signedBytes(), new Base64URL(token.signature()));
        } catch (JOSEException | GeneralSecurityException e) {
            // What cannot be a signature is none.
            return false;
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TokenKey key
                && key.id.equals(id)
                && key.only == only
                && MessageDigest.isEqual(key.fingerprint, fingerprint);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(fingerprint);
    }

    @Override
    public String toString() {
        return "TokenKey[" + family + " " + id + "]";
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update("token-key".getBytes(StandardCharsets.US_ASCII));
            return digest.digest(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
