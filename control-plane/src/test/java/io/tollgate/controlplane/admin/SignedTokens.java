package io.tollgate.controlplane.admin;

import io.smallrye.jwt.algorithm.SignatureAlgorithm;
import io.smallrye.jwt.build.Jwt;
import io.tollgate.controlplane.EmbeddedPostgresResource;
import io.tollgate.controlplane.catalog.envelope.EnvelopeKey;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** Tokens that only somebody with the control plane's own signing key can make, good and bad ones. */
final class SignedTokens {
    private static final String ISSUER = "tollgate";

    private static final long LIFETIME_SECONDS = 3_600;

    /** Each is signed once for all tests. */
    private static final Map<String, String> SIGNED = new ConcurrentHashMap<>();

    private SignedTokens() {}

    static String good(Set<String> roles) {
        return once("good " + roles, () -> sign(ISSUER, soon(), roles, keyId(), ownKey()));
    }

    static String expired() {
        return once("expired", () -> sign(ISSUER, Instant.now().minusSeconds(60), Set.of("admin"), keyId(), ownKey()));
    }

    static String ofWrongIssuer() {
        return once("issuer", () -> sign("https://issuer.example", soon(), Set.of("admin"), keyId(), ownKey()));
    }

    static String ofUnknownKey() {
        return once("unknown", () -> sign(ISSUER, soon(), Set.of("admin"), "unknown", otherKey()));
    }

    /** Names the own key and was signed with another one. */
    static String forged() {
        return once("forged", () -> sign(ISSUER, soon(), Set.of("admin"), keyId(), otherKey()));
    }

    /** What a good token says, with the algorithm "none" and no signature. */
    static String unsigned() {
        return once("unsigned", () -> {
            String claims = good(Set.of("admin")).split("\\.", -1)[1];
            String head = "{\"alg\":\"none\",\"kid\":\"" + keyId() + "\"}";
            byte[] bytes = head.getBytes(StandardCharsets.UTF_8);
            return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes) + "." + claims + ".";
        });
    }

    private static Instant soon() {
        return Instant.now().plusSeconds(LIFETIME_SECONDS);
    }

    private static String once(String what, Supplier<String> sign) {
        String known = SIGNED.get(what);
        if (known == null) {
            known = sign.get();
            SIGNED.put(what, known);
        }
        return known;
    }

    private static String sign(String issuer, Instant expiresAt, Set<String> roles, String keyId, PrivateKey key) {
        return Jwt.issuer(issuer)
                .subject("somebody")
                .upn("somebody")
                .claim("jti", UUID.randomUUID().toString())
                .groups(roles)
                .issuedAt(expiresAt.minusSeconds(2 * LIFETIME_SECONDS))
                .expiresAt(expiresAt)
                .jws()
                .algorithm(SignatureAlgorithm.ES256)
                .keyId(keyId)
                .sign(key);
    }

    private static String keyId() {
        return Database.rows("select id from issuer_key where retired_at is null order by created_at desc")
                .get(0);
    }

    private static PrivateKey ownKey() {
        String hex = Database.rows(
                        "select encode(private_key, 'hex') from issuer_key where retired_at is null order by created_at desc")
                .get(0);
        try {
            byte[] key = EnvelopeKey.of(EmbeddedPostgresResource.ENVELOPE_KEY)
                    .open(UUID.fromString(keyId()), HexFormat.of().parseHex(hex));
            return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(key));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static PrivateKey otherKey() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair().getPrivate();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
