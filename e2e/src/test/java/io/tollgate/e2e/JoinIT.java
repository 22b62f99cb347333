package io.tollgate.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.grpc.Status;
import io.tollgate.e2e.harness.Await;
import io.tollgate.e2e.harness.Caller;
import io.tollgate.e2e.harness.ControlPlane;
import io.tollgate.e2e.harness.ExternalPostgres;
import io.tollgate.e2e.harness.Jars;
import io.tollgate.e2e.harness.JsonAdmin;
import io.tollgate.e2e.harness.NodeProcess;
import io.tollgate.e2e.harness.RawNode;
import io.tollgate.engine.fixture.TestAuthority;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Two control planes of one database whose streams are TLS with its own authority, and the nodes that join them. */
class JoinIT {
    private static final Duration SOON = Duration.ofSeconds(30);
    /** The bound that is promised, and what a busy machine takes on top of it. */
    private static final Duration REVOKED_WITHIN = Duration.ofSeconds(5);

    private static final ObjectMapper JSON = new ObjectMapper();

    private static Path directory;
    private static ExternalPostgres postgres;
    private static ControlPlane first;
    /** What it issues lives for seconds. */
    private static ControlPlane second;

    private static JsonAdmin admin;

    @BeforeAll
    static void start() {
        directory = Jars.emptyDirectory("join");
        postgres = ExternalPostgres.start(directory.resolve("postgresql"));
        // The envelope key is the database's: both have it from the environment.
        Map<String, String> common = Map.of(
                "TOLLGATE_DATABASE_URL",
                postgres.url(),
                "TOLLGATE_STREAM_SECURITY",
                "own-authority",
                "TOLLGATE_ENVELOPE_KEY",
                "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=");
        first = ControlPlane.start(directory.resolve("first"), common).awaitReady();
        Map<String, String> seconds = new HashMap<>(common);
        seconds.put("TOLLGATE_NODE_CERTIFICATE_SECONDS", "15");
        second = ControlPlane.start(directory.resolve("second"), seconds).awaitReady();
        admin = new JsonAdmin(first);
    }

    @AfterAll
    static void stop() {
        second.close();
        first.close();
        postgres.close();
    }

    private static void secondRunsAgain() {
        if (!second.process().isAlive()) {
            second.startAgain();
            second.awaitReady();
        }
    }

    private static JsonNode json(HttpResponse<String> answer) throws IOException {
        return JSON.readTree(answer.body());
    }

    private static String token(String body) throws IOException {
        HttpResponse<String> answer = admin.send("POST", "/v1/join-tokens", body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return json(answer).path("token").asText();
    }

    private static String tokenOf(String node) throws IOException {
        return token("{\"node_id\": \"" + node + "\"}");
    }

    private static JsonNode node(String id) throws IOException {
        return json(admin.get("/v1/nodes/" + id));
    }

    private static boolean isLive(String id) throws IOException {
        return node(id).path("live").asBoolean();
    }

    private static NodeProcess node(String id, ControlPlane controlPlane, Map<String, String> environment) {
        return NodeProcess.start(id, directory.resolve(id), controlPlane, environment);
    }

    private static void awaitLog(NodeProcess node, String words) {
        Await.until(words, SOON, () -> node.process().errors().contains(words));
    }

    @Test
    void node_withAToken_joinsOnceAndServesAfterARestartWithoutIt() throws Exception {
        String token = token("{}");
        try (NodeProcess node =
                node("once", first, Map.of("TOLLGATE_JOIN_TOKEN", token)).awaitReady()) {
            Await.until("it is live", SOON, () -> isLive("once"));
            JsonNode certificate = node("once").path("certificate");
            assertThat(certificate.path("serial").asText()).isNotEmpty();
            assertThat(certificate.path("revoked").asBoolean()).isFalse();
            Path membership = node.home().resolve("membership");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(membership)))
                    .isEqualTo("rw-------");
            assertThat(new String(Files.readAllBytes(membership), StandardCharsets.ISO_8859_1))
                    .doesNotContain("Tollgate streams");
            assertThat(node.home().resolve("membership.pending")).doesNotExist();

            node.process().terminate();
            node.startAgain();
            node.awaitReady();
            Await.until("it is live again", SOON, () -> isLive("once"));
            assertThat(node("once").path("certificate")).isEqualTo(certificate);
            assertThat(node.process().errors()).doesNotContain("join-refused");

            try (NodeProcess thief = node("thief", first, Map.of("TOLLGATE_JOIN_TOKEN", token))) {
                awaitLog(thief, "event=join-refused");
                assertThat(thief.process().errors()).contains("the join token was used before");
                assertThat(admin.get("/v1/nodes/thief").statusCode()).isEqualTo(404);
            }
            assertThat(node.process().errors() + first.process().errors()).doesNotContain(token.split("\\.", -1)[2]);
        }
    }

    @Test
    void node_whoseTokenNamesAnotherAuthority_tellsTheServerNothing() throws Exception {
        String token = tokenOf("cautious");
        String other = token.substring(0, token.length() - 8) + (token.endsWith("00000000") ? "11111111" : "00000000");
        try (NodeProcess node = node("cautious", first, Map.of("TOLLGATE_JOIN_TOKEN", other))) {
            awaitLog(node, "the server has not shown the authority of the join token");
            assertThat(json(admin.get("/v1/join-tokens")).findValuesAsText("used_by"))
                    .doesNotContain("cautious");
        }
    }

    @Test
    void stream_withoutACertificateOrWithoutTls_isRefused() throws Exception {
        try (RawNode nobody = RawNode.dial(first.streamPort(), null);
                RawNode plain = RawNode.dialPlain(first.streamPort())) {
            assertThat(nobody.watch("nobody").getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
            assertThat(nobody.report("nobody").getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
            assertThat(nobody.renew().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
            assertThat(plain.watch("nobody").getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        }
        TestAuthority.Issued own = TestAuthority.root("nobody of ours").ecdsaFor("nobody");
        RawNode.Member forged = new RawNode.Member(own.keys(), own.certificate());
        try (RawNode stranger = RawNode.dial(first.streamPort(), forged)) {
            // Whether a client shows what the server does not believe is up to the client.
            assertThat(stranger.watch("nobody").getCode()).isIn(Status.Code.UNAUTHENTICATED, Status.Code.UNAVAILABLE);
        }
    }

    @Test
    void node_thatLiesAboutItsId_isRefusedOnBothStreams() throws Exception {
        RawNode.Member liar;
        try (RawNode joining = RawNode.dial(first.streamPort(), null)) {
            liar = joining.join(tokenOf("liar"), "liar");
        }
        try (RawNode node = RawNode.dial(first.streamPort(), liar)) {
            assertThat(node.watch("liar").isOk()).isTrue();
            assertThat(node.report("liar").isOk()).isTrue();
            assertThat(node.watch("honest").getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
            assertThat(node.report("honest").getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
        }
        assertThat(first.process().errors()).contains("event=node-lies node=liar said=honest");
        assertThat(admin.get("/v1/nodes/honest").statusCode()).isEqualTo(404);
        assertThat(admin.get("/q/metrics").body())
                .containsPattern("tollgate_control_stream_refused_total\\{reason=\"other-node\"\\} 2");
    }

    @Test
    void certificate_ofSeconds_isRenewedWhileCallsGoOnAndAllAreCounted() throws Exception {
        try (NodeProcess node = node("renewing", second, Map.of("TOLLGATE_JOIN_TOKEN", tokenOf("renewing")))
                .awaitReady()) {
            Set<String> serials = new HashSet<>();
            try (Caller caller = new Caller(node.proxyPort())) {
                Await.until("three certificates", Duration.ofSeconds(90), () -> {
                    assertThat(caller.get("/nowhere", "").status()).isEqualTo(404);
                    serials.add(
                            node("renewing").path("certificate").path("serial").asText());
                    return serials.size() >= 3;
                });
            }
            assertThat(node.process().errors())
                    .doesNotContain("certificate-expired")
                    .doesNotContain("not-renewed");
            Await.until("it is live", SOON, () -> isLive("renewing"));

            // The control plane is away for longer than the certificate lives: the node goes on serving and says what
            // to do.
            second.process().kill();
            awaitLog(node, "event=certificate-expired");
            assertThat(node.process().errors())
                    .contains("give it a new join token: POST /v1/join-tokens with node_id renewing");
            try (Caller caller = new Caller(node.proxyPort())) {
                assertThat(caller.get("/nowhere", "").status()).isEqualTo(404);
            }
        } finally {
            secondRunsAgain();
        }
    }

    @Test
    void revocation_closesTheStreamsOnEveryControlPlane_andANewTokenInTheFileLetsTheNodeBackIn() throws Exception {
        Path file = Files.writeString(directory.resolve("comeback.token"), tokenOf("comeback"));
        RawNode.Member stolen;
        try (RawNode joining = RawNode.dial(first.streamPort(), null)) {
            stolen = joining.join(tokenOf("stolen"), "stolen");
        }
        try (NodeProcess node = node("comeback", first, Map.of("TOLLGATE_JOIN_TOKEN_FILE", file.toString()))
                .awaitReady()) {
            Await.until("it is live", SOON, () -> isLive("comeback"));

            // Asked of the other control plane than the one that holds the stream.
            assertThat(new JsonAdmin(second)
                            .send("POST", "/v1/nodes/comeback/revoke", "")
                            .statusCode())
                    .isEqualTo(204);
            Await.until("it is cut off", REVOKED_WITHIN, () -> !isLive("comeback"));
            awaitLog(node, "the certificate is revoked");
            assertThat(node("comeback").path("certificate").path("revoked").asBoolean())
                    .isTrue();

            Files.writeString(file, tokenOf("comeback"));
            Await.until("it is back", SOON, () -> isLive("comeback"));
            assertThat(node("comeback").path("certificate").path("revoked").asBoolean())
                    .isFalse();
        }
        try (RawNode thief = RawNode.dial(first.streamPort(), stolen)) {
            CompletableFuture<Status> end = thief.stay("stolen");
            assertThat(thief.report("stolen").isOk()).isTrue();
            assertThat(end).isNotDone();
            assertThat(admin.send("POST", "/v1/nodes/stolen/revoke", "").statusCode())
                    .isEqualTo(204);
            assertThat(end.get(REVOKED_WITHIN.toSeconds(), TimeUnit.SECONDS).getCode())
                    .isEqualTo(Status.Code.UNAUTHENTICATED);
            assertThat(thief.watch("stolen").getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
            assertThat(thief.renew().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
        }
    }

    @Test
    void node_withTwoControlPlanes_goesOnWithTheOther() throws Exception {
        String both = "127.0.0.1:" + first.streamPort() + ",127.0.0.1:" + second.streamPort();
        try (NodeProcess node = node(
                        "pair", first, Map.of("TOLLGATE_JOIN_TOKEN", tokenOf("pair"), "TOLLGATE_CONTROL_PLANE", both))
                .awaitReady()) {
            Await.until("it is live", SOON, () -> isLive("pair"));
            second.process().kill();
            Await.until("it is live by the other", SOON, () -> isLive("pair"));
            assertThat(admin.put("/v1/consumers/pair", "{\"name\": \"pair\"}").statusCode())
                    .isEqualTo(201);
            assertThat(node.process().isAlive()).isTrue();
        } finally {
            secondRunsAgain();
        }
    }

    @Test
    void token_thatHasExpired_isRefused() throws Exception {
        String token = token("{\"expires_in_seconds\": 1}");
        Await.until("it has expired", SOON, () -> {
            for (JsonNode known : json(admin.get("/v1/join-tokens")).path("items")) {
                if (token.startsWith("tgj1." + known.path("id").asText().replace("-", ""))) {
                    return !known.path("active").asBoolean();
                }
            }
            return false;
        });
        try (RawNode late = RawNode.dial(first.streamPort(), null)) {
            assertThatThrownBy(() -> late.join(token, "late")).hasMessageContaining("unknown, deleted or expired");
        }
    }
}
