package io.tollgate.engine.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The keys of an issuer. Immutable.
 *
 * @param keys at most {@value #KEYS_MAX}
 */
public record KeySet(List<TokenKey> keys) {
    /** No key at all. */
    public static final KeySet NONE = new KeySet(List.of());
    /** More than issuers have while they change keys. */
    public static final int KEYS_MAX = 64;
    /** Keys that a token without a key's id, or with one that several have, is tried with. */
    static final int TRIES_MAX = 8;

    private static final Pattern PEM =
            Pattern.compile("\\s*-----BEGIN (PUBLIC KEY|CERTIFICATE)-----([A-Za-z0-9+/=\\s]+)-----END \\1-----\\s*");
    private static final List<String> PRIVATE_MEMBERS = List.of("d", "p", "q", "dp", "dq", "qi", "oth", "k");

    /** Copies the list. */
    public KeySet {
        keys = List.copyOf(keys);
    }

    /** What becomes of keys that are not to be believed. Immutable. */
    public enum Unfit {
        /** They are left out (RFC 7517, 5), as is what is no public key for signatures. */
        LEFT_OUT,
        /** One is a fault of the whole. */
        REFUSED
    }

    /**
     * Reads a JWK set (RFC 7517, 5).
     *
     * @throws KeyFault when it is none, has too many keys or, where such are refused, one that is not to be believed
     */
    public static KeySet ofJwks(String json, Unfit unfit) throws KeyFault {
        Map<String, @Nullable Object> set = StrictJson.object(json);
        if (set == null || !(set.get("keys") instanceof List<?> members)) {
            throw new KeyFault("no JWK set (expected: an object with a member keys, which is a list; no member twice)");
        }
        if (members.size() > KEYS_MAX) {
            throw new KeyFault(members.size() + " keys (expected: at most " + KEYS_MAX + ")");
        }
        List<TokenKey> keys = new ArrayList<>();
        for (int i = 0; i < members.size(); i++) {
            try {
                keys.add(ofJwk(members.get(i)));
            } catch (KeyFault fault) {
                if (unfit == Unfit.REFUSED) {
                    throw new KeyFault("key " + i + ": " + fault.getMessage());
                }
            }
        }
        return new KeySet(keys);
    }

    /** Reads public keys or certificates in PEM, one after the other. */
    public static KeySet ofPem(String pem) throws KeyFault {
        List<TokenKey> keys = new ArrayList<>();
        Matcher block = PEM.matcher(pem);
        int end = 0;
        while (end < pem.length()) {
            block.region(end, pem.length());
            if (!block.lookingAt()) {
                throw new KeyFault("what is no PEM at character " + end
                        + " (expected: blocks of PUBLIC KEY or CERTIFICATE and nothing else)");
            }
            keys.add(TokenKey.of("", ofBlock(block.group(1), block.group(2)), null));
            end = block.end();
        }
        if (keys.isEmpty() || keys.size() > KEYS_MAX) {
            throw new KeyFault(keys.size() + " keys (expected: 1 to " + KEYS_MAX + ")");
        }
        return new KeySet(keys);
    }

    /** The keys that a token may be signed with, of those named by its key's id; a handful at most. */
    List<TokenKey> candidates(TokenAlgorithm algorithm, String keyId) {
        List<TokenKey> found = new ArrayList<>(1);
        for (TokenKey key : keys) {
            if (found.size() < TRIES_MAX && key.isFor(algorithm, keyId)) {
                found.add(key);
            }
        }
        return found;
    }

    /** Whether this key is among them. */
    public boolean contains(TokenKey key) {
        return keys.contains(key);
    }

    private static TokenKey ofJwk(@Nullable Object member) throws KeyFault {
        if (!(member instanceof Map<?, ?> object)) {
            throw new KeyFault("what is no object");
        }
        for (String name : PRIVATE_MEMBERS) {
            if (object.containsKey(name)) {
                throw new KeyFault("a private key or a secret, by its member " + name + " (expected: a public key)");
            }
        }
        Object use = object.get("use");
        if (use != null && !"sig".equals(use)) {
            throw new KeyFault("use " + use + " (expected: sig, or none)");
        }
        Object operations = object.get("key_ops");
        if (operations != null && !(operations instanceof List<?> list && list.contains("verify"))) {
            throw new KeyFault("key_ops " + operations + " (expected: verify among them, or none)");
        }
        Object id = object.get("kid");
        if (id != null && !(id instanceof String text && text.length() <= ParsedToken.KEY_ID_CHARACTERS_MAX)) {
            throw new KeyFault("a kid that is no text of up to " + ParsedToken.KEY_ID_CHARACTERS_MAX + " characters");
        }
        TokenAlgorithm only = null;
        Object algorithm = object.get("alg");
        if (algorithm != null) {
            only = algorithm instanceof String word ? TokenAlgorithm.find(word) : null;
            if (only == null) {
                throw new KeyFault("alg " + algorithm + " (expected: an algorithm of signatures, or none)");
            }
        }
        return TokenKey.of(id == null ? "" : (String) id, publicKey(object), only);
    }

    private static PublicKey publicKey(Map<?, ?> object) throws KeyFault {
        // Certificates beside a key are no reason to believe it, and are not read.
        Map<String, Object> members = new java.util.LinkedHashMap<>();
        for (String name : List.of("kty", "n", "e", "crv", "x", "y")) {
            if (object.get(name) instanceof String text) {
                members.put(name, text);
            }
        }
        try {
            JWK jwk = JWK.parse(members);
            if (jwk instanceof RSAKey rsa) {
                return rsa.toRSAPublicKey();
            }
            if (jwk instanceof ECKey ec) {
                return ec.toECPublicKey();
            }
            if (jwk instanceof OctetKeyPair pair
                    && "Ed25519".equals(pair.getCurve().getName())) {
                return edwards(pair.getDecodedX());
            }
        } catch (ParseException
                | JOSEException
                | GeneralSecurityException
                | IllegalArgumentException
                | IllegalStateException e) {
            throw new KeyFault("no key: " + e.getMessage());
        }
        throw new KeyFault("kty " + object.get("kty") + " (expected: RSA, EC, or OKP with Ed25519)");
    }

    /** RFC 8032, 5.1.2: y in little-endian order, its highest bit the parity of x. */
    private static PublicKey edwards(byte[] x) throws GeneralSecurityException, KeyFault {
        if (x.length != 32) {
            throw new KeyFault("an Ed25519 key of " + x.length + " bytes (expected: 32)");
        }
        byte[] bigEndian = new byte[32];
        for (int i = 0; i < 32; i++) {
            bigEndian[i] = x[31 - i];
        }
        boolean odd = (bigEndian[0] & 0x80) != 0;
        bigEndian[0] &= 0x7f;
        return KeyFactory.getInstance("Ed25519")
                .generatePublic(new EdECPublicKeySpec(
                        NamedParameterSpec.ED25519, new EdECPoint(odd, new BigInteger(1, bigEndian))));
    }

    private static PublicKey ofBlock(String label, String text) throws KeyFault {
        try {
            byte[] der = Base64.getMimeDecoder().decode(text);
            if ("CERTIFICATE".equals(label)) {
                return CertificateFactory.getInstance("X.509")
                        .generateCertificate(new ByteArrayInputStream(der))
                        .getPublicKey();
            }
            for (String algorithm : List.of("RSA", "EC", "Ed25519")) {
                PublicKey key = keyOf(algorithm, der);
                if (key != null) {
                    return key;
                }
            }
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new KeyFault("a block that is no " + label.toLowerCase(java.util.Locale.ROOT));
        }
        throw new KeyFault("a key of a kind that is not known (expected: RSA, EC or Ed25519)");
    }

    private static @Nullable PublicKey keyOf(String algorithm, byte[] der) throws GeneralSecurityException {
        try {
            return KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(der));
        } catch (java.security.spec.InvalidKeySpecException other) {
            return null;
        }
    }

    /** The bytes of a secret's text: UTF-8. */
    public static KeySet ofSecret(String secret) throws KeyFault {
        return new KeySet(List.of(TokenKey.ofSecret(secret.getBytes(StandardCharsets.UTF_8))));
    }
}
