package io.tollgate.controlplane.admin;

import static io.tollgate.controlplane.admin.AdminClient.admin;
import static io.tollgate.controlplane.admin.AdminClient.post;
import static io.tollgate.controlplane.admin.AdminClient.revision;
import static io.tollgate.controlplane.admin.AdminClient.unique;
import static io.tollgate.controlplane.admin.AdminClient.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.tollgate.controlplane.EmbeddedPostgresResource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
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

    @Test
    void first_token_isForItsOwnersEyesOnly() throws IOException {
        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(AdminClient.home().resolve("admin-token"))))
                .isEqualTo("rw-------");
    }
}
