package io.tollgate.node.listener;

import static io.tollgate.node.fixture.Catalog.catalog;
import static io.tollgate.node.fixture.Catalog.id;
import static io.tollgate.node.fixture.Catalog.perMinute;
import static io.tollgate.node.fixture.Catalog.signingKey;
import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.node.fixture.Catalog;
import io.tollgate.node.fixture.Gateway;
import io.tollgate.node.fixture.ManualClock;
import io.tollgate.node.fixture.RawClient;
import io.tollgate.node.fixture.RawUpstream;
import io.tollgate.proto.config.v1.CallerIdentity;
import io.tollgate.proto.config.v1.SigningKey;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Services that are told who calls by a token of ours, and clients that are told where tokens are to be had, through real sockets. */
class CallerIdentityTest {
    private static final String HELLO = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
    private static final SigningKey KEY = signingKey("s1", 1_000);

    private final ManualClock clock = new ManualClock();

    private static Catalog catalogOf(RawUpstream upstream) {
        return catalog()
                .service("pets", upstream.port())
                .route("pets", "/pets", "pets")
                .plan("gold", perMinute(1_000))
                .consumer("acme", "gold")
                .consumer("acme", consumer -> consumer.addGroups("partners"))
                .authorizationServer("own", server -> server, KEY)
                .policy(
                        "identity",
                        policy -> policy.setCallerIdentity(CallerIdentity.newBuilder()
                                .setIssuerId(id("token-issuer", "own"))
                                .setHeaderName("X-Caller-Identity")
                                .setAudience("petstore")
                                .setLifetimeSeconds(120)));
    }

    private static String identityOf(String request) {
        Matcher field = Pattern.compile("\r\nX-Caller-Identity: ([^\r]+)\r\n").matcher(request);
        assertThat(field.find()).as(request).isTrue();
        return field.group(1);
    }

    private static String part(String token, int index) {
        return new String(Base64.getUrlDecoder().decode(token.split("\\.", -1)[index]), StandardCharsets.UTF_8);
    }

    private static boolean isSigned(String token) throws GeneralSecurityException {
        Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
        signature.initVerify(KeyFactory.getInstance("EC")
                .generatePublic(new X509EncodedKeySpec(KEY.getPublicKey().toByteArray())));
        int dot = token.lastIndexOf('.');
        signature.update(token.substring(0, dot).getBytes(StandardCharsets.US_ASCII));
        return signature.verify(Base64.getUrlDecoder().decode(token.substring(dot + 1)));
    }

    @Test
    void service_isToldWhoCalls_byOneTokenForManyCalls() throws GeneralSecurityException {
        try (RawUpstream upstream = RawUpstream.answering(HELLO)) {
            Catalog catalog = catalogOf(upstream);
            String key = catalog.key("acme", one -> one.addScopes("read"));
            try (Gateway gateway = Gateway.serving(catalog, clock);
                    RawClient client = gateway.connect()) {
                assertThat(client.get("/pets", "X-Api-Key: " + key, "x-caller-identity: forged"))
                        .startsWith("HTTP/1.1 200 ");
                client.send(
                        "POST /pets HTTP/1.1\r\nHost: a\r\nX-Api-Key: " + key + "\r\nContent-Length: 4\r\n\r\nbody");
                assertThat(client.readMessage()).startsWith("HTTP/1.1 200 ");
                String token = identityOf(upstream.requests().get(0));
                long now = clock.epochMillis() / 1_000;
                assertThat(isSigned(token)).isTrue();
                assertThat(part(token, 0)).contains("\"typ\":\"caller+jwt\"", "\"kid\":\"s1\"");
                assertThat(part(token, 1))
                        .contains(
                                "\"iss\":\"http://127.0.0.1/own\"",
                                "\"sub\":\"" + id("consumer", "acme") + "\"",
                                "\"aud\":\"petstore\"",
                                "\"iat\":" + now + ",\"exp\":" + (now + 120),
                                "\"name\":\"acme\",\"groups\":[\"partners\"]",
                                "\"credential_id\":\"" + id("credential", key) + "\"",
                                "\"plan\":\"gold\"",
                                "\"scope\":\"read\"");
                assertThat(upstream.requests().get(0)).doesNotContain("forged");
                assertThat(upstream.requests().get(1)).endsWith("\r\n\r\nbody");
                assertThat(identityOf(upstream.requests().get(1))).isEqualTo(token);
                clock.pass(90_000);
                client.get("/pets", "X-Api-Key: " + key);
                String later = identityOf(upstream.requests().get(2));
                assertThat(later).isNotEqualTo(token);
                assertThat(isSigned(later)).isTrue();
                // What is said of the consumer changes: it is not told what was.
                gateway.serve(catalog.consumer("acme", consumer -> consumer.addGroups("friends")));
                client.get("/pets", "X-Api-Key: " + key);
                assertThat(part(identityOf(upstream.requests().get(3)), 1)).contains("[\"friends\"]");
            }
        }
    }

    @Test
    void anonymous_hasNone_andNobodyCanBringOne() {
        try (RawUpstream upstream = RawUpstream.answering(HELLO);
                Gateway gateway = Gateway.serving(catalogOf(upstream).open(), clock);
                RawClient client = gateway.connect()) {
            assertThat(client.get("/pets", "X-Caller-Identity: forged")).startsWith("HTTP/1.1 200 ");
            assertThat(upstream.requests().get(0)).doesNotContainIgnoringCase("x-caller-identity");
        }
    }

    @Test
    void token_forServices_isNoAccessToken() {
        try (RawUpstream upstream = RawUpstream.answering(HELLO)) {
            Catalog catalog = catalogOf(upstream).jwt("own", policy -> policy).policy("keys", policy -> {
                policy.getKeyAuthBuilder().addHeaderNames("X-Api-Key");
                return policy;
            });
            String key = catalog.key("acme");
            try (Gateway gateway = Gateway.serving(catalog, clock);
                    RawClient client = gateway.connect()) {
                assertThat(client.get("/pets", "X-Api-Key: " + key)).startsWith("HTTP/1.1 200 ");
                String token = identityOf(upstream.requests().get(0));
                assertThat(client.get("/pets", "Authorization: Bearer " + token))
                        .contains("token-claims");
            }
        }
    }

    @Test
    void resource_isDescribed_andItsChallengesSayWhere() {
        try (RawUpstream upstream = RawUpstream.answering(HELLO);
                Gateway gateway = Gateway.serving(
                        catalogOf(upstream)
                                .jwt("own", policy -> policy.addQueryParameters("access_token"))
                                .policy("resource", policy -> {
                                    policy.getProtectedResourceBuilder()
                                            .setResource("http://127.0.0.1/pets")
                                            .addScopes("pets.read")
                                            .setDocumentation("https://example.com/docs");
                                    return policy;
                                }),
                        clock);
                RawClient client = gateway.connect()) {
            assertThat(client.get("/pets"))
                    .startsWith("HTTP/1.1 401 ")
                    .containsIgnoringCase("\r\nwww-authenticate: Bearer realm=\"tollgate\","
                            + " resource_metadata=\"http://127.0.0.1/.well-known/oauth-protected-resource/pets\"\r\n");
            client.send("GET /.well-known/oauth-protected-resource/pets HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n\r\n");
            assertThat(client.readMessage())
                    .startsWith("HTTP/1.1 200 ")
                    .contains(
                            "{\"resource\":\"http://127.0.0.1/pets\",\"authorization_servers\":[\"http://127.0.0.1/own\"],"
                                    + "\"bearer_methods_supported\":[\"header\",\"query\"],\"scopes_supported\":[\"pets.read\"],"
                                    + "\"resource_documentation\":\"https://example.com/docs\"}");
        }
    }
}
