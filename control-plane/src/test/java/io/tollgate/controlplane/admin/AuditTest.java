package io.tollgate.controlplane.admin;

import static io.tollgate.controlplane.admin.AdminClient.admin;
import static io.tollgate.controlplane.admin.AdminClient.as;
import static io.tollgate.controlplane.admin.AdminClient.consumer;
import static io.tollgate.controlplane.admin.AdminClient.etag;
import static io.tollgate.controlplane.admin.AdminClient.post;
import static io.tollgate.controlplane.admin.AdminClient.service;
import static io.tollgate.controlplane.admin.AdminClient.unique;
import static io.tollgate.controlplane.admin.AdminClient.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.tollgate.controlplane.EmbeddedPostgresResource;
import io.tollgate.controlplane.catalog.audit.AuditQuestion;
import io.tollgate.controlplane.catalog.audit.AuditSearch;
import jakarta.inject.Inject;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The audit: who wrote what, who tried to, and nobody changes it afterwards. What each write leaves in it: {@link NamedNounsTest}. */
@QuarkusTest
@QuarkusTestResource(EmbeddedPostgresResource.class)
class AuditTest {
    @Inject
    Exports exports;

    @Inject
    AuditSearch audit;

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
    void write_names_whoDidItAndFromWhere() {
        String name = unique("audited");
        String issued = post("/v1/tokens", "{\"subject\": \"some-operator\", \"roles\": [\"operator\"]}")
                .asString();
        Response written = with(JsonPath.from(issued).getString("token"))
                .header("User-Agent", "a program/1.0")
                .header("X-Forwarded-For", "192.0.2.1")
                .header("Forwarded", "for=192.0.2.1")
                .body("{\"name\": \"" + name + "\"}")
                .post("/v1/consumers");
        written.then().statusCode(201);
        admin().get("/v1/audit?object=" + name)
                .then()
                .statusCode(200)
                .body("items.size()", equalTo(1))
                .body("items[0].actor", equalTo("some-operator"))
                .body("items[0].roles", contains("operator"))
                .body("items[0].issuer", equalTo("tollgate"))
                .body("items[0].token_id", equalTo(JsonPath.from(issued).getString("id")))
                .body("items[0].client_address", equalTo("127.0.0.1"))
                .body("items[0].user_agent", equalTo("a program/1.0"))
                .body("items[0].request_id", equalTo(written.header("Tollgate-Request-Id")))
                .body("items[0].action", equalTo("create"))
                .body("items[0].kind", equalTo("consumer"))
                .body("items[0].object_id", equalTo(written.path("id")))
                .body("items[0].revision.toString()", equalTo(written.header("Tollgate-Revision")))
                .body("items[0].outcome", equalTo("done"))
                .body("items[0].after.name", equalTo(name));
    }

    @Test
    void replaced_object_isToldOfByWhatChanged() {
        String name = unique("audited");
        consumer(name);
        admin().header("If-Match", etag("/v1/consumers/" + name))
                .body("{\"name\": \"" + name + "\", \"billing_id\": \"B-7\"}")
                .put("/v1/consumers/" + name)
                .then()
                .statusCode(200);
        Response told = admin().get("/v1/audit?limit=1&object=" + name);
        assertThat(told.<Map<String, Object>>path("items[0].before")).containsOnlyKeys("updated_at");
        assertThat(told.<Map<String, Object>>path("items[0].after"))
                .containsOnlyKeys("billing_id", "updated_at")
                .containsEntry("billing_id", "B-7");
    }

    /** Newest first: operation, status, kind, name. */
    private static List<String> refused(String subject) {
        Response told = admin().get("/v1/audit?outcome=refused&actor=" + subject);
        List<Map<String, Object>> items = told.path("items");
        return items.stream()
                .map(item -> item.get("action") + " " + item.get("status") + " " + item.get("kind") + " "
                        + item.get("object_name"))
                .toList();
    }

    @Test
    void attempts_thatAreRefused_areOnRecordEach() {
        String subject = unique("tried");
        String name = unique("audited");
        consumer(name);
        String path = "/v1/consumers/" + name;
        String token = post("/v1/tokens", "{\"subject\": \"" + subject + "\", \"roles\": [\"operator\"]}")
                .path("token");
        with(token)
                .body("{\"subject\": \"me\", \"roles\": [\"admin\"]}")
                .post("/v1/tokens")
                .then()
                .statusCode(403);
        with(token).get("/v1/audit").then().statusCode(403);
        with(token).header("If-Match", "\"1-1\"").delete(path).then().statusCode(412);
        with(token).header("If-Match", "*").delete(path + "-gone").then().statusCode(404);
        with(token)
                .body("{\"name\": \"" + name + "\"}")
                .post("/v1/consumers")
                .then()
                .statusCode(409);
        with(token).body("{\"name\": 7}").put(path).then().statusCode(422);
        // Neither a write that was refused: one says nothing that could be understood, the other looks for what is not
        // there.
        with(token).body("no JSON").put(path).then().statusCode(400);
        with(token).get(path + "-gone").then().statusCode(404);
        assertThat(refused(subject))
                .containsExactly(
                        "putConsumer 422 consumer " + name,
                        "createConsumer 409 consumer null",
                        "deleteConsumer 404 consumer " + name + "-gone",
                        "deleteConsumer 412 consumer " + name,
                        "listAudit 403 audit null",
                        "issueToken 403 token null");
        admin().get("/v1/audit?limit=1&actor=" + subject)
                .then()
                .body("items[0].after.path", equalTo(path))
                .body("items[0].after.fields", contains("/name"));
    }

    @Test
    void search_givesWhatItsParametersSay() {
        String name = unique("audited");
        for (String which : List.of("a", "b", "c")) {
            consumer(name + which);
        }
        String path = "/v1/consumers/" + name + "a";
        String id = admin().get(path).path("id");
        admin().header("If-Match", etag(path)).delete(path).then().statusCode(204);
        // Somebody who has not been refused too often for a row of its own.
        as("operator").header("If-Match", "*").delete(path).then().statusCode(404);
        assertThat(actions("object=" + name + "a")).containsExactly("deleteConsumer", "delete", "create");
        assertThat(actions("object=" + id.toUpperCase(Locale.ROOT))).containsExactly("delete", "create");
        assertThat(actions("outcome=done&object=" + name + "a")).containsExactly("delete", "create");
        assertThat(actions("outcome=refused&object=" + name + "a")).containsExactly("deleteConsumer");
        assertThat(actions("kind=route&object=" + name + "a")).isEmpty();
        assertThat(actions("actor=nobody&object=" + name + "a")).isEmpty();
        String then = admin().get("/v1/audit?outcome=done&limit=1&object=" + name + "a")
                .path("items[0].happened_at");
        assertThat(actions("outcome=done&from=" + then + "&object=" + name + "a"))
                .containsExactly("delete");
        assertThat(actions("outcome=done&to=" + then + "&object=" + name + "a")).containsExactly("create");
        admin().get("/v1/audit?outcome=maybe&from=yesterday")
                .then()
                .statusCode(400)
                .body("errors.pointer", containsInAnyOrder("outcome", "from"));
    }

    private static List<String> actions(String query) {
        return walk(query).stream().map(item -> (String) item.get("action")).toList();
    }

    /** In pages of one row. */
    private static List<Map<String, Object>> walk(String query) {
        List<Map<String, Object>> items = new ArrayList<>();
        String cursor = null;
        do {
            Response page = admin().get("/v1/audit?limit=1&" + query + (cursor == null ? "" : "&cursor=" + cursor));
            page.then().statusCode(200);
            items.addAll(page.<List<Map<String, Object>>>path("items"));
            cursor = page.path("next_cursor");
        } while (cursor != null);
        return items;
    }

    @Test
    void export_hasTheSameRowsTheOldestFirst() {
        String name = unique("audited");
        consumer(name);
        String path = "/v1/consumers/" + name;
        admin().header("If-Match", etag(path)).delete(path).then().statusCode(204);
        List<Map<String, Object>> rows = new ArrayList<>(walk("object=" + name));
        Collections.reverse(rows);
        Response lines = admin().get("/v1/audit/export?object=" + name);
        lines.then()
                .statusCode(200)
                .contentType("application/jsonl")
                .header("Content-Disposition", containsString("audit.jsonl"));
        List<Object> read = lines.asString()
                .lines()
                .map(line -> JsonPath.from(line).<Object>get("$"))
                .toList();
        assertThat(read).hasSize(2).isEqualTo(rows);
        Response csv = admin().get("/v1/audit/export?format=csv&object=" + name);
        csv.then().statusCode(200).contentType("text/csv");
        List<String> table = csv.asString().lines().toList();
        assertThat(table).hasSize(3);
        assertThat(table.get(0)).startsWith("id,happened_at,actor,roles,").endsWith(",before,after");
        String[] cells = table.get(1).split(",", -1);
        assertThat(cells[0]).isEqualTo(String.valueOf(rows.get(0).get("id")));
        assertThat(Instant.parse(cells[1])).isEqualTo((String) rows.get(0).get("happened_at"));
        assertThat(cells).startsWith(cells[0], cells[1], "admin", "admin", "tollgate");
        assertThat(table.get(2)).contains(",delete,consumer,", "\"\"name\"\":\"\"" + name + "\"\"");
    }

    /** Each holds a connection to the database: exports of all kinds share one bound. */
    @Test
    void exports_beyondTheBound_are503UntilOneIsOver() throws IOException {
        AuditQuestion nothing = new AuditQuestion(null, null, "nobody", null, null, null);
        String usage = "/v1/usage/export?from=2031-01-01T00:00:00Z&to=2031-01-02T00:00:00Z";
        List<StreamingOutput> underWay = new ArrayList<>();
        try {
            for (int i = 0; i < Exports.AT_ONCE_MAX; i++) {
                underWay.add(exports.start(() -> audit.open(nothing), (rows, out) -> {}));
            }
            for (String path : List.of(usage, "/v1/audit/export")) {
                admin().get(path).then().statusCode(503).body("detail", containsString("other exports"));
            }
            underWay.remove(0).write(OutputStream.nullOutputStream());
            // What cannot be opened gives its place back, and so does what is over.
            for (int i = 0; i <= Exports.AT_ONCE_MAX; i++) {
                admin().get(usage + "&consumer=nobody").then().statusCode(404);
                admin().get(usage).then().statusCode(200);
            }
        } finally {
            for (StreamingOutput export : underWay) {
                export.write(OutputStream.nullOutputStream());
            }
        }
    }

    /** Whatever a secret is sent as, it is in no row afterwards. */
    @Test
    void secrets_areInNoRow() {
        String name = unique("audited");
        String planted = "planted-" + unique("secret");
        String token = post("/v1/tokens", "{\"subject\": \"a\", \"roles\": [\"operator\"]}")
                .path("token");
        service(name);
        String route = """
                {"name": "%1$s", "service": "%1$s", "paths": [{"type": "prefix", "value": "/%1$s"}],
                 "request_header_edits": [{"action": "set", "name": "Authorization", "value": "Basic %2$s"},
                                          {"action": "set", "name": "X-Tenant", "value": "acme"}]}""";
        post("/v1/routes", route.formatted(name, planted)).then().statusCode(201);
        admin().header("If-Match", etag("/v1/routes/" + name))
                .body(route.formatted(name, planted + "-2"))
                .put("/v1/routes/" + name)
                .then()
                .statusCode(200);
        admin().get("/v1/audit?limit=1&kind=route&object=" + name)
                .then()
                .body("items[0].after.request_header_edits[0].value", equalTo("(redacted, changed)"))
                .body("items[0].after.request_header_edits[1].value", equalTo("acme"));
        consumer(name);
        String key =
                post("/v1/consumers/" + name + "/keys", "{\"name\": \"first\"}").path("secret");
        post("/v1/certificates", "{\"name\": \"" + name + "\", " + Certificates.CERTIFICATE + "}")
                .then()
                .statusCode(201);
        // In the wrong place, in the wrong shape, and where no token should be.
        post("/v1/certificates", "{\"name\": \"" + planted + " \", \"private_key\": 1, \"" + planted + "\": 1}")
                .then()
                .statusCode(422);
        post("/v1/consumers", "{\"name\": \"X\", \"billing_id\": \"" + planted + "\"}")
                .then()
                .statusCode(422);
        with(planted).delete("/v1/consumers/" + name).then().statusCode(401);
        String privateKey = Certificates.CERTIFICATE.replaceAll("(?s).*PRIVATE KEY-----.n(.{40}).*", "$1");
        assertThat(privateKey).hasSize(40);
        for (String secret : List.of(planted, key, token, privateKey)) {
            assertThat(Database.count("select count(*) from audit a where strpos(a::text, ?) > 0", secret))
                    .as(secret)
                    .isZero();
        }
    }
}
