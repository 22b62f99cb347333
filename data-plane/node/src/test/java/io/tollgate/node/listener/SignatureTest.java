package io.tollgate.node.listener;

import static io.tollgate.node.fixture.Catalog.catalog;
import static io.tollgate.node.fixture.Catalog.perMinute;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.tollgate.engine.fixture.TestAuthority;
import io.tollgate.node.dial.Await;
import io.tollgate.node.exchange.Outcome;
import io.tollgate.node.fixture.Catalog;
import io.tollgate.node.fixture.Gateway;
import io.tollgate.node.fixture.Http2Wire;
import io.tollgate.node.fixture.ManualClock;
import io.tollgate.node.fixture.RawClient;
import io.tollgate.node.fixture.RawUpstream;
import io.tollgate.proto.config.v1.HttpSignature;
import io.tollgate.proto.config.v1.HttpSignatureBinding;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.Signature;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

/** Callers that sign their requests (RFC 9421), through real sockets. */
class SignatureTest {
    private static final String HELLO = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
    private static final byte[] SECRET = "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final KeyPair EDWARDS = TestAuthority.ed25519();
    private static final String COMPONENTS = "\"@method\" \"@authority\" \"@path\" \"@query\"";

    private final ManualClock clock = new ManualClock();

    private static HttpSignature.Builder policy() {
        return HttpSignature.newBuilder()
                .addAllRequiredComponents(List.of("@method", "@authority", "@path", "@query"))
                .setMaxAgeSeconds(300)
                .setClockSkewSeconds(30)
                .setContentDigestRequired(true);
    }

    private static Catalog catalogOf(RawUpstream upstream, HttpSignature.Builder policy) {
        return catalog()
                .service("pets", upstream.port())
                .route("pets", "/pets", "pets")
                .plan("gold", perMinute(1_000))
                .consumer("acme", "gold")
                .consumer("globex", "gold")
                .policy("signatures", one -> one.setHttpSignature(policy))
                .bound(
                        "shared",
                        "acme",
                        credential -> credential.setHttpSignature(HttpSignatureBinding.newBuilder()
                                .setKeyId("shared")
                                .setAlgorithm("hmac-sha256")
                                .setSharedSecret(ByteString.copyFrom(SECRET))))
                .bound(
                        "edwards",
                        "globex",
                        credential -> credential.setHttpSignature(HttpSignatureBinding.newBuilder()
                                .setKeyId("edwards")
                                .setAlgorithm("ed25519")
                                .setPublicKey(TestAuthority.pem(
                                        "PUBLIC KEY", EDWARDS.getPublic().getEncoded()))));
    }

    private static Catalog catalogOf(RawUpstream upstream) {
        return catalogOf(upstream, policy());
    }

    private long now() {
        return clock.epochMillis() / 1_000;
    }

    private String parameters(String keyId, String more) {
        return ";created=" + now() + ";keyid=\"" + keyId + "\"" + more;
    }

    /** The two fields of a request for the host {@code api.example.com}. */
    private static String[] signed(String method, String path, String query, String more, String parameters) {
        String base = "\"@method\": " + method + "\n\"@authority\": api.example.com\n\"@path\": " + path
                + "\n\"@query\": ?" + query + "\n";
        String components = COMPONENTS;
        for (String line : more.lines().toList()) {
            base += line + "\n";
            components += " " + line.substring(0, line.indexOf(':'));
        }
        String says = "(" + components + ")" + parameters;
        byte[] bytes = (base + "\"@signature-params\": " + says).getBytes(StandardCharsets.US_ASCII);
        byte[] signature = parameters.contains("edwards") ? edwards(bytes) : mac(bytes);
        return new String[] {
            "Signature-Input: sig1=" + says,
            "Signature: sig1=:" + Base64.getEncoder().encodeToString(signature) + ":"
        };
    }

    private static byte[] mac(byte[] base) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(SECRET, "HmacSHA256"));
            return mac.doFinal(base);
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] edwards(byte[] base) {
        try {
            Signature signature = Signature.getInstance("Ed25519");
            signature.initSign(EDWARDS.getPrivate());
            signature.update(base);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static String digestOf(String body) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(body.getBytes(StandardCharsets.US_ASCII));
            return "sha-256=:" + Base64.getEncoder().encodeToString(digest) + ":";
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static void assertRefused(String answer, Outcome outcome) {
        assertThat(answer)
                .startsWith("HTTP/1.1 401 ")
                .contains("urn:tollgate:problem:" + outcome.word())
                .containsIgnoringCase("\r\nwww-authenticate: Signature realm=\"tollgate\"\r\n");
    }

    @Test
    void signature_good_provesItsConsumerOnce() throws InterruptedException {
        try (RawUpstream upstream = RawUpstream.answering(HELLO);
                Gateway gateway = Gateway.serving(catalogOf(upstream), clock);
                RawClient client = gateway.connect();
                Http2Wire http2 = gateway.connectHttp2()) {
            String[] shared = signed("GET", "/pets", "a=1", "", parameters("shared", ""));
            assertThat(client.get("/pets?a=1", shared)).startsWith("HTTP/1.1 200 ");
            String[] edwards = signed("GET", "/pets", "", "", parameters("edwards", ";nonce=\"1\""));
            assertThat(client.get("/pets", edwards)).startsWith("HTTP/1.1 200 ");
            String[] overHttp2 = signed("GET", "/pets", "b=2", "", parameters("shared", ""));
            assertThat(http2.get(
                                    "/pets?b=2",
                                    overHttp2[0].replace("Signature-Input", "signature-input"),
                                    overHttp2[1].replace("Signature", "signature"))
                            .body())
                    .isEqualTo("hello");
            assertThat(upstream.requests())
                    .hasSize(3)
                    .allSatisfy(request -> assertThat(request).doesNotContainIgnoringCase("signature"));
            assertThat(upstream.requests().get(0)).contains("X-Consumer-Name: acme");
            assertThat(upstream.requests().get(1)).contains("X-Consumer-Name: globex");

            // The same again, and the same nonce for something else.
            assertRefused(client.get("/pets?a=1", shared), Outcome.SIGNATURE_REPLAYED);
            assertRefused(client.get("/pets", edwards), Outcome.SIGNATURE_REPLAYED);
            assertRefused(
                    client.get("/pets?c", signed("GET", "/pets", "c", "", parameters("edwards", ";nonce=\"1\""))),
                    Outcome.SIGNATURE_REPLAYED);
            // Nonces are those of a key.
            assertThat(client.get("/pets", signed("GET", "/pets", "", "", parameters("shared", ";nonce=\"1\""))))
                    .startsWith("HTTP/1.1 200 ");
            assertThat(upstream.requests()).hasSize(4);
            assertThat(gateway.logged()).doesNotContain("sig1");
        }
    }

    @Test
    void signature_bad_isRefusedByItsOwnOutcome() {
        try (RawUpstream upstream = RawUpstream.answering(HELLO);
                Gateway gateway = Gateway.serving(catalogOf(upstream), clock);
                RawClient client = gateway.connect()) {
            String[] good = signed("GET", "/pets", "", "", parameters("shared", ""));
            assertRefused(client.get("/pets/7", good), Outcome.SIGNATURE_INVALID);
            assertRefused(client.get("/pets?x", good), Outcome.SIGNATURE_INVALID);
            client.send("DELETE /pets HTTP/1.1\r\nHost: api.example.com\r\n" + RawClient.lines(good) + "\r\n");
            assertRefused(client.readMessage(), Outcome.SIGNATURE_INVALID);
            client.send("GET /pets HTTP/1.1\r\nHost: b\r\n" + RawClient.lines(good) + "\r\n");
            assertRefused(client.readMessage(), Outcome.SIGNATURE_INVALID);
            // Whoever tries in vain does not use it up.
            assertThat(client.get("/pets", good)).startsWith("HTTP/1.1 200 ");

            assertRefused(client.get("/pets", good[0]), Outcome.SIGNATURE_MALFORMED);
            assertRefused(client.get("/pets", good[1]), Outcome.SIGNATURE_MALFORMED);
            assertRefused(client.get("/pets", good[0], good[0], good[1]), Outcome.SIGNATURE_MALFORMED);
            assertRefused(
                    client.get("/pets", good[0].replace("@path", "@status"), good[1]), Outcome.SIGNATURE_MALFORMED);
            assertRefused(
                    client.get("/pets", signed("GET", "/pets", "", "", parameters("nobody", ""))),
                    Outcome.SIGNATURE_UNKNOWN_KEY);
            assertRefused(
                    client.get("/pets", signed("GET", "/pets", "", "", ";keyid=\"shared\"")),
                    Outcome.SIGNATURE_INCOMPLETE);
            assertRefused(
                    client.get(
                            "/pets", signed("GET", "/pets", "", "", ";created=" + (now() - 331) + ";keyid=\"shared\"")),
                    Outcome.SIGNATURE_UNTIMELY);
            assertRefused(
                    client.get("/pets", signed("GET", "/pets", "", "", parameters("shared", ";alg=\"ed25519\""))),
                    Outcome.SIGNATURE_INVALID);
            // The public key as a shared secret.
            String[] confused = signed("GET", "/pets", "", "", parameters("shared", ""));
            assertRefused(
                    client.get("/pets", confused[0].replace("shared", "edwards"), confused[1]),
                    Outcome.SIGNATURE_INVALID);
            assertRefused(client.get("/pets"), Outcome.CREDENTIAL_MISSING);
            assertThat(client.get(
                            "/pets", signed("GET", "/pets", "", "", parameters("shared", ";alg=\"hmac-sha256\""))))
                    .startsWith("HTTP/1.1 200 ");
        }
    }

    private static String post(String path, String[] fields, String framing, String body) {
        return "POST " + path + " HTTP/1.1\r\nHost: api.example.com\r\n" + RawClient.lines(fields) + framing
                + "\r\n\r\n" + body;
    }

    private String[] signedBody(String body, String nonce) {
        String digest = digestOf(body);
        String[] two = signed(
                "POST", "/pets", "", "\"content-digest\": " + digest, parameters("shared", ";nonce=\"" + nonce + "\""));
        return new String[] {two[0], two[1], "Content-Digest: " + digest};
    }

    @Test
    void body_isTheOneThatWasSigned_orTheServiceNeverHasItWhole() {
        try (RawUpstream upstream = RawUpstream.answering(HELLO);
                Gateway gateway = Gateway.serving(catalogOf(upstream), clock);
                RawClient client = gateway.connect()) {
            client.send(post("/pets", signedBody("body", "1"), "Content-Length: 4", "body"));
            assertThat(client.readMessage()).startsWith("HTTP/1.1 200 ");
            client.send(post(
                    "/pets", signedBody("body", "2"), "Transfer-Encoding: chunked", "2\r\nbo\r\n2\r\ndy\r\n0\r\n\r\n"));
            assertThat(client.readMessage()).startsWith("HTTP/1.1 200 ");
            client.send(post("/pets", signedBody("", "3"), "Content-Length: 0", ""));
            assertThat(client.readMessage()).startsWith("HTTP/1.1 200 ");
            assertThat(upstream.requests()).hasSize(3);

            String[][] wrong = {
                {"Content-Length: 4", "bodY"},
                {"Transfer-Encoding: chunked", "2\r\nbo\r\n2\r\ndY\r\n0\r\n\r\n"},
                {"Transfer-Encoding: chunked", "2\r\nbo\r\n0\r\n\r\n"},
                {"Content-Length: 0", ""},
            };
            for (int i = 0; i < wrong.length; i++) {
                try (RawClient other = gateway.connect()) {
                    other.send(post("/pets", signedBody("body", "wrong-" + i), wrong[i][0], wrong[i][1]));
                    assertThat(other.readMessage())
                            .as(wrong[i][1])
                            .startsWith("HTTP/1.1 400 ")
                            .contains("content-digest-wrong");
                }
            }
            assertThat(upstream.requests().stream().skip(3))
                    .as("what came of the others")
                    .noneMatch(request -> request.contains("bodY") || request.endsWith("0\r\n\r\n"));

            String[] without = signed("POST", "/pets", "", "", parameters("shared", ""));
            client.send(post("/pets", without, "Content-Length: 4", "body"));
            assertRefused(client.readMessage(), Outcome.SIGNATURE_INCOMPLETE);
        }
    }

    @Test
    void body_whoseDigestNeedNotBeCovered_isCheckedWhereItIs() {
        try (RawUpstream upstream = RawUpstream.answering(HELLO);
                Gateway gateway = Gateway.serving(
                        catalogOf(
                                upstream,
                                policy().setContentDigestRequired(false).setKeepSignature(true)),
                        clock);
                RawClient client = gateway.connect()) {
            client.send(post(
                    "/pets", signed("POST", "/pets", "", "", parameters("shared", "")), "Content-Length: 4", "body"));
            assertThat(client.readMessage()).startsWith("HTTP/1.1 200 ");
            assertThat(upstream.requests().get(0)).contains("Signature: sig1=:", "Signature-Input: sig1=(");
            client.send(post("/pets", signedBody("body", "1"), "Content-Length: 4", "bodY"));
            assertThat(client.readMessage()).startsWith("HTTP/1.1 400 ").contains("content-digest-wrong");
        }
    }

    @Test
    void policy_tagNonceAndAnonymous() {
        try (RawUpstream upstream = RawUpstream.answering(HELLO);
                Gateway gateway = Gateway.serving(
                        catalogOf(
                                upstream,
                                policy().setTag("app").setNonceRequired(true).setAnonymousAllowed(true)),
                        clock);
                RawClient client = gateway.connect()) {
            assertThat(client.get("/pets")).startsWith("HTTP/1.1 200 ");
            assertRefused(
                    client.get("/pets", signed("GET", "/pets", "", "", parameters("shared", ";nonce=\"1\""))),
                    Outcome.SIGNATURE_UNKNOWN_KEY);
            assertRefused(
                    client.get("/pets", signed("GET", "/pets", "", "", parameters("shared", ";tag=\"app\""))),
                    Outcome.SIGNATURE_INCOMPLETE);
            // One of a proxy beside it is nobody's business here.
            String[] two = signed("GET", "/pets", "", "", parameters("shared", ";nonce=\"1\";tag=\"app\""));
            assertThat(client.get("/pets", two[0], "Signature-Input: proxy=(\"@method\")", two[1] + ", proxy=:AAAA:"))
                    .startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void key_removed_refusesAtOnceAndEndsStreams() {
        try (RawUpstream upstream = RawUpstream.scripted(connection -> {
            connection.readMessage();
            connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n");
            connection.readToEnd();
        })) {
            Catalog catalog = catalogOf(upstream);
            try (Gateway gateway = Gateway.serving(catalog, clock);
                    RawClient client = gateway.connect();
                    RawClient other = gateway.connect()) {
                client.send("GET /pets HTTP/1.1\r\nHost: api.example.com\r\n"
                        + RawClient.lines(signed("GET", "/pets", "", "", parameters("shared", ""))) + "\r\n");
                assertThat(client.readHead()).startsWith("HTTP/1.1 200 ");
                gateway.serve(catalog.remove("credential", "shared"));
                clock.pass(1_000);
                Await.until("it has ended", () -> gateway.counters().count(Outcome.STREAM_REVOKED) == 1);
                assertRefused(
                        other.get("/pets", signed("GET", "/pets", "", "", parameters("shared", ""))),
                        Outcome.SIGNATURE_UNKNOWN_KEY);
            }
        }
    }
}
