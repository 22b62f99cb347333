package io.tollgate.controlplane.admin;

import static io.tollgate.controlplane.admin.AdminClient.admin;
import static io.tollgate.controlplane.admin.AdminClient.consumer;
import static io.tollgate.controlplane.admin.AdminClient.created;
import static io.tollgate.controlplane.admin.AdminClient.etag;
import static io.tollgate.controlplane.admin.AdminClient.plan;
import static io.tollgate.controlplane.admin.AdminClient.post;
import static io.tollgate.controlplane.admin.AdminClient.revision;
import static io.tollgate.controlplane.admin.AdminClient.route;
import static io.tollgate.controlplane.admin.AdminClient.service;
import static io.tollgate.controlplane.admin.AdminClient.unique;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.tollgate.controlplane.EmbeddedPostgresResource;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Objects that refer to others: by name or id, to what is there, and what is referred to stays. */
@QuarkusTest
@QuarkusTestResource(EmbeddedPostgresResource.class)
class ReferencesTest {
    private static Response delete(String path) {
        return admin().header("If-Match", etag(path)).delete(path);
    }

    private static void inUse(String path, String... referrers) {
        long before = revision();
        Response answer = delete(path);
        answer.then().statusCode(409);
        for (String referrer : referrers) {
            answer.then().body("detail", containsString(referrer));
        }
        assertThat(revision()).isEqualTo(before);
    }

    private static String policy(String name, String place, String what) {
        return """
                {"name": "%s", "type": "identity-headers", "identity_headers": {}, "attachment": {"%s": "%s"}}""".formatted(name, place, what);
    }

    @Test
    void service_withRoutesPlansAndPolicies_isKept() {
        String name = unique("used");
        route(name);
        created("/v1/plans", "{\"name\": \"%1$s\", \"services\": [\"%1$s\"]}".formatted(name));
        created("/v1/policies", policy(name, "service", name));
        inUse("/v1/services/" + name, "route " + name, "plan " + name, "policy " + name);
        delete("/v1/policies/" + name).then().statusCode(204);
        inUse("/v1/services/" + name, "route " + name, "plan " + name);
        delete("/v1/plans/" + name).then().statusCode(204);
        inUse("/v1/services/" + name, "route " + name);
        delete("/v1/routes/" + name).then().statusCode(204);
        delete("/v1/services/" + name).then().statusCode(204);
    }

    @Test
    void route_inPlansAndPolicies_isKept() {
        String name = unique("used");
        route(name);
        created("/v1/plans", "{\"name\": \"%1$s\", \"routes\": [\"%1$s\"]}".formatted(name));
        created("/v1/policies", policy(name, "route", name));
        inUse("/v1/routes/" + name, "plan " + name, "policy " + name);
        delete("/v1/plans/" + name).then().statusCode(204);
        delete("/v1/policies/" + name).then().statusCode(204);
        delete("/v1/routes/" + name).then().statusCode(204);
    }

    @Test
    void plan_withSubscriptionsAndPolicies_isKept() {
        String name = unique("used");
        plan(name);
        consumer(name);
        String subscriptions = "/v1/consumers/" + name + "/subscriptions";
        String id = created(subscriptions, "{\"plan\": \"" + name + "\"}").path("id");
        created("/v1/policies", policy(name, "plan", name));
        inUse("/v1/plans/" + name, "subscription " + name + "/" + id, "policy " + name);
        delete("/v1/policies/" + name).then().statusCode(204);
        delete(subscriptions + "/" + id).then().statusCode(204);
        delete("/v1/plans/" + name).then().statusCode(204);
    }

    @Test
    void consumer_namedInAccessRules_isKeptAndFollowedWhenItIsRenamed() {
        String name = unique("named");
        consumer(name);
        String id = admin().get("/v1/consumers/" + name).path("id");
        String policy = "/v1/policies/" + name;
        created("/v1/policies", """
                {"name": "%1$s", "type": "access",
                 "access": {"rules": [{"effect": "deny", "consumers": ["%1$s"]}, {"effect": "allow", "consumers": ["%2$s"]}]}}""".formatted(name, id));
        admin().get(policy)
                .then()
                .body("access.rules.consumers", contains(contains(name), contains(name)))
                .body("access.rules[0].time_windows", empty());
        inUse("/v1/consumers/" + name, "policy " + name);
        admin().header("If-Match", etag("/v1/consumers/" + id))
                .body("{\"name\": \"" + name + "-now\"}")
                .put("/v1/consumers/" + id)
                .then()
                .statusCode(200);
        admin().get(policy).then().body("access.rules[0].consumers", contains(name + "-now"));
        delete(policy).then().statusCode(204);
        delete("/v1/consumers/" + id).then().statusCode(204);
    }

    @Test
    void consumer_namedInAccessRulesThatIsNotThere_isToldWhere() {
        AdminClient.post("/v1/policies", """
                {"name": "nobody", "type": "access", "access": {"rules": [{"effect": "allow"}, {"effect": "deny", "consumers": ["nobody-here"]}]}}""")
                .then()
                .statusCode(422)
                .body("errors.pointer", contains("/access/rules/1/consumers/0"))
                .body("errors[0].detail", containsString("expected: name or id of a consumer"));
    }

    @Test
    void consumer_goesWithWhatBelongsToIt_inOneRevision() {
        String name = unique("gone");
        plan(name);
        AdminClient.put("/v1/consumers/" + name, "{\"name\": \"" + name + "\", \"billing_id\": \"B-77\"}");
        String consumer = "/v1/consumers/" + name;
        String id = admin().get(consumer).path("id");
        created(consumer + "/keys", "{\"name\": \"one\"}");
        created(consumer + "/subscriptions", "{\"plan\": \"" + name + "\"}");
        created("/v1/policies", policy(name, "consumer", name));
        long before = revision();
        Response deleted = delete(consumer);
        deleted.then().statusCode(204).header("Tollgate-Revision", equalTo(Long.toString(before + 1)));
        admin().get("/v1/revisions/" + (before + 1))
                .then()
                .body("changes.kind", contains("credential", "subscription", "policy", "consumer"))
                .body("changes.action", contains("delete", "delete", "delete", "delete"))
                .body("summary", equalTo("delete consumer " + name + " and 3 that belong to it"));
        admin().get("/v1/policies/" + name).then().statusCode(404);
        admin().get(consumer + "/keys").then().statusCode(404);
        assertThat(Database.rows("select name, billing_id from retired_name where object_id = ?", UUID.fromString(id)))
                .containsExactly(name + "|B-77");
    }

    @Test
    void reference_byId_isReadBackAsName_andFollowsARename() {
        String name = unique("renamed");
        service(name);
        String id = admin().get("/v1/services/" + name).path("id");
        created("/v1/routes", """
                {"name": "%s", "service": "%s", "paths": [{"type": "exact", "value": "/%1$s"}]}""".formatted(name, id)).then().body("service", equalTo(name));
        String tag = etag("/v1/routes/" + name);
        admin().header("If-Match", etag("/v1/services/" + name))
                .body("{\"name\": \"%s-b\", \"targets\": [{\"host\": \"127.0.0.1\", \"port\": 8000}]}".formatted(name))
                .put("/v1/services/" + name)
                .then()
                .statusCode(200);
        Response route = admin().get("/v1/routes/" + name);
        route.then().body("service", equalTo(name + "-b"));
        // What it shows has changed, so what was read before is stale.
        assertThat(route.header("ETag")).isNotEqualTo(tag);
    }

    @Test
    void reference_toNothing_is422AtItsField() {
        String none = unique("none");
        String id = UUID.randomUUID().toString();
        for (String nobody : List.of(none, id)) {
            post("/v1/routes", """
                    {"name": "a", "service": "%s", "paths": [{"type": "exact", "value": "/"}]}""".formatted(nobody))
                    .then()
                    .statusCode(422)
                    .body("errors[0].pointer", equalTo("/service"))
                    .body("errors[0].detail", equalTo(nobody + " (expected: name or id of a service)"));
            post("/v1/plans", """
                    {"name": "a", "routes": ["%1$s"], "services": ["%1$s"]}""".formatted(nobody))
                    .then()
                    .statusCode(422)
                    .body("errors.pointer", hasItems("/routes/0", "/services/0"));
            for (String place : List.of("service", "route", "plan", "consumer")) {
                post("/v1/policies", policy("a", place, nobody))
                        .then()
                        .statusCode(422)
                        .body("errors.pointer", hasItems("/attachment/" + place));
            }
        }
        consumer(none);
        post("/v1/consumers/" + none + "/subscriptions", "{\"plan\": \"nothing\"}")
                .then()
                .statusCode(422)
                .body("errors[0].pointer", equalTo("/plan"));
    }
}
