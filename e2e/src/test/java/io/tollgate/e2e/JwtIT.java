package io.tollgate.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.e2e.harness.Await;
import io.tollgate.e2e.harness.Caller;
import io.tollgate.e2e.harness.Cluster;
import io.tollgate.e2e.harness.NodeProcess;
import io.tollgate.engine.fixture.TestIssuer;
import io.tollgate.node.fixture.JwksServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** Tokens from an issuer with a JWKS server to a real node: as the documents say, through a rotation, an outage and a restart. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class JwtIT {
    private static final String ISSUER = "https://login.example.com/";
    private static final Duration TIME_MAX = Duration.ofSeconds(40);
    private static final Pattern CURL = Pattern.compile("```sh\\n(curl .*?)```", Pattern.DOTALL);
    private static final TestIssuer FIRST = TestIssuer.of("k1", "ES256");
    private static final TestIssuer SECOND = TestIssuer.of("k2", "EdDSA");

    private static Cluster cluster;
    private static NodeProcess node;
    private static JwksServer keys;

    @BeforeAll
    static void start() throws Exception {
        keys = new JwksServer(TestIssuer.jwks(FIRST));
        cluster = Cluster.start("jwt", 0);
        node = cluster.addNode("node-1", Map.of("TOLLGATE_ACCESS_LOG", log().toString()));
        cluster.admin().service("petstore", cluster.upstream().port());
        cluster.admin().route("orders", "petstore", "/");
        cluster.admin().plan("gold");
        cluster.admin().subscriber("acme", "gold");
    }

    private static Path log() {
        return cluster.directory().resolve("access.log");
    }

    @AfterAll
    static void stop() {
        cluster.close();
        keys.close();
    }

    private static String token(TestIssuer issuer) {
        return issuer.token(TestIssuer.claims(ISSUER, "client-7", System.currentTimeMillis())
                .replace("\"sub\"", "\"client_id\"")
                .replace("}", ",\"aud\":\"https://api.example.com\",\"org\":{\"tenant\":\"blue\"}}"));
    }

    private static Caller.Reply call(String token) throws IOException {
        try (Caller caller = new Caller(node.proxyPort())) {
            return caller.call("GET", "/pets/1", "Authorization: Bearer " + token + "\r\n", new byte[0]);
        }
    }

    @Test
    @Order(1)
    void documents_curlLines_work() throws Exception {
        Matcher block = CURL.matcher(Files.readString(Path.of("..", "docs", "authentication.md")));
        assertThat(block.find()).isTrue();
        ProcessBuilder shell = new ProcessBuilder("bash", "-eu", "-c", block.group(1)).redirectErrorStream(true);
        shell.environment()
                .putAll(Map.of(
                        "ADMIN", "http://127.0.0.1:" + cluster.controlPlane().adminPort(),
                        "TOKEN",
                                Files.readString(cluster.controlPlane().home().resolve("admin-token"))
                                        .trim(),
                        "GATEWAY", "http://127.0.0.1:" + node.proxyPort(),
                        "JWKS_URL", keys.url(),
                        "JWT", token(FIRST)));
        Process process = shell.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        // The upstream has no orders; that it says so itself is the point.
        assertThat(said)
                .contains("\"jwks_url\"", "\"forward_claims\"", "\"subject\":\"client-7\"")
                .doesNotContain("urn:tollgate");
    }

    @Test
    @Order(2)
    void call_withItsToken_isItsConsumersAndCounted() throws Exception {
        Caller.Reply reply = call(token(FIRST));
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        Caller.Reply refused = call(SECOND.token("{}"));
        assertThat(refused.status()).isEqualTo(401);
        assertThat(refused.header("www-authenticate")).contains("error=\"invalid_token\"");
        Await.until(
                "the call is in the ledger",
                TIME_MAX,
                () -> cluster.admin().usageOf("acme").getOrDefault("success", 0L) >= 1);
        assertThat(Files.readString(log()))
                .contains("\"consumer\":\"acme\"", "token-unknown-issuer")
                .doesNotContain("eyJ");
    }

    @Test
    @Order(3)
    void key_rotated_isFoundByTheFirstTokenThatNamesIt() throws Exception {
        keys.serves(TestIssuer.jwks(FIRST, SECOND));
        // Asked once in ten seconds at most, and it was asked at the start.
        Await.until("the new key is known", TIME_MAX, () -> call(token(SECOND)).status() == 200);
        assertThat(call(token(FIRST)).status()).isEqualTo(200);
        String stranger = token(TestIssuer.of("k9", "ES256"));
        int asked = keys.requests();
        for (int i = 0; i < 20; i++) {
            assertThat(call(stranger).status()).isEqualTo(401);
        }
        assertThat(keys.requests() - asked).isLessThanOrEqualTo(2);
    }

    @Test
    @Order(4)
    void issuer_away_knownKeysGoOnAlsoOverARestart() throws Exception {
        keys.fails(503);
        assertThat(call(token(FIRST)).status()).isEqualTo(200);
        node.process().kill();
        node.startAgain();
        node.awaitReady();
        assertThat(call(token(SECOND)).status()).isEqualTo(200);
        try (Caller operations = new Caller(node.operationsPort())) {
            Await.until(
                    "the fetch has failed",
                    TIME_MAX,
                    () -> operations
                            .get("/metrics", "")
                            .text()
                            .matches("(?s).*tollgate_jwks_fetches_total\\{outcome=\"failure\"[^}]*} [1-9].*"));
            assertThat(operations.get("/metrics", "").text()).contains("tollgate_jwks_missing 0.0");
        }
    }
}
