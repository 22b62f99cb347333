package io.tollgate.controlplane.admin;

import static io.tollgate.controlplane.admin.AdminClient.admin;
import static io.tollgate.controlplane.admin.AdminClient.as;
import static io.tollgate.controlplane.admin.AdminClient.consumer;
import static io.tollgate.controlplane.admin.AdminClient.created;
import static io.tollgate.controlplane.admin.AdminClient.etag;
import static io.tollgate.controlplane.admin.AdminClient.post;
import static io.tollgate.controlplane.admin.AdminClient.put;
import static io.tollgate.controlplane.admin.AdminClient.revision;
import static io.tollgate.controlplane.admin.AdminClient.service;
import static io.tollgate.controlplane.admin.AdminClient.unique;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.tollgate.controlplane.EmbeddedPostgresResource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the nodes' own compiler refuses is a 422 that names the object, and leaves nothing behind but the attempt in the audit. */
@QuarkusTest
@QuarkusTestResource(EmbeddedPostgresResource.class)
class RefusedByNodesTest {
    private static final List<String> TABLES = List.of(
            "service",
            "route",
            "policy",
            "plan",
            "consumer",
            "credential",
            "subscription",
            "revision",
            "change_log",
            "revision_counter",
            "retired_name",
            "idempotency");

    @BeforeEach
    void theServiceIsThere() {
        service("refused");
    }

    /** Digest of everything that a write can leave behind. */
    private static Map<String, String> everything() {
        Map<String, String> digests = new TreeMap<>();
        for (String table : TABLES) {
            digests.put(
                    table,
                    Database.rows("select md5(coalesce(string_agg(t::text, ',' order by t::text), '')) from " + table
                                    + " t")
                            .get(0));
        }
        digests.put(
                "audit of success",
                Database.rows("select count(*) from audit where revision is not null")
                        .get(0));
        return digests;
    }

    private static void refusedAndNothingLeft(Response answer, Map<String, String> before, String pointer) {
        answer.then()
                .statusCode(422)
                .body("type", equalTo("urn:tollgate:problem:refused-by-nodes"))
                .body("problems.pointer", hasItem(pointer));
        assertThat(everything()).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource({
        "template, /a{id}, /paths/0/value",
        "template, /{id}/{id}, /paths/0/value",
        "template, /{}, /paths/0/value",
        "exact, /a/../b, /paths/0/value",
        "exact, /%zz, /paths/0/value",
        "prefix, /{id}, /paths/0/value"
    })
    void route_pathThatNodesRefuse_isRefused(String type, String value, String pointer) {
        String name = unique("bad");
        Map<String, String> before = everything();
        String body = """
                {"name": "%s", "service": "refused", "paths": [{"type": "%s", "value": "%s"}]}""".formatted(name, type, value);
        refusedAndNothingLeft(post("/v1/routes", body), before, pointer);
        refusedAndNothingLeft(put("/v1/routes/" + name, body), before, pointer);
        refusedAndNothingLeft(
                admin().header("Idempotency-Key", unique("key")).body(body).post("/v1/routes"), before, pointer);
        post("/v1/routes", body)
                .then()
                .body("problems[0].kind", equalTo("route"))
                .body("problems[0].name", equalTo(name))
                .body("problems[0].detail", containsString(value + " (expected: "));
        admin().get("/v1/routes/" + name).then().statusCode(404);
    }

    @ParameterizedTest
    @CsvSource({
        "'\"hosts\": [\"*.*.example.com\"]', /hosts/0",
        "'\"hosts\": [\"exa mple.com\"]', /hosts/0",
        "'\"rewrite\": {\"replace_full\": \"/v2/{other}\"}', /rewrite/replace_full"
    })
    void route_memberThatNodesRefuse_isRefused(String member, String pointer) {
        Map<String, String> before = everything();
        refusedAndNothingLeft(post("/v1/routes", """
                        {"name": "%s", "service": "refused", "paths": [{"type": "template", "value": "/o/{id}"}], %s}""".formatted(unique("bad"), member)), before, pointer);
    }

    @Test
    void service_targetThatNodesRefuse_isRefused() {
        Map<String, String> before = everything();
        refusedAndNothingLeft(post("/v1/services", """
                        {"name": "%s", "targets": [{"host": "not a host", "port": 1}]}""".formatted(unique("bad"))), before, "/targets/0/host");
    }

    @Test
    void put_ofWhatIsThere_refused_leavesItAsItWas() {
        String name = unique("kept");
        AdminClient.route(name);
        String tag = etag("/v1/routes/" + name);
        Map<String, String> before = everything();
        refusedAndNothingLeft(
                admin().header("If-Match", tag).body("""
                                {"name": "%1$s", "service": "%1$s", "paths": [{"type": "template", "value": "/x{y}"}]}""".formatted(name)).put("/v1/routes/" + name),
                before,
                "/paths/0/value");
        assertThat(etag("/v1/routes/" + name)).isEqualTo(tag);
        // And the next write finds the judge in order.
        admin().header("If-Match", tag)
                .body("""
                        {"name": "%1$s", "service": "%1$s", "paths": [{"type": "template", "value": "/x/{y}"}]}""".formatted(name))
                .put("/v1/routes/" + name)
                .then()
                .statusCode(200);
    }

    @Test
    void policy_secondEnabledOneOfATypeInOnePlace_isRefused() {
        String place = unique("place");
        consumer(place);
        String first = unique("limit");
        String second = unique("limit");
        created("/v1/policies", limit(first, place, true));
        Map<String, String> before = everything();
        Response answer = post("/v1/policies", limit(second, place, true));
        refusedAndNothingLeft(answer, before, "/attachment");
        answer.then()
                .body("problems[0].kind", equalTo("policy"))
                .body("problems[0].name", equalTo(second))
                .body("problems[0].detail", containsString("policy " + first));
        created("/v1/policies", limit(second, place, false));
        Map<String, String> both = everything();
        refusedAndNothingLeft(
                admin().header("If-Match", "*").body(limit(second, place, true)).put("/v1/policies/" + second),
                both,
                "/attachment");
        admin().header("If-Match", "*")
                .body(limit(first, place, false))
                .put("/v1/policies/" + first)
                .then()
                .statusCode(200);
        admin().header("If-Match", "*")
                .body(limit(second, place, true))
                .put("/v1/policies/" + second)
                .then()
                .statusCode(200);
    }

    private static String limit(String name, String consumer, boolean enabled) {
        return """
                {"name": "%s", "type": "rate-limit", "attachment": {"consumer": "%s"}, "enabled": %s,
                 "rate_limit": {"windows": [{"requests": 1, "window_seconds": 1}]}}""".formatted(name, consumer, enabled);
    }

    @Test
    void attempt_isInTheAuditWithItsReason() {
        String name = unique("bad");
        long before = revision();
        as("operator").body("""
                {"name": "%s", "service": "refused", "paths": [{"type": "template", "value": "/a{id}"}]}""".formatted(name)).post("/v1/routes").then().statusCode(422);
        assertThat(revision()).isEqualTo(before);
        assertThat(Database.rows(
                        "select actor, action, outcome, status, object_kind, revision, before from audit where after::text like ?",
                        "%route " + name + "/paths/0/value%"))
                .containsExactly("some-operator|createRoute|refused|422|route||");
    }
}
