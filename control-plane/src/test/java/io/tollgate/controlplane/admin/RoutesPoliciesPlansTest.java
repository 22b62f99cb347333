package io.tollgate.controlplane.admin;

import static io.tollgate.controlplane.admin.AdminClient.admin;
import static io.tollgate.controlplane.admin.AdminClient.consumer;
import static io.tollgate.controlplane.admin.AdminClient.created;
import static io.tollgate.controlplane.admin.AdminClient.plan;
import static io.tollgate.controlplane.admin.AdminClient.post;
import static io.tollgate.controlplane.admin.AdminClient.route;
import static io.tollgate.controlplane.admin.AdminClient.service;
import static io.tollgate.controlplane.admin.AdminClient.unique;
import static org.hamcrest.Matchers.anEmptyMap;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.tollgate.controlplane.EmbeddedPostgresResource;
import org.junit.jupiter.api.Test;

/** What only routes, policies, plans or consumers have; what they share is in {@link NamedNounsTest}. */
@QuarkusTest
@QuarkusTestResource(EmbeddedPostgresResource.class)
class RoutesPoliciesPlansTest {
    @Test
    void route_defaults_andListOfOneService() {
        String name = unique("of");
        route(name);
        String id = admin().get("/v1/services/" + name).path("id");
        admin().get("/v1/routes/" + name)
                .then()
                .body("enabled", equalTo(true))
                .body("hosts", empty())
                .body("methods", empty())
                .body("rewrite", nullValue());
        route(unique("of"));
        admin().get("/v1/routes?service=" + name).then().body("items.name", contains(name));
        admin().get("/v1/routes?service=" + id).then().body("items.name", contains(name));
        admin().get("/v1/routes?service=nobody").then().statusCode(200).body("items", empty());
    }

    @Test
    void route_rewrite_isExactlyOneOfTwo() {
        service("rewritten");
        for (String rewrite : new String[] {"{}", "{\"replace_full\": \"/a\", \"replace_prefix\": \"/b\"}"}) {
            post("/v1/routes", """
                    {"name": "both", "service": "rewritten", "paths": [{"type": "prefix", "value": "/a"}], "rewrite": %s}""".formatted(rewrite))
                    .then()
                    .statusCode(422)
                    .body("errors.pointer", contains("/rewrite"));
        }
    }

    @Test
    void lists_withTheSameTwice_areRefusedAtTheSecond() {
        service("twice");
        post("/v1/routes", """
                {"name": "twice", "service": "twice", "paths": [{"type": "exact", "value": "/a"}, {"type": "exact", "value": "/a"}],
                 "hosts": ["a.example", "a.example"], "methods": ["GET", "GET"], "tags": ["a", "b", "a"]}""")
                .then()
                .statusCode(422)
                .body("errors.pointer", containsInAnyOrder("/paths/1", "/hosts/1", "/methods/1", "/tags/2"));
        post("/v1/services", """
                {"name": "same", "targets": [{"host": "a.example", "port": 1}, {"host": "a.example", "port": 1, "weight": 3}]}""").then().statusCode(422).body("errors.pointer", contains("/targets/1"));
        post("/v1/plans", """
                {"name": "same", "services": ["twice", "twice"],
                 "rate_limits": [{"requests": 1, "window_seconds": 60}, {"requests": 2, "window_seconds": 60}]}""")
                .then()
                .statusCode(422)
                .body("errors.pointer", containsInAnyOrder("/services/1", "/rate_limits/1/window_seconds"));
        post("/v1/consumers", "{\"name\": \"same\", \"groups\": [\"a\", \"a\"]}")
                .then()
                .statusCode(422)
                .body("errors.pointer", contains("/groups/1"));
    }

    @Test
    void policy_ofEachType_hasItsDefaultsAndIsReadBack() {
        String name = unique("policy");
        route(name);
        created("/v1/policies", """
                {"name": "%1$s-a", "type": "key-auth", "key_auth": {}, "attachment": {"route": "%1$s"}}""".formatted(name))
                .then()
                .body("key_auth.header_names", contains("X-Api-Key"))
                .body("key_auth.query_parameters", contains("api_key"))
                .body("key_auth.anonymous_allowed", equalTo(false))
                .body("rate_limit", nullValue())
                .body("attachment.route", equalTo(name));
        created("/v1/policies", """
                {"name": "%1$s-b", "type": "rate-limit", "attachment": {"service": "%1$s"},
                 "rate_limit": {"windows": [{"requests": 7, "window_seconds": 60}]}}""".formatted(name))
                .then()
                .body("rate_limit.windows[0].burst", equalTo(7))
                .body("attachment.service", equalTo(name));
        created("/v1/policies", """
                {"name": "%1$s-c", "type": "identity-headers", "identity_headers": {"plan_name": ""}, "enabled": false}""".formatted(name))
                .then()
                .body("identity_headers.consumer_id", equalTo("X-Consumer-Id"))
                .body("identity_headers.plan_name", equalTo(""))
                .body("attachment", anEmptyMap());
        admin().get("/v1/policies?limit=500&type=key-auth")
                .then()
                .body("items.name", hasItem(name + "-a"))
                .body("items.name", not(hasItems(name + "-b")));
        admin().get("/v1/policies?type=magic").then().statusCode(400);
    }

    @Test
    void policy_thatContradictsItself_is422() {
        String name = unique("policy");
        consumer(name);
        plan(name);
        post("/v1/policies", "{\"name\": \"p\", \"type\": \"key-auth\"}")
                .then()
                .statusCode(422)
                .body("errors.pointer", contains("/key_auth"));
        post("/v1/policies", """
                {"name": "p", "type": "key-auth", "key_auth": {}, "identity_headers": {}}""").then().statusCode(422).body("errors.pointer", contains("/identity_headers"));
        post("/v1/policies", """
                {"name": "p", "type": "identity-headers", "identity_headers": {}, "attachment": {"plan": "%1$s", "consumer": "%1$s"}}""".formatted(name))
                .then()
                .statusCode(422)
                .body("errors.pointer", contains("/attachment"));
        for (String place : new String[] {"plan", "consumer"}) {
            post("/v1/policies", """
                    {"name": "p", "type": "key-auth", "key_auth": {}, "attachment": {"%s": "%s"}}""".formatted(place, name))
                    .then()
                    .statusCode(422)
                    .body("errors.pointer", contains("/attachment/" + place));
        }
        post("/v1/policies", """
                {"name": "p", "type": "rate-limit", "rate_limit": {"windows": [{"requests": 1, "window_seconds": 1, "burst": 2}]}}""")
                .then()
                .statusCode(422)
                .body("errors[0].pointer", equalTo("/rate_limit/windows/0/burst"))
                .body("errors[0].detail", containsString("2 (expected: 1 to requests, 1)"));
    }

    @Test
    void plan_defaults_andReferencesInOrderOfNames() {
        String name = unique("plan");
        route(name + "-b");
        route(name + "-a");
        created("/v1/plans", """
                {"name": "%1$s", "routes": ["%1$s-b", "%1$s-a"], "services": ["%1$s-b"]}""".formatted(name))
                .then()
                .body("routes", contains(name + "-a", name + "-b"))
                .body("services", contains(name + "-b"))
                .body("all_routes", equalTo(false))
                .body("when_unmetered", equalTo("refuse"))
                .body("description", equalTo(""))
                .body("rate_limits", empty());
    }

    @Test
    void consumers_ofAGroup() {
        String group = unique("group");
        String name = unique("consumer");
        created("/v1/consumers", "{\"name\": \"%s\", \"groups\": [\"a\", \"%s\"]}".formatted(name, group));
        created("/v1/consumers", "{\"name\": \"%s\", \"groups\": [\"a\"]}".formatted(unique("consumer")));
        admin().get("/v1/consumers?group=" + group).then().body("items.name", contains(name));
        admin().get("/v1/consumers?tag=" + group).then().body("items", empty());
    }
}
