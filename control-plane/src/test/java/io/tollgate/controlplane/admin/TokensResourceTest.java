package io.tollgate.controlplane.admin;

import static io.tollgate.controlplane.admin.AdminClient.admin;
import static io.tollgate.controlplane.admin.AdminClient.as;
import static io.tollgate.controlplane.admin.AdminClient.post;
import static io.tollgate.controlplane.admin.AdminClient.revision;
import static io.tollgate.controlplane.admin.AdminClient.unique;
import static io.tollgate.controlplane.admin.AdminClient.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.tollgate.controlplane.EmbeddedPostgresResource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(EmbeddedPostgresResource.class)
class TokensResourceTest {
    @Test
    void issued_token_isGoodForItsRolesOnly() {
        String subject = unique("finance");
        Response issued = post("/v1/tokens", "{\"subject\": \"" + subject + "\", \"roles\": [\"billing\"]}");
        issued.then().statusCode(201).header("Cache-Control", equalTo("no-store"));
        Instant expiresAt = Instant.parse(issued.path("expires_at"));
        assertThat(Duration.between(Instant.now(), expiresAt)).isBetween(Duration.ofHours(23), Duration.ofHours(24));
        String token = issued.path("token");
        with(token).get("/v1/plans").then().statusCode(200);
        with(token).get("/v1/services").then().statusCode(403);
        with(token).body("{\"name\": \"a\"}").post("/v1/consumers").then().statusCode(403);
        // A signature that was touched is none.
        with(token.substring(0, token.length() - 4) + "AAAA")
                .get("/v1/plans")
                .then()
                .statusCode(401);
    }

    @Test
    void issuing_isOnRecordWithoutTheToken_andNoRevision() {
        long before = revision();
        String subject = unique("finance");
        String token = post("/v1/tokens", """
                {"subject": "%s", "roles": ["billing", "auditor"], "expires_in_seconds": 1}""".formatted(subject)).path("token");
        assertThat(revision()).isEqualTo(before);
        assertThat(Database.rows(
                        "select actor, action, object_kind, revision, after->>'roles' from audit where object_name = ?",
                        subject))
                .containsExactly("admin|issue|token||auditor,billing");
        assertThat(Database.count(
                        "select count(*) from audit a where a::text like ?",
                        "%" + token.substring(token.length() - 20) + "%"))
                .isZero();
    }

    @Test
    void request_thatIsWrong_is422ByField() {
        post("/v1/tokens", "{\"subject\": \"\", \"roles\": [], \"expires_in_seconds\": 31536001}")
                .then()
                .statusCode(422)
                .body("errors.pointer", containsInAnyOrder("/subject", "/roles", "/expires_in_seconds"));
        post("/v1/tokens", "{\"subject\": \"a\", \"roles\": [\"king\"]}")
                .then()
                .statusCode(422)
                .body("errors[0].detail", equalTo("\"king\" (expected: one of admin, operator, auditor, billing)"));
        post("/v1/tokens", "{\"subject\": \" \", \"roles\": [\"admin\", \"admin\"]}")
                .then()
                .statusCode(422)
                .body("errors.pointer", containsInAnyOrder("/roles/1", "/subject"));
        post("/v1/tokens", "{\"subject\": \"a\", \"roles\": [\"admin\"], \"role\": 1}")
                .then()
                .statusCode(422)
                .body("errors.pointer", contains("/role"));
        admin().contentType("text/plain").body("x").post("/v1/tokens").then().statusCode(415);
    }

    private static Response issue(String more) {
        Response issued =
                post("/v1/tokens", "{\"subject\": \"" + unique("bot") + "\", \"roles\": [\"auditor\"]" + more + "}");
        issued.then().statusCode(201);
        return issued;
    }

    private static String at(Response issued) {
        return "/v1/tokens/" + issued.path("id");
    }

    private static int status(Response issued) {
        return with(issued.path("token")).get("/v1/services").statusCode();
    }

    @Test
    void issued_token_isListedWithoutItself() {
        Response issued = issue(", \"name\": \"nightly export\"");
        issued.then().header("Location", endsWith(at(issued)));
        Response read = admin().get(at(issued));
        read.then()
                .statusCode(200)
                .body("name", equalTo("nightly export"))
                .body("roles", contains("auditor"))
                .body("active", equalTo(true))
                .body("created_by", equalTo("admin"))
                .body("expires_at", equalTo(issued.path("expires_at")))
                .body("last_used_at", nullValue())
                .body("revoked_at", nullValue());
        String secret = issued.path("token");
        String signature = secret.substring(secret.lastIndexOf('.') + 1);
        for (Response answer : new Response[] {read, admin().get("/v1/tokens?limit=500")}) {
            assertThat(answer.asString()).doesNotContain(signature).doesNotContain(secret);
        }
        assertThat(Database.count("select count(*) from admin_token t where t::text like ?", "%" + signature + "%"))
                .isZero();
        as("auditor").get(at(issued)).then().statusCode(200);
        as("operator").get(at(issued)).then().statusCode(403);
    }

    @Test
    void list_pages_giveAllOnceTheNewestFirst() {
        Set<String> made = new HashSet<>();
        for (int i = 0; i < 5; i++) {
            made.add(issue("").path("id"));
        }
        List<String> walked = new ArrayList<>();
        List<String> times = new ArrayList<>();
        String cursor = null;
        do {
            Response page = admin().get("/v1/tokens?limit=2" + (cursor == null ? "" : "&cursor=" + cursor));
            page.then().statusCode(200);
            walked.addAll(page.<List<String>>path("items.id"));
            times.addAll(page.<List<String>>path("items.created_at"));
            cursor = page.path("next_cursor");
        } while (cursor != null);
        assertThat(walked).containsAll(made).doesNotHaveDuplicates();
        assertThat(times).isSortedAccordingTo(Comparator.reverseOrder());
        admin().get("/v1/tokens?cursor=" + admin().get("/v1/consumers?limit=1").path("next_cursor"))
                .then()
                .statusCode(400);
    }

    @Test
    void revoked_token_isRefusedAtOnceAndStaysListed() {
        Response issued = issue("");
        assertThat(status(issued)).isEqualTo(200);
        admin().delete(at(issued)).then().statusCode(204);
        with(issued.path("token")).get("/v1/services").then().statusCode(401).body("detail", containsString("revoked"));
        Response read = admin().get(at(issued));
        read.then()
                .statusCode(200)
                .body("active", equalTo(false))
                .body("revoked_by", equalTo("admin"))
                .body("revoked_at", notNullValue());
        // Once more is no second revocation.
        admin().delete(at(issued)).then().statusCode(204);
        assertThat(admin().get(at(issued)).asString()).isEqualTo(read.asString());
        assertThat(Database.rows(
                        "select actor, action, object_kind from audit where object_id = ? and outcome = 'done' order by id",
                        UUID.fromString(issued.path("id"))))
                .containsExactly("admin|issue|token", "admin|revoke|token");
        List<String> active = admin().get("/v1/tokens?active=true&limit=500").path("items.id");
        List<String> inactive = admin().get("/v1/tokens?active=false&limit=500").path("items.id");
        assertThat(active).isNotEmpty().doesNotContain(issued.<String>path("id"));
        assertThat(inactive).contains(issued.<String>path("id")).doesNotContainAnyElementsOf(active);
        admin().delete("/v1/tokens/" + UUID.randomUUID()).then().statusCode(404);
    }

    /** What another control plane commits, this one sees with the next call: between them there is the database and nothing else. */
    @Test
    void token_revokedElsewhere_isRefusedWithTheNextCall() throws SQLException {
        Response issued = issue("");
        assertThat(status(issued)).isEqualTo(200);
        Database.update("update admin_token set revoked_at = now(), revoked_by = 'another' where id = '"
                + issued.path("id") + "'");
        assertThat(status(issued)).isEqualTo(401);
    }

    @Test
    void use_isNotedCoarsely() throws SQLException {
        Response issued = issue("");
        assertThat(status(issued)).isEqualTo(200);
        String first = admin().get(at(issued)).path("last_used_at");
        assertThat(Duration.between(Instant.parse(first), Instant.now())).isLessThan(Duration.ofMinutes(1));
        assertThat(status(issued)).isEqualTo(200);
        assertThat(admin().get(at(issued)).<String>path("last_used_at")).isEqualTo(first);
        Database.update("update admin_token set last_used_at = last_used_at - interval '5 minutes' where id = '"
                + issued.path("id") + "'");
        assertThat(status(issued)).isEqualTo(200);
        assertThat(Instant.parse(admin().get(at(issued)).path("last_used_at"))).isAfter(Instant.parse(first));
    }

    /** One that was signed before tokens were listed. */
    @Test
    void token_thatIsNotListed_isListedWithItsFirstUse() throws SQLException {
        Response issued = issue("");
        Database.update("delete from admin_token where id = '" + issued.path("id") + "'");
        admin().get(at(issued)).then().statusCode(404);
        assertThat(status(issued)).isEqualTo(200);
        admin().get(at(issued))
                .then()
                .statusCode(200)
                .body("roles", contains("auditor"))
                .body("created_by", equalTo("tollgate"))
                .body("expires_at", equalTo(issued.path("expires_at")));
        admin().delete(at(issued)).then().statusCode(204);
        assertThat(status(issued)).isEqualTo(401);
    }

    @Test
    void expiry_isBounded() {
        Instant wanted = Instant.now().plus(Duration.ofDays(30)).truncatedTo(ChronoUnit.SECONDS);
        issue(", \"expires_at\": \"" + wanted + "\"").then().body("expires_at", equalTo(wanted.toString()));
        for (Duration away : List.of(Duration.ofSeconds(-1), Duration.ofDays(366))) {
            post("/v1/tokens", """
                    {"subject": "a", "roles": ["auditor"], "expires_at": "%s"}""".formatted(Instant.now().plus(away)))
                    .then()
                    .statusCode(422)
                    .body("errors.pointer", contains("/expires_at"));
        }
    }

    @Test
    void first_token_isListedToo() {
        assertThat(Database.count("select count(*) from admin_token where name = 'admin-token' and subject = 'admin'"))
                .isEqualTo(1);
    }

    @Test
    void first_token_isForItsOwnersEyesOnly() throws IOException {
        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(AdminClient.home().resolve("admin-token"))))
                .isEqualTo("rw-------");
    }
}
