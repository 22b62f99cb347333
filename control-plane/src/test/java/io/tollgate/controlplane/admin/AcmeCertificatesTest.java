package io.tollgate.controlplane.admin;

import static io.tollgate.controlplane.admin.AdminClient.admin;
import static io.tollgate.controlplane.admin.AdminClient.created;
import static io.tollgate.controlplane.admin.AdminClient.etag;
import static io.tollgate.controlplane.admin.AdminClient.unique;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.tollgate.controlplane.Await;
import io.tollgate.controlplane.EmbeddedPostgresResource;
import io.tollgate.controlplane.Scraped;
import io.tollgate.controlplane.stream.AnsweringNode;
import io.tollgate.controlplane.stream.StreamServer;
import io.tollgate.engine.fixture.TestAuthority;
import io.tollgate.engine.fixture.acme.AcmeServer;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The ACME client against a server that checks what it is sent, with a node's end of the stream that answers. */
@QuarkusTest
@QuarkusTestResource(EmbeddedPostgresResource.class)
class AcmeCertificatesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String HMAC = "zWNDZM6eQGHWpSRTPal5eIUYFTu7EajVIoguysqZ9wG44nMEtx3MUAsUDkMTQ12W";
    private static final TestAuthority AUTHORITY = TestAuthority.root("internal");

    @Inject
    StreamServer stream;

    private final String name = unique("acme");
    private AnsweringNode node;

    @BeforeEach
    void dial() {
        node = AnsweringNode.dial(stream.port(), name);
    }

    @AfterEach
    void close() {
        node.close();
        Response certificate = admin().get("/v1/certificates/" + name);
        if (certificate.statusCode() == 200) {
            admin().header("If-Match", "*")
                    .delete("/v1/certificates/" + name)
                    .then()
                    .statusCode(204);
        }
    }

    private void issuer(AcmeServer server, String more) {
        created(
                "/v1/acme-issuers",
                "{\"name\": \"" + name + "\", \"directory_url\": \"" + server.directoryUrl()
                        + "\", \"terms_of_service_agreed\": true, \"contacts\": [\"mailto:ops@example.com\"]" + more
                        + "}");
    }

    private void want(String... domains) {
        created(
                "/v1/certificates",
                "{\"name\": \"" + name + "\", \"acme\": {\"issuer\": \"" + name + "\", \"domains\": [\""
                        + String.join("\", \"", domains) + "\"]}}");
    }

    private Response await(String what, Predicate<Response> condition) {
        Response[] last = new Response[1];
        Await.until(what, PATIENCE, () -> {
            last[0] = admin().get("/v1/certificates/" + name);
            return condition.test(last[0]);
        });
        return last[0];
    }

    private Response awaitStatus(String status) {
        return await(status, read -> status.equals(read.path("acme.status")));
    }

    @Test
    void certificate_wanted_isGotAndItsSecretsAreNowhere() throws Exception {
        created(
                "/v1/trust-roots",
                "{\"name\": \"" + name + "\", \"certificates\": "
                        + new ObjectMapper().writeValueAsString(AUTHORITY.certificatePem()) + "}");
        double before = Scraped.figure("tollgate_control_acme_attempts_total{outcome=\"obtained\"}");
        try (AcmeServer server = AcmeServer.start(AUTHORITY.ecdsaFor("localhost"))
                .httpPorts(node.port())
                .externalAccount("kid-1", Base64.getUrlDecoder().decode(HMAC))
                .refuseNonces(3)) {
            issuer(
                    server,
                    ", \"trust_roots\": [\"" + name
                            + "\"], \"external_account\": {\"key_id\": \"kid-1\", \"hmac_key\": \"" + HMAC + "\"}");
            want("www.example.com", "example.com");

            Response valid = awaitStatus("valid");

            assertThat(valid.<List<String>>path("sans")).containsExactly("www.example.com", "example.com");
            assertThat(valid.<String>path("certificate_chain")).contains("BEGIN CERTIFICATE");
            assertThat(valid.<String>path("key_algorithm")).isEqualTo("ECDSA-P-256");
            Instant renewAt = Instant.parse(valid.path("acme.renew_at"));
            assertThat(Duration.between(Instant.now(), renewAt).toDays()).isBetween(58L, 60L);
            assertThat(valid.asString()).doesNotContain("PRIVATE");
            assertThat(List.of(server.orders(), server.accounts(), server.certificates(), server.noncesRefused()))
                    .containsExactly(1, 1, 1, 3);
        }
        Await.until("the challenges are gone", PATIENCE, () -> node.challenges() == 0);
        assertThat(Database.count("select count(*) from acme_challenge where certificate_id is not null"))
                .isZero();
        Response issuer = admin().get("/v1/acme-issuers/" + name);
        issuer.then().body("status", equalTo("valid"));
        assertThat(issuer.<String>path("account_url")).startsWith("https://localhost:");
        UUID id = UUID.fromString(admin().get("/v1/certificates/" + name).path("id"));
        assertThat(Database.rows("select actor, action from audit where object_id = ? order by id", id))
                .containsExactly("admin|create", "acme|replace");
        assertThat(Database.rows(
                        "select coalesce(before::text, '') || coalesce(after::text, '') from audit"
                                + " where actor = 'acme' or object_name = ?",
                        name))
                .isNotEmpty()
                .noneMatch(text -> text.contains(HMAC) || text.contains("PRIVATE") || text.contains("account_key"));
        assertThat(Scraped.figure("tollgate_control_acme_attempts_total{outcome=\"obtained\"}"))
                .isEqualTo(before + 1);
        Instant notAfter = Instant.parse(admin().get("/v1/certificates/" + name).path("not_after"));
        String series = "tollgate_control_certificate_not_after_seconds{certificate=\"" + name + "\"}";
        Await.until(
                "its expiry is told",
                Duration.ofSeconds(30),
                () -> Scraped.text().contains(series));
        assertThat(Scraped.figure(series)).isEqualTo(notAfter.getEpochSecond());
        // What was read may be sent back as it is.
        String path = "/v1/certificates/" + name;
        Response read = admin().get(path);
        admin().header("If-Match", read.header("ETag"))
                .body(read.asString())
                .put(path)
                .then()
                .statusCode(200)
                .header("ETag", equalTo(read.header("ETag")));
    }

    @Test
    void server_isToldToLook_onlyOnceTheNodesAnswer() {
        try (AcmeServer server = AcmeServer.start().httpPorts(node.port()).holdBack()) {
            issuer(server, "");
            node.holdBack();
            want("late.example.com");
            Await.until("the order is made", PATIENCE, () -> server.orders() == 1);
            Await.until(
                    "the challenge is written",
                    PATIENCE,
                    () -> Database.count("select count(*) from acme_challenge where certificate_id is not null") == 1);
            assertThat(server.heldBack()).isZero();

            node.goOn();

            Await.until("the server is told", PATIENCE, () -> server.heldBack() == 1);
            assertThat(node.challenges()).isEqualTo(1);
            server.goOn();
            awaitStatus("valid");
        }
    }

    @Test
    void failure_isTold_andWhatIsHeldStays_untilItIsTriedAgain() {
        try (AcmeServer server = AcmeServer.start().httpPorts(node.port())) {
            issuer(server, "");
            want("www.example.com");
            Response valid = awaitStatus("valid");
            String serial = valid.path("serial");
            server.httpPorts(1);

            admin().post("/v1/certificates/" + name + "/renew").then().statusCode(202);

            Response failed = awaitStatus("failed");
            assertThat(failed.header("ETag")).isNotEqualTo(valid.header("ETag"));
            admin().header("If-Match", valid.header("ETag"))
                    .body(valid.asString())
                    .put("/v1/certificates/" + name)
                    .then()
                    .statusCode(200);
            assertThat(failed.<String>path("acme.error")).startsWith("www.example.com: connection: port 1: ");
            assertThat(failed.<String>path("serial")).isEqualTo(serial);
            Duration wait = Duration.between(Instant.now(), Instant.parse(failed.path("acme.next_attempt_at")));
            assertThat(wait.toSeconds()).isBetween(50L, 72L);
            assertThat(Database.count("select count(*) from acme_challenge where certificate_id is not null"))
                    .isZero();

            server.httpPorts(node.port());
            admin().post("/v1/certificates/" + name + "/renew").then().statusCode(202);

            Response again = awaitStatus("valid");
            assertThat(again.<String>path("acme.error")).isNull();
            assertThat(again.<String>path("serial")).isNotEqualTo(serial);
            assertThat(server.orders()).isEqualTo(3);
            UUID id = UUID.fromString(again.path("id"));
            assertThat(Database.rows("select actor, action from audit where object_id = ? order by id", id))
                    .containsExactly("admin|create", "acme|replace", "admin|renew", "admin|renew", "acme|replace");
        }
    }

    @Test
    void renewal_whenAThirdOfTheLifetimeIsLeft_hasAnotherKey() {
        try (AcmeServer server = AcmeServer.start().httpPorts(node.port()).lifetime(Duration.ofSeconds(6))) {
            issuer(server, "");
            want("www.example.com");
            Response first = awaitStatus("valid");
            List<String> key = Database.rows("select private_key from certificate where name = ?", name);
            server.lifetime(Duration.ofDays(90));

            Response second = await("another", read -> !first.path("serial").equals(read.path("serial")));

            assertThat(server.orders()).isEqualTo(2);
            assertThat(second.<String>path("acme.status")).isEqualTo("valid");
            assertThat(Database.rows("select private_key from certificate where name = ?", name))
                    .isNotEqualTo(key);
        }
    }

    @Test
    void rateLimit_isHonoured() {
        try (AcmeServer server = AcmeServer.start().httpPorts(node.port()).rateLimit(7_200)) {
            issuer(server, "");
            want("www.example.com");

            Response failed = awaitStatus("failed");

            assertThat(failed.<String>path("acme.error")).isEqualTo("rateLimited: too many orders");
            assertThat(Duration.between(Instant.now(), Instant.parse(failed.path("acme.next_attempt_at")))
                            .toMinutes())
                    .isBetween(118L, 121L);
        }
    }

    @Test
    void account_thatIsRefused_isToldAtTheIssuer_andMadeOnceItIsRight() {
        byte[] other = "another key of at least 32 bytes.".getBytes(StandardCharsets.US_ASCII);
        try (AcmeServer server = AcmeServer.start().httpPorts(node.port()).externalAccount("kid-1", other)) {
            issuer(server, ", \"external_account\": {\"key_id\": \"kid-1\", \"hmac_key\": \"" + HMAC + "\"}");
            want("www.example.com");
            awaitStatus("failed");
            admin().get("/v1/acme-issuers/" + name)
                    .then()
                    .body("status", equalTo("failed"))
                    .body("error", equalTo("unauthorized: the external account binding does not fit"));
            assertThat(server.accounts()).isZero();

            server.externalAccount("kid-1", Base64.getUrlDecoder().decode(HMAC));
            admin().post("/v1/certificates/" + name + "/renew").then().statusCode(202);

            awaitStatus("valid");
            admin().get("/v1/acme-issuers/" + name).then().body("status", equalTo("valid"));
        }
    }

    @Test
    void wish_thatChanges_isFollowed() {
        try (AcmeServer server = AcmeServer.start().httpPorts(node.port())) {
            issuer(server, "");
            want("one.example.com");
            awaitStatus("valid");
            String path = "/v1/certificates/" + name;

            admin().header("If-Match", etag(path))
                    .body("{\"name\": \"" + name + "\", \"acme\": {\"issuer\": \"" + name
                            + "\", \"domains\": [\"two.example.com\"], \"key_type\": \"rsa-2048\"}}")
                    .put(path)
                    .then()
                    .statusCode(200);

            Response two =
                    await("the other name", read -> List.of("two.example.com").equals(read.path("sans")));
            assertThat(two.<String>path("key_algorithm")).isEqualTo("RSA-2048");
        }
    }
}
