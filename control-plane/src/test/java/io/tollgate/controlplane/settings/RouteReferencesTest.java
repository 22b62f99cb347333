package io.tollgate.controlplane.settings;

import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.not;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.tollgate.controlplane.EmbeddedPostgresResource;
import io.tollgate.controlplane.stream.Operator;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(EmbeddedPostgresResource.class)
class RouteReferencesTest {
    private static Response put(String name, String members) {
        return Operator.request().body("""
                        {"name": "%s", "paths": [{"type": "prefix", "value": "/%s"}], %s}""".formatted(name, name, members)).put("/v1/routes/" + name);
    }

    private static void replace(String name, String members) {
        Operator.put("/v1/routes/" + name, """
                {"name": "%s", "paths": [{"type": "prefix", "value": "/%s"}], %s}""".formatted(name, name, members));
    }

    private static Response delete(String service) {
        String path = "/v1/services/" + service;
        return Operator.request()
                .header("If-Match", Operator.request().get(path).header("ETag"))
                .delete(path);
    }

    @Test
    void delete_serviceOfSplitOrMirror_is409ThatNamesTheRoute() {
        Operator.putService("ref-a", 8001);
        Operator.putService("ref-b", 8002);
        Operator.putService("ref-c", 8003);
        replace("ref-holder", """
                "split": {"services": [{"service": "ref-a", "weight": 9}, {"service": "ref-b", "weight": 1}]},
                "mirror": {"service": "ref-c"}""");
        for (String service : new String[] {"ref-a", "ref-b", "ref-c"}) {
            delete(service).then().statusCode(409).body("detail", containsString("route ref-holder"));
        }
        replace("ref-holder", "\"service\": \"ref-a\"");
        delete("ref-a").then().statusCode(409);
        delete("ref-b").then().statusCode(204);
        delete("ref-c").then().statusCode(204);
        Operator.delete("/v1/routes/ref-holder");
        delete("ref-a").then().statusCode(204);
    }

    @Test
    void list_byService_findsEveryKindOfReference() {
        Operator.putService("list-a", 8001);
        Operator.putService("list-b", 8002);
        replace("list-direct", "\"service\": \"list-a\"");
        replace("list-split", "\"split\": {\"services\": [{\"service\": \"list-a\", \"weight\": 1}]}");
        replace("list-mirror", "\"service\": \"list-b\", \"mirror\": {\"service\": \"list-a\"}");
        replace("list-other", "\"service\": \"list-b\"");
        Operator.request()
                .get("/v1/routes?service=list-a")
                .then()
                .statusCode(200)
                .body("items.name", hasItems("list-direct", "list-split", "list-mirror"))
                .body("items.name", not(hasItem("list-other")));
    }

    @Test
    void put_servicesById_areShownByName() {
        Operator.putService("by-id", 8001);
        String id = Operator.request().get("/v1/services/by-id").path("id");
        put("by-id", """
                "split": {"services": [{"service": "%s", "weight": 1}]}, "mirror": {"service": "%s"}""".formatted(id, id))
                .then()
                .body("split.services[0].service", equalTo("by-id"))
                .body("mirror.service", equalTo("by-id"));
        Operator.request()
                .get("/v1/routes?limit=500")
                .then()
                .body("items.find { it.name == 'by-id' }.mirror.service", equalTo("by-id"));
    }

    @Test
    void put_servicesThatAreNotThere_is422ThatPointsAtEach() {
        Operator.putService("there", 8001);
        put("dangling", """
                "split": {"services": [{"service": "there", "weight": 1}, {"service": "gone", "weight": 1}]},
                "mirror": {"service": "gone-too"}""")
                .then()
                .statusCode(422)
                .body("errors.pointer", equalTo(java.util.List.of("/mirror/service", "/split/services/1/service")));
    }

    @Test
    void put_notExactlyOneAction_is422() {
        Operator.putService("one-action", 8001);
        put("none", "\"tags\": []").then().statusCode(422).body("errors.pointer", hasItem("/service"));
        put("two", "\"service\": \"one-action\", \"redirect\": {\"scheme\": \"https\"}")
                .then()
                .statusCode(422)
                .body("errors.pointer", hasItem("/redirect"));
        put("two", "\"fixed_answer\": {\"status\": 200}, \"redirect\": {\"scheme\": \"https\"}")
                .then()
                .statusCode(422)
                .body("errors.pointer", hasItem("/fixed_answer"));
    }

    @Test
    void policies_inPlacesThatTheyDoNotApplyTo_are422() {
        Operator.putService("not-here", 8001);
        Operator.request()
                .body("""
                        {"name": "slashes-here", "type": "request-target", "request_target": {},
                         "attachment": {"service": "not-here"}}""")
                .put("/v1/policies/slashes-here")
                .then()
                .statusCode(422)
                .body("problems.pointer", hasItem("/attachment"));
        Operator.put("/v1/consumers/drilled", "{\"name\": \"drilled\"}");
        Operator.request()
                .body("""
                        {"name": "drill-here", "type": "fault-injection", "fault_injection": {},
                         "attachment": {"consumer": "drilled"}}""")
                .put("/v1/policies/drill-here")
                .then()
                .statusCode(422)
                .body("problems.pointer", hasItem("/attachment"));
    }
}
