package io.tollgate.controlplane.admin;

import static io.tollgate.controlplane.admin.AdminClient.as;
import static io.tollgate.controlplane.admin.AdminClient.consumer;
import static io.tollgate.controlplane.admin.AdminClient.unique;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.tollgate.controlplane.EmbeddedPostgresResource;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The audit: who wrote what, who tried to, and nobody changes it afterwards. What each write leaves in it: {@link NamedNounsTest}. */
@QuarkusTest
@QuarkusTestResource(EmbeddedPostgresResource.class)
class AuditTest {
    @Test
    void table_changed_isRefusedByTheDatabase() {
        consumer(unique("audited"));
        List<String> before = rows();
        for (String change : List.of(
                "update audit set actor = 'nobody'",
                "update audit set actor = actor where false",
                "delete from audit",
                "delete from audit where id = 1",
                "truncate audit")) {
            assertThatThrownBy(() -> Database.update(change))
                    .as(change)
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("append only");
        }
        assertThat(rows()).isNotEmpty().isEqualTo(before);
    }

    private static List<String> rows() {
        return Database.rows("select a::text from audit a order by id");
    }

    @Test
    void write_names_whoDidIt() {
        String name = unique("audited");
        as("operator")
                .body("{\"name\": \"" + name + "\"}")
                .post("/v1/consumers")
                .then()
                .statusCode(201);
        assertThat(Database.rows("select actor, roles, action from audit where object_name = ?", name))
                .containsExactly("some-operator|operator|create");
    }

    @Test
    void attempt_withoutTheRole_isOnRecord() {
        String name = unique("audited");
        as("auditor")
                .body("{\"name\": \"" + name + "\"}")
                .put("/v1/consumers/" + name)
                .then()
                .statusCode(403);
        assertThat(Database.rows(
                        "select actor, roles, action, object_kind, revision from audit where object_name = ?",
                        "/v1/consumers/" + name))
                .containsExactly("some-auditor|auditor|refused 403|consumers|");
        as("auditor").get("/v1/usage/export").then().statusCode(400);
        assertThat(Database.count("select count(*) from audit where object_name = '/v1/usage/export'"))
                .isZero();
    }
}
