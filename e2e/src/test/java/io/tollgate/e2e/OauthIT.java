package io.tollgate.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.e2e.harness.Admin;
import io.tollgate.e2e.harness.Await;
import io.tollgate.e2e.harness.Caller;
import io.tollgate.e2e.harness.Cluster;
import io.tollgate.e2e.harness.JsonAdmin;
import io.tollgate.e2e.harness.NodeProcess;
import io.tollgate.engine.fixture.TestIssuer;
import io.tollgate.node.fixture.IntrospectionServer;
import io.tollgate.node.fixture.JwksServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What OAuth has beside tokens that speak for themselves, over the processes of a house: the documents' lines, and what follows. */
class OauthIT {
    private static final Duration TIME_MAX = Duration.ofSeconds(40);

    private static Cluster cluster;
    private static NodeProcess node;
    private static String acmeKey;

    @BeforeAll
    static void start() throws Exception {
        cluster = Cluster.start("oauth", 0);
        node = cluster.addNode("node-1", Map.of("TOLLGATE_ACCESS_LOG", log().toString()));
        cluster.admin().service("petstore", cluster.upstream().port());
        cluster.admin().plan("gold");
        acmeKey = cluster.admin().subscriber("acme", "gold");
    }

    private static Path log() {
        return cluster.directory().resolve("access.log");
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    /** Runs the first shell block below a heading of the document, and returns what it says. */
    private static String run(String heading, Map<String, String> environment) throws Exception {
        Matcher block = Pattern.compile("(?s)\n#+ " + Pattern.quote(heading) + "\n.*?```sh\n(.*?)```")
                .matcher(Files.readString(Path.of("..", "docs", "authentication.md")));
        assertThat(block.find()).as(heading).isTrue();
        ProcessBuilder shell = new ProcessBuilder("bash", "-eu", "-c", block.group(1)).redirectErrorStream(true);
        Map<String, String> all = new HashMap<>(environment);
        all.put("ADMIN", "http://127.0.0.1:" + cluster.controlPlane().adminPort());
        all.put(
                "TOKEN",
                Files.readString(cluster.controlPlane().home().resolve("admin-token"))
                        .trim());
        all.put("GATEWAY", "http://127.0.0.1:" + node.proxyPort());
        shell.environment().putAll(all);
        Process process = shell.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return said;
    }

    private static Caller.Reply call(String path, String token) throws IOException {
        try (Caller caller = new Caller(node.proxyPort())) {
            return caller.call("GET", path, "Authorization: Bearer " + token + "\r\n", new byte[0]);
        }
    }

    @Test
    void introspection_asDocumented_provesTheConsumerAndIsCounted() throws Exception {
        cluster.admin().route("toys", "petstore", "/toys");
        try (IntrospectionServer issuer = new IntrospectionServer()
                .says("opaque-1", "{\"active\":true,\"client_id\":\"acme\",\"exp\":9999999999}")) {
            String said = run(
                    "Tokens that the issuer is asked about",
                    Map.of("INTROSPECTION_URL", issuer.url(), "CLIENT_SECRET", "s3cret-of-it", "OPAQUE", "opaque-1"));
            // The upstream has no toys; that it says so itself is the point.
            assertThat(said)
                    .contains("\"client_secret_changed_at\"", "\"issuer\":\"opaque\"")
                    .doesNotContain("urn:tollgate", "s3cret");
            assertThat(call("/toys", "opaque-1").text()).doesNotContain("urn:tollgate");
            assertThat(issuer.asked()).hasSize(1);
            Caller.Reply refused = call("/toys", "opaque-2");
            assertThat(refused.status()).isEqualTo(401);
            assertThat(refused.text()).contains("token-inactive");
            issuer.answers(500);
            Caller.Reply away = call("/toys", "opaque-3");
            assertThat(away.status()).isEqualTo(503);
            assertThat(away.text()).contains("introspection-unavailable");
            Await.until(
                    "the calls are in the ledger",
                    TIME_MAX,
                    () -> cluster.admin().usageOf("acme").values().stream()
                                    .mapToLong(Long::longValue)
                                    .sum()
                            >= 2);
            assertThat(Files.readString(log())).contains("token-inactive").doesNotContain("opaque-1");
            try (Caller operations = new Caller(node.operationsPort())) {
                assertThat(operations.get("/metrics", "").text())
                        .containsPattern("tollgate_introspections_total\\{outcome=\"active\"[^}]*} 1.0");
            }
        }
    }

    @Test
    void ownTokens_asDocumented_proveTheConsumerAndEndWithItsKey() throws Exception {
        cluster.admin().route("books", "petstore", "/books");
        String key = cluster.admin().subscriber("partner", "gold");
        String said = run("Tokens of the gateway's own", Map.of("KEY", acmeKey));
        // The upstream has no books; that it says so itself is the point.
        assertThat(said)
                .contains("\"signing_keys\"", "\"token_endpoint\"")
                .doesNotContain("private_key", "urn:tollgate");
        String token = issued("partner", key);
        assertThat(call("/books", token).text()).doesNotContain("urn:tollgate");
        cluster.admin().revoke("partner", "first", Admin.WAIT);
        Caller.Reply refused = call("/books", token);
        assertThat(refused.status()).isEqualTo(401);
        assertThat(refused.text()).contains("token-revoked");
        assertThat(Files.readString(log())).doesNotContain(token, key);
    }

    @Test
    void subjects_asDocumented_becomeConsumersAtFirstSightAndAreCounted() throws Exception {
        cluster.admin().route("desks", "petstore", "/desks");
        TestIssuer staff = TestIssuer.of("k1", "ES256");
        try (JwksServer keys = new JwksServer(TestIssuer.jwks(staff))) {
            String said = run(
                    "Consumers by first sight",
                    Map.of(
                            "JWKS_URL",
                            keys.url(),
                            "JWT",
                            staff.token(TestIssuer.claims(
                                    "https://staff.example.com/", "jane", System.currentTimeMillis()))));
            assertThat(said)
                    .contains("\"new_consumers\"", "\"name\":\"staff.jane\"")
                    .doesNotContain("urn:tollgate");
            Await.until(
                    "the call is in the ledger",
                    TIME_MAX,
                    () -> !cluster.admin().usageOf("staff.jane").isEmpty());
        }
    }

    @Test
    void service_isToldWhoCalls_inATokenThatOnlyTheGatewaySigns() throws Exception {
        JsonAdmin json = new JsonAdmin(cluster.controlPlane());
        json.put("/v1/token-issuers/house", """
                {"name": "house", "issuer": "http://127.0.0.1/house", "authorization_server": {"audience": "a"}}""");
        cluster.admin().route("echo", "petstore", "/echo");
        json.put("/v1/policies/introduced", """
                {"name": "introduced", "type": "caller-identity", "attachment": {"route": "echo"},
                 "caller_identity": {"issuer": "house", "audience": "petstore"}}""");
        json.put("/v1/policies/described", """
                {"name": "described", "type": "protected-resource", "attachment": {"route": "echo"},
                 "protected_resource": {"resource": "http://127.0.0.1/echo"}}""");
        try (Caller caller = new Caller(node.proxyPort())) {
            Await.until(
                    "it is described",
                    TIME_MAX,
                    () -> caller.get("/.well-known/oauth-protected-resource/echo", "")
                                    .status()
                            == 200);
            Caller.Reply reply = caller.call(
                    "GET", "/echo", "X-Api-Key: " + acmeKey + "\r\nX-Caller-Identity: forged\r\n", new byte[0]);
            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.text()).contains("eyJ").doesNotContain("forged");
            assertThat(caller.get("/house/jwks.json", "").text()).contains("\"kty\":\"EC\"");
        }
    }

    private static String issued(String client, String key) throws IOException {
        byte[] form = ("grant_type=client_credentials&client_id=" + client + "&client_secret=" + key)
                .getBytes(StandardCharsets.US_ASCII);
        try (Caller caller = new Caller(node.proxyPort())) {
            String answer = caller.call(
                            "POST", "/oauth/token", "Content-Type: application/x-www-form-urlencoded\r\n", form)
                    .text();
            Matcher token = Pattern.compile("\"access_token\":\"([^\"]+)\"").matcher(answer);
            assertThat(token.find()).as(answer).isTrue();
            return token.group(1);
        }
    }
}
