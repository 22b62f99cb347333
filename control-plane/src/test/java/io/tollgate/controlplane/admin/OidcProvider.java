package io.tollgate.controlplane.admin;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.Key;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.OkpJwkGenerator;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.keys.HmacKey;
import org.jose4j.lang.JoseException;

/** A small OpenID provider: a discovery document, a key set that rotates, and tokens, good and bad ones. */
final class OidcProvider implements AutoCloseable {
    static final String AUDIENCE = "tollgate-admin";
    static final String SUBJECT = "ada@example.com";
    private static final int RSA_BITS = 2_048;

    /** Each was made once for all tests: RSA keys take their time. */
    private static final PublicJsonWebKey RSA = make(() -> RsaJwkGenerator.generateJwk(RSA_BITS));

    private final HttpServer server;
    private final AtomicInteger keyRequests = new AtomicInteger();
    private volatile List<PublicJsonWebKey> keys;
    private final AtomicInteger refused = new AtomicInteger();
    private volatile boolean away;
    private volatile String claimedIssuer;

    OidcProvider() {
        keys = List.of(
                named(RSA, "rsa"), rotatedKey("ec"), named(make(() -> OkpJwkGenerator.generateJwk("Ed25519")), "ed"));
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        claimedIssuer = issuer();
        server.createContext(
                "/realm/.well-known/openid-configuration",
                exchange -> answer(
                        exchange, "{\"issuer\": \"" + claimedIssuer + "\", \"jwks_uri\": \"" + issuer() + "/keys\"}"));
        server.createContext("/realm/keys", exchange -> {
            keyRequests.incrementAndGet();
            answer(exchange, new JsonWebKeySet(keys).toJson(JsonWebKey.OutputControlLevel.PUBLIC_ONLY));
        });
        server.start();
    }

    private interface Maker {
        PublicJsonWebKey make() throws JoseException;
    }

    private static PublicJsonWebKey make(Maker maker) {
        try {
            return maker.make();
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }

    private static PublicJsonWebKey named(PublicJsonWebKey key, String id) {
        key.setKeyId(id);
        return key;
    }

    private static PublicJsonWebKey rotatedKey(String id) {
        return named(make(() -> EcJwkGenerator.generateJwk(EllipticCurves.P256)), id);
    }

    String issuer() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/realm";
    }

    /** From now on it has another EC key, and that one only. */
    void rotate() {
        keys = List.of(rotatedKey("ec-" + UUID.randomUUID()));
    }

    void goesAway() {
        away = true;
    }

    /** Its discovery document is that of another one. */
    void claims(String issuer) {
        claimedIssuer = issuer;
    }

    int keyRequests() {
        return keyRequests.get();
    }

    /** Requests that it has not answered since it went away. */
    int refused() {
        return refused.get();
    }

    private void answer(HttpExchange exchange, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        if (away) {
            refused.incrementAndGet();
        }
        exchange.sendResponseHeaders(away ? 503 : 200, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    /** Claims of a good token, for somebody in these groups. */
    JwtClaims claims(List<String> groups) {
        JwtClaims claims = new JwtClaims();
        claims.setIssuer(issuer());
        claims.setAudience("another", AUDIENCE);
        claims.setSubject(SUBJECT);
        claims.setJwtId("id-of-a-token");
        claims.setIssuedAt(in(Duration.ofMinutes(-5)));
        claims.setExpirationTime(in(Duration.ofMinutes(5)));
        claims.setClaim("access", Map.of("groups", groups));
        return claims;
    }

    static NumericDate in(Duration time) {
        return NumericDate.fromSeconds(Instant.now().plus(time).getEpochSecond());
    }

    /** Signed with the newest EC key. */
    String token(String... groups) {
        return token(List.of(groups), claims -> {});
    }

    String token(List<String> groups, Consumer<JwtClaims> edit) {
        JwtClaims claims = claims(groups);
        edit.accept(claims);
        PublicJsonWebKey key = keys.get(keys.size() == 1 ? 0 : 1);
        return sign("ES256", key.getKeyId(), key.getPrivateKey(), claims);
    }

    /** Signed with the key of this id by this algorithm. */
    String tokenBy(String keyId, String algorithm, String... groups) {
        PublicJsonWebKey key = keys.stream()
                .filter(one -> one.getKeyId().equals(keyId))
                .findFirst()
                .orElseThrow();
        return sign(algorithm, keyId, key.getPrivateKey(), claims(List.of(groups)));
    }

    /** Says that it was signed with a key that is not there, and was signed with any. */
    String tokenByUnknownKey(String keyId, String... groups) {
        return sign("ES256", keyId, rotatedKey("x").getPrivateKey(), claims(List.of(groups)));
    }

    /** A MAC under the public key, which is no secret. */
    String tokenByPublicKeyAsSecret(String... groups) {
        return sign("HS256", "rsa", new HmacKey(RSA.getPublicKey().getEncoded()), claims(List.of(groups)));
    }

    String unsignedToken(String... groups) {
        return sign("none", null, null, claims(List.of(groups)));
    }

    private static String sign(
            String algorithm,
            @org.jspecify.annotations.Nullable String keyId,
            @org.jspecify.annotations.Nullable Key key,
            JwtClaims claims) {
        JsonWebSignature signature = new JsonWebSignature();
        signature.setAlgorithmConstraints(AlgorithmConstraints.NO_CONSTRAINTS);
        signature.setAlgorithmHeaderValue(algorithm);
        if (keyId != null) {
            signature.setKeyIdHeaderValue(keyId);
        }
        signature.setKey(key);
        signature.setPayload(claims.toJson());
        try {
            return signature.getCompactSerialization();
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
