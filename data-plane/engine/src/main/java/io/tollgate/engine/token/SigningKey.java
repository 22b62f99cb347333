package io.tollgate.engine.token;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A key pair of our own with which tokens are signed. Immutable; its text never holds the secret half. */
public final class SigningKey {
    /** Of those that resource servers must know (RFC 9068, 2.1), and the one that is quick to sign by. */
    public static final List<TokenAlgorithm> ALGORITHMS = List.of(TokenAlgorithm.ES256, TokenAlgorithm.RS256);

    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private final String id;
    private final TokenAlgorithm algorithm;
    private final PrivateKey secret;
    private final TokenKey known;
    private final Map<String, Object> jwk;
    private final long signsFromMillis;

    private SigningKey(String id, TokenAlgorithm algorithm, PrivateKey secret, PublicKey open, long signsFromMillis)
            throws KeyFault {
        this.id = id;
        this.algorithm = algorithm;
        this.secret = secret;
        this.known = TokenKey.of(id, open, algorithm);
        this.jwk = jwk(id, algorithm, open);
        this.signsFromMillis = signsFromMillis;
    }

    /**
     * A key as it is stored. Immutable; the arrays are not to be changed.
     *
     * @param algorithm its word
     * @param pkcs8 the secret half
     * @param spki the open half
     * @param signsFromMillis milliseconds since the Unix epoch
     */
    public record Stored(String id, String algorithm, byte[] pkcs8, byte[] spki, long signsFromMillis) {
        /** Hides the key. */
        @Override
        public String toString() {
            return "Stored[" + id + "]";
        }
    }

    /** @throws KeyFault when it is none */
    public static SigningKey of(Stored stored) throws KeyFault {
        TokenAlgorithm algorithm = TokenAlgorithm.find(stored.algorithm());
        if (algorithm == null || !ALGORITHMS.contains(algorithm)) {
            throw new KeyFault(stored.algorithm() + " (expected: ES256 or RS256)");
        }
        if (stored.id().isEmpty() || stored.id().length() > ParsedToken.KEY_ID_CHARACTERS_MAX) {
            throw new KeyFault("an id of " + stored.id().length() + " characters");
        }
        try {
            KeyFactory factory = KeyFactory.getInstance(algorithm.family() == KeyFamily.RSA ? "RSA" : "EC");
            SigningKey key = new SigningKey(
                    stored.id(),
                    algorithm,
                    factory.generatePrivate(new PKCS8EncodedKeySpec(stored.pkcs8())),
                    factory.generatePublic(new X509EncodedKeySpec(stored.spki())),
                    stored.signsFromMillis());
            key.prove();
            return key;
        } catch (GeneralSecurityException e) {
            throw new KeyFault("a key pair that is none: " + e.getMessage());
        }
    }

    /** What it signs it must be believed for: both halves belong together. */
    private void prove() throws KeyFault {
        ParsedToken token = ParsedToken.read(sign("JWT", Map.of()));
        if (token == null || !known.verifies(token, algorithm)) {
            throw new KeyFault("two halves that do not belong together");
        }
    }

    private static Map<String, Object> jwk(String id, TokenAlgorithm algorithm, PublicKey open) throws KeyFault {
        JWK jwk;
        if (open instanceof ECPublicKey ec) {
            jwk = new ECKey.Builder(Curve.P_256, ec)
                    .keyID(id)
                    .keyUse(KeyUse.SIGNATURE)
                    .algorithm(JWSAlgorithm.ES256)
                    .build();
        } else if (open instanceof RSAPublicKey rsa) {
            jwk = new RSAKey.Builder(rsa)
                    .keyID(id)
                    .keyUse(KeyUse.SIGNATURE)
                    .algorithm(algorithm.jose())
                    .build();
        } else {
            throw new KeyFault("a key of another kind");
        }
        return jwk.toPublicJWK().toJSONObject();
    }

    String id() {
        return id;
    }

    TokenAlgorithm algorithm() {
        return algorithm;
    }

    long signsFromMillis() {
        return signsFromMillis;
    }

    /** The open half, which checks what it signs. */
    TokenKey known() {
        return known;
    }

    /** The open half as others fetch it (RFC 7517). */
    Map<String, Object> jwk() {
        return jwk;
    }

    /**
     * A token in compact form (RFC 7515, 7.1). Costs tens to hundreds of microseconds; any thread.
     *
     * @param type for the header field {@code typ}
     * @param claims in their order; see {@link JsonText}
     */
    public String sign(String type, Map<String, ?> claims) {
        Map<String, Object> header = new LinkedHashMap<>();
        header.put("alg", algorithm.word());
        header.put("typ", type);
        header.put("kid", id);
        String signed = encode(JsonText.of(header)) + "." + encode(JsonText.of(claims));
        try {
            Signature signature = Signature.getInstance(
                    algorithm.family() == KeyFamily.RSA ? "SHA256withRSA" : "SHA256withECDSAinP1363Format");
            signature.initSign(secret);
            signature.update(signed.getBytes(StandardCharsets.US_ASCII));
            return signed + "." + BASE64.encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has RSA and P-256", e);
        }
    }

    private static String encode(String ascii) {
        return BASE64.encodeToString(ascii.getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public String toString() {
        return "SigningKey[" + id + "]";
    }
}
