package io.tollgate.controlplane.admin;

import static io.tollgate.controlplane.admin.AdminClient.admin;
import static io.tollgate.controlplane.admin.AdminClient.etag;
import static io.tollgate.controlplane.admin.AdminClient.post;
import static io.tollgate.controlplane.admin.AdminClient.put;
import static io.tollgate.controlplane.admin.AdminClient.service;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.tollgate.controlplane.EmbeddedPostgresResource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(EmbeddedPostgresResource.class)
class ServicesResourceTest {
    private static final String PETSTORE = """
            {"name": "petstore", "targets": [{"host": "127.0.0.1", "port": 8000}]}""";

    @Test
    void put_absentName_createsWithDefaults() {
        put("/v1/services/petstore", PETSTORE)
                .then()
                .statusCode(201)
                .header("ETag", notNullValue())
                .header("Location", containsString("/v1/services/petstore"))
                .body("targets[0].weight", equalTo(100))
                .body("connect_timeout_millis", equalTo(2000))
                .body("id", notNullValue());
        Response again = put("/v1/services/petstore", PETSTORE);
        again.then().statusCode(200);
        String revision = again.header("Tollgate-Revision");
        put("/v1/services/petstore", PETSTORE).then().statusCode(200).header("Tollgate-Revision", equalTo(revision));
    }

    @Test
    void put_existingWithoutOrWithStaleIfMatch_isRefused() {
        service("guarded");
        String stale = etag("/v1/services/guarded");
        String changed = """
                {"name": "guarded", "targets": [{"host": "127.0.0.1", "port": 8001}]}""";
        put("/v1/services/guarded", changed).then().statusCode(428);
        admin().header("If-Match", stale)
                .body(changed)
                .put("/v1/services/guarded")
                .then()
                .statusCode(200);
        admin().header("If-Match", stale)
                .body(changed.replace("8001", "8002"))
                .put("/v1/services/guarded")
                .then()
                .statusCode(412);
        admin().delete("/v1/services/guarded").then().statusCode(428);
        admin().header("If-Match", stale).delete("/v1/services/guarded").then().statusCode(412);
        admin().header("If-Match", etag("/v1/services/guarded"))
                .delete("/v1/services/guarded")
                .then()
                .statusCode(204);
        admin().get("/v1/services/guarded").then().statusCode(404).contentType("application/problem+json");
    }

    @Test
    void post_manyInvalidFields_namesEachWithPointerAndExpectation() {
        post("/v1/services", """
                {"name": "Bad Name", "targets": [{"host": "", "port": 70000, "wieght": 1}], "enabled": null, "tags": "x"}""")
                .then()
                .statusCode(422)
                .body("type", equalTo("urn:tollgate:problem:invalid-field"))
                .body(
                        "errors.pointer",
                        hasItems(
                                "/name",
                                "/targets/0/host",
                                "/targets/0/port",
                                "/targets/0/wieght",
                                "/enabled",
                                "/tags"))
                .body("errors.find { it.pointer == '/targets/0/port' }.detail", equalTo("70000 (expected: 1 to 65535)"))
                .body("errors.find { it.pointer == '/targets/0/wieght' }.detail", containsString("weight"));
    }

    @Test
    void list_moreThanAPage_walksAllOnceByName() {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            service("walk-" + i);
            names.add("walk-" + i);
        }
        List<String> seen = new ArrayList<>();
        String cursor = null;
        do {
            var request = admin().queryParam("limit", 2);
            Response page = (cursor == null ? request : request.queryParam("cursor", cursor)).get("/v1/services");
            page.then().statusCode(200);
            List<String> items = page.path("items.name");
            seen.addAll(items);
            cursor = page.path("next_cursor");
        } while (cursor != null);
        assertThat(seen).containsAll(names).isSorted().doesNotHaveDuplicates();
        admin().queryParam("cursor", "nonsense")
                .get("/v1/services")
                .then()
                .statusCode(400)
                .body("errors", hasSize(1));
    }

    @Test
    void get_knownETag_answers304() {
        service("cached");
        admin().header("If-None-Match", etag("/v1/services/cached"))
                .get("/v1/services/cached")
                .then()
                .statusCode(304);
        String list = admin().get("/v1/services?tag=none").header("ETag");
        admin().header("If-None-Match", list)
                .get("/v1/services?tag=none")
                .then()
                .statusCode(304);
    }
}
