package io.tollgate.controlplane.admin;

import static io.tollgate.controlplane.admin.AdminClient.admin;
import static io.tollgate.controlplane.admin.AdminClient.consumer;
import static io.tollgate.controlplane.admin.AdminClient.etag;
import static io.tollgate.controlplane.admin.AdminClient.revision;
import static io.tollgate.controlplane.admin.AdminClient.unique;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.tollgate.controlplane.Await;
import io.tollgate.controlplane.EmbeddedPostgresResource;
import io.tollgate.controlplane.stream.StreamServer;
import io.tollgate.controlplane.stream.TestNode;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(EmbeddedPostgresResource.class)
class NodesResourceTest {
    private static final Duration SOON = Duration.ofSeconds(5);

    @Inject
    StreamServer server;

    /** Nodes of other tests that have just hung up count as live for a moment. */
    @BeforeEach
    void nobodyIsLive() {
        Await.until(
                "no node is live",
                Duration.ofSeconds(10),
                () -> admin().get("/v1/nodes?live=true")
                        .<List<Object>>path("items")
                        .isEmpty());
    }

    private static Response await(String node, Predicate<Response> state) {
        Await.until("the node " + node, SOON, () -> {
            Response read = admin().get("/v1/nodes/" + node);
            return read.statusCode() == 200 && state.test(read);
        });
        return admin().get("/v1/nodes/" + node);
    }

    @Test
    void node_liveAndGone_isShownAndForgotten() {
        String id = unique("node");
        try (TestNode node = TestNode.dial(server.port()).hello(id, 3)) {
            node.take();
            long revision = revision();
            Response read = await(id, answer -> answer.jsonPath().getLong("applied_revision") == revision);
            read.then()
                    .body("live", equalTo(true))
                    .body("boot_epoch", equalTo(3))
                    .body("version", equalTo("test"))
                    .body("configuration_age_millis", equalTo(0))
                    .body("refused_revision", nullValue());
            admin().get("/v1/nodes?live=true").then().body("items.id", hasItem(id));
            admin().get("/v1/nodes?live=false").then().body("items.id", not(hasItem(id)));
            admin().delete("/v1/nodes/" + id).then().statusCode(409).body("detail", containsString("is live"));
            node.hangUp();
        }
        await(id, answer -> !answer.<Boolean>path("live"));
        admin().get("/v1/nodes?live=false&limit=500").then().body("items.id", hasItem(id));
        admin().delete("/v1/nodes/" + id).then().statusCode(204);
        admin().get("/v1/nodes/" + id).then().statusCode(404);
        admin().delete("/v1/nodes/" + id).then().statusCode(404);
    }

    @Test
    void node_thatRefuses_isShownWithItsProblems() {
        String id = unique("node");
        try (TestNode node = TestNode.dial(server.port()).hello(id, 1)) {
            TestNode.Received held = node.take();
            consumer(unique("refused"));
            TestNode.Received update = node.next();
            node.nack(update, "no such thing (expected: another)");
            Response read = await(id, answer -> answer.path("refused_revision") != null);
            read.then()
                    .body("refused_revision", equalTo((int) update.begin().getRevision()))
                    .body("applied_revision", equalTo((int) held.begin().getRevision()))
                    .body("problems[0].kind", equalTo("route"))
                    .body("problems[0].name", equalTo("pets"))
                    .body("problems[0].pointer", equalTo("/paths/0"))
                    .body("problems[0].detail", equalTo("no such thing (expected: another)"));
            node.hangUp();
        }
    }

    @Test
    void list_pagesById() {
        List<String> ids = new ArrayList<>();
        String prefix = unique("paged");
        for (int i = 0; i < 3; i++) {
            String id = prefix + "-" + i;
            ids.add(id);
            try (TestNode node = TestNode.dial(server.port()).hello(id, 1)) {
                node.take();
                node.hangUp();
            }
            await(id, answer -> true);
        }
        List<String> seen = new ArrayList<>();
        String cursor = null;
        do {
            Response page = admin().get("/v1/nodes?limit=2" + (cursor == null ? "" : "&cursor=" + cursor));
            seen.addAll(page.path("items.id"));
            cursor = page.path("next_cursor");
        } while (cursor != null);
        assertThat(seen).containsAll(ids).doesNotHaveDuplicates().isSorted();
    }

    @Test
    void write_thatWaits_withNoNodes_isAnsweredAtOnce() {
        String name = unique("waited");
        String path = "/v1/consumers/" + name;
        waiting("wait=60", "{\"name\": \"" + name + "\"}")
                .put(path)
                .then()
                .statusCode(201)
                .header("Preference-Applied", equalTo("wait=60"))
                .header("Tollgate-Pending-Nodes", nullValue());
        waiting("wait=60", "{\"name\": \"" + name + "\"}").put(path).then().statusCode(200);
        waiting("respond-async, wait=60; strict", "{\"name\": \"" + unique("waited") + "\"}")
                .post("/v1/consumers")
                .then()
                .statusCode(201)
                .header("Preference-Applied", equalTo("wait=60"));
        waiting("respond-async", "{\"name\": \"" + unique("waited") + "\"}")
                .post("/v1/consumers")
                .then()
                .statusCode(201)
                .header("Preference-Applied", nullValue());
        admin().header("Prefer", "wait=60")
                .header("If-Match", etag(path))
                .delete(path)
                .then()
                .statusCode(204);
        for (String bad : List.of("wait=0", "wait=61", "wait=-1", "wait=soon", "wait=")) {
            waiting(bad, "{\"name\": \"" + unique("waited") + "\"}")
                    .post("/v1/consumers")
                    .then()
                    .statusCode(400)
                    .body("errors[0].pointer", equalTo("Prefer"));
        }
    }

    private static io.restassured.specification.RequestSpecification waiting(String prefer, String body) {
        return admin().header("Prefer", prefer).body(body);
    }

    @Test
    void write_thatWaits_forANodeThatIsBehind_is202NamingIt() {
        String id = unique("slow");
        String name = unique("waited");
        String path = "/v1/consumers/" + name;
        try (TestNode node = TestNode.dial(server.port()).hello(id, 1)) {
            node.take();
            Await.until(
                    "the node is up to date",
                    SOON,
                    () -> admin().get("/v1/nodes/" + id).statusCode() == 200);
            Response pending = waiting("wait=1", "{\"name\": \"" + name + "\"}").put(path);
            pending.then().statusCode(202).header("Tollgate-Pending-Nodes", equalTo(id));
            // Stored all the same, and done as soon as the node has it.
            long revision = Long.parseLong(pending.header("Tollgate-Revision"));
            assertThat(revision()).isEqualTo(revision);
            node.takeUntil(revision);
            waiting("wait=10", "{\"name\": \"" + name + "\"}").put(path).then().statusCode(200);
            node.hangUp();
        }
    }
}
