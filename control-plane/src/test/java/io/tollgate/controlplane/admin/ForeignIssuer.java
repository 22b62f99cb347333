package io.tollgate.controlplane.admin;

import com.sun.net.httpserver.HttpServer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.smallrye.jwt.algorithm.SignatureAlgorithm;
import io.smallrye.jwt.build.Jwt;
import io.smallrye.jwt.build.JwtClaimsBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** An issuer of tokens with a key pair, and its public key over HTTP as a JSON Web Key Set (RFC 7517). */
public final class ForeignIssuer implements QuarkusTestResourceLifecycleManager {
    static final String NAME = "https://issuer.example/realms/partners";
    static final String SUBJECT = "somebody@issuer.example";
    private static final String KEY_ID = "foreign-1";
    private static final int RSA_BITS = 2_048;

    /** Resources are made before the application's class loader, so tests find the keys by their encoding. */
    private static final String KEYS = "tollgate.test.foreign-issuer";

    private final KeyPair own;
    private @Nullable HttpServer server;

    public ForeignIssuer() {
        this(pair());
    }

    private ForeignIssuer(KeyPair own) {
        this.own = own;
    }

    @Override
    public Map<String, String> start() {
        try {
            HttpServer started = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            byte[] keys = keySet().getBytes(StandardCharsets.UTF_8);
            started.createContext("/keys", exchange -> {
                exchange.getResponseHeaders().add("Content-Type", "application/jwk-set+json");
                exchange.sendResponseHeaders(200, keys.length);
                exchange.getResponseBody().write(keys);
                exchange.close();
            });
            started.start();
            server = started;
            System.setProperty(
                    KEYS,
                    encoded(own.getPrivate().getEncoded()) + "."
                            + encoded(own.getPublic().getEncoded()));
            return Map.of(
                    "tollgate.jwks-url",
                    "http://127.0.0.1:" + started.getAddress().getPort() + "/keys");
        } catch (IOException e) {
            throw new UncheckedIOException("the issuer did not start", e);
        }
    }

    @Override
    public void stop() {
        System.clearProperty(KEYS);
        if (server != null) {
            server.stop(0);
        }
    }

    /** The one that is running. */
    static ForeignIssuer current() {
        String[] keys = Objects.requireNonNull(System.getProperty(KEYS)).split("\\.", -1);
        try {
            var factory = java.security.KeyFactory.getInstance("RSA");
            return new ForeignIssuer(new KeyPair(
                    factory.generatePublic(new java.security.spec.X509EncodedKeySpec(decoded(keys[1]))),
                    factory.generatePrivate(new java.security.spec.PKCS8EncodedKeySpec(decoded(keys[0])))));
        } catch (java.security.GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    String sign(Map<String, Object> claims, Instant expiresAt) {
        return signAs(NAME, claims, expiresAt);
    }

    String signAs(String issuer, Map<String, Object> claims, Instant expiresAt) {
        return claims(issuer, claims, expiresAt)
                .jws()
                .algorithm(SignatureAlgorithm.RS256)
                .keyId(KEY_ID)
                .sign(own.getPrivate());
    }

    /** Names the issuer's key, and was signed with another. */
    String forge(Map<String, Object> claims, Instant expiresAt) {
        return claims(NAME, claims, expiresAt)
                .jws()
                .algorithm(SignatureAlgorithm.RS256)
                .keyId(KEY_ID)
                .sign(pair().getPrivate());
    }

    String signWithThePublicKeyAsSecret(Map<String, Object> claims, Instant expiresAt) {
        return claims(NAME, claims, expiresAt)
                .jws()
                .algorithm(SignatureAlgorithm.HS256)
                .keyId(KEY_ID)
                .sign(new SecretKeySpec(own.getPublic().getEncoded(), "HmacSHA256"));
    }

    private static JwtClaimsBuilder claims(String issuer, Map<String, Object> claims, Instant expiresAt) {
        JwtClaimsBuilder builder = Jwt.issuer(issuer)
                .subject(SUBJECT)
                .issuedAt(expiresAt.minusSeconds(3_600))
                .expiresAt(expiresAt);
        claims.forEach(builder::claim);
        return builder;
    }

    private String keySet() {
        RSAPublicKey key = (RSAPublicKey) own.getPublic();
        return """
                {"keys": [{"kty": "RSA", "use": "sig", "alg": "RS256", "kid": "%s", "n": "%s", "e": "%s"}]}""".formatted(KEY_ID, number(key.getModulus()), number(key.getPublicExponent()));
    }

    /** Base64urlUInt (RFC 7518): big-endian without a sign byte. */
    private static String number(BigInteger value) {
        byte[] bytes = value.toByteArray();
        return encoded(bytes[0] == 0 ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes);
    }

    private static String encoded(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static byte[] decoded(String text) {
        return Base64.getUrlDecoder().decode(text);
    }

    private static KeyPair pair() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(RSA_BITS);
            return generator.generateKeyPair();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
