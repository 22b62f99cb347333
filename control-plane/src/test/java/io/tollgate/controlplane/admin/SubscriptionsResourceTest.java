package io.tollgate.controlplane.admin;

import static io.tollgate.controlplane.admin.AdminClient.admin;
import static io.tollgate.controlplane.admin.AdminClient.consumer;
import static io.tollgate.controlplane.admin.AdminClient.created;
import static io.tollgate.controlplane.admin.AdminClient.etag;
import static io.tollgate.controlplane.admin.AdminClient.plan;
import static io.tollgate.controlplane.admin.AdminClient.post;
import static io.tollgate.controlplane.admin.AdminClient.put;
import static io.tollgate.controlplane.admin.AdminClient.revision;
import static io.tollgate.controlplane.admin.AdminClient.unique;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.tollgate.controlplane.EmbeddedPostgresResource;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(EmbeddedPostgresResource.class)
class SubscriptionsResourceTest {
    @BeforeEach
    void thePlansAreThere() {
        plan("subscribed");
        plan("subscribed-other");
    }

    private static String subscriptions() {
        String name = unique("subscriber");
        consumer(name);
        return "/v1/consumers/" + name + "/subscriptions";
    }

    private static String body(String more) {
        return "{\"plan\": \"subscribed\"" + more + "}";
    }

    @Test
    void created_startsNowAndIsOpen() {
        String at = subscriptions();
        Response created = created(at, body(""));
        String id = created.path("id");
        created.then()
                .header("Location", endsWith(at + "/" + id))
                .body("plan", equalTo("subscribed"))
                .body("ends_at", nullValue());
        assertThat(Instant.parse(created.path("starts_at"))).isEqualTo(Instant.parse(created.path("created_at")));
        String byPlanId = admin().get("/v1/plans/subscribed").path("id");
        created(at, "{\"plan\": \"" + byPlanId + "\"}").then().body("plan", equalTo("subscribed"));
        Response read = admin().get(at + "/" + id);
        assertThat(read.asString()).isEqualTo(created.asString());
        read.then().header("ETag", equalTo(created.header("ETag")));
        admin().header("If-None-Match", read.header("ETag"))
                .get(at + "/" + id)
                .then()
                .statusCode(304);
    }

    @Test
    void subscription_isFoundAtItsConsumerOnlyAndById() {
        String at = subscriptions();
        String id = created(at, body("")).path("id");
        String other = subscriptions();
        admin().get(other + "/" + id).then().statusCode(404);
        admin().header("If-Match", "*").delete(other + "/" + id).then().statusCode(404);
        put(other + "/" + id, body("")).then().statusCode(404);
        admin().get(at + "/subscribed").then().statusCode(400).body("errors[0].pointer", equalTo("subscription"));
        admin().get(at + "/" + UUID.randomUUID()).then().statusCode(404);
        put(at + "/" + UUID.randomUUID(), body("")).then().statusCode(404);
    }

    @Test
    void put_changesStartAndEndOnly() {
        String at = subscriptions();
        Response created = created(at, body(", \"starts_at\": \"2026-01-01T00:00:00Z\""));
        String path = at + "/" + created.path("id");
        long before = revision();
        put(path, body("")).then().statusCode(200).header("ETag", equalTo(created.header("ETag")));
        put(path, body(", \"starts_at\": \"2026-01-01T01:00:00+01:00\"")).then().statusCode(200);
        assertThat(revision()).isEqualTo(before);
        String ends = body(", \"ends_at\": \"2027-01-01T00:00:00Z\"");
        put(path, ends).then().statusCode(428);
        admin().header("If-Match", "\"0-0\"").body(ends).put(path).then().statusCode(412);
        admin().header("If-Match", created.header("ETag"))
                .body(ends)
                .put(path)
                .then()
                .statusCode(200)
                .header("ETag", not(equalTo(created.header("ETag"))))
                .body("starts_at", equalTo("2026-01-01T00:00:00Z"))
                .body("ends_at", equalTo("2027-01-01T00:00:00Z"));
        put(path, ends.replace("subscribed", "subscribed-other"))
                .then()
                .statusCode(422)
                .body("errors[0].pointer", equalTo("/plan"))
                .body("errors[0].detail", containsString("another plan is another subscription"));
    }

    @Test
    void times_thatContradictEachOther_are422() {
        String at = subscriptions();
        post(at, body(", \"starts_at\": \"2026-01-02T00:00:00Z\", \"ends_at\": \"2026-01-02T00:00:00Z\""))
                .then()
                .statusCode(422)
                .body("errors.pointer", contains("/ends_at"));
        post(at, body(", \"ends_at\": \"2020-01-01T00:00:00Z\"")).then().statusCode(422);
        post(at, body(", \"starts_at\": \"1969-12-31T23:59:59Z\""))
                .then()
                .statusCode(422)
                .body("errors.pointer", contains("/starts_at"));
        post(at, body(", \"starts_at\": \"soon\"")).then().statusCode(422);
    }

    @Test
    void list_pagesByStart() {
        String at = subscriptions();
        List<String> starts =
                List.of("2026-03-01T00:00:00Z", "2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z", "2026-02-01T00:00:00Z");
        starts.forEach(start -> created(at, body(", \"starts_at\": \"" + start + "\"")));
        List<String> seen = new ArrayList<>();
        List<String> ids = new ArrayList<>();
        String cursor = null;
        do {
            Response page = admin().get(at + "?limit=1" + (cursor == null ? "" : "&cursor=" + cursor));
            seen.add(page.path("items[0].starts_at"));
            ids.add(page.path("items[0].id"));
            cursor = page.path("next_cursor");
        } while (cursor != null);
        assertThat(seen).containsExactlyElementsOf(starts.stream().sorted().toList());
        assertThat(ids).doesNotHaveDuplicates();
        admin().get(at + "?cursor=bm9uc2Vuc2U").then().statusCode(400);
    }

    @Test
    void delete_needsIfMatch_andLeavesItsTrail() {
        String at = subscriptions();
        String id = created(at, body("")).path("id");
        String path = at + "/" + id;
        admin().delete(path).then().statusCode(428);
        admin().header("If-Match", "\"0-0\"").delete(path).then().statusCode(412);
        String revision = admin().header("If-Match", etag(path)).delete(path).header("Tollgate-Revision");
        admin().get(path).then().statusCode(404);
        assertThat(Database.rows(
                        "select action from audit where object_id = ? and outcome = 'done' order by id",
                        UUID.fromString(id)))
                .containsExactly("create", "delete");
        assertThat(Database.rows(
                        "select operation from change_log where object_id = ? and revision = ?",
                        UUID.fromString(id),
                        Long.parseLong(revision)))
                .containsExactly("remove");
    }
}
