package io.tollgate.controlplane.admin;

import static io.tollgate.controlplane.admin.AdminClient.admin;
import static io.tollgate.controlplane.admin.AdminClient.consumer;
import static io.tollgate.controlplane.admin.AdminClient.revision;
import static io.tollgate.controlplane.admin.AdminClient.unique;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.tollgate.controlplane.EmbeddedPostgresResource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** The line of revisions. What each write puts into it: {@link NamedNounsTest}. */
@QuarkusTest
@QuarkusTestResource(EmbeddedPostgresResource.class)
class RevisionsResourceTest {
    @Test
    void list_newestFirst_withoutGaps() {
        for (int i = 0; i < 3; i++) {
            consumer(unique("revision"));
        }
        long newest = revision();
        List<Long> seen = new ArrayList<>();
        String cursor = null;
        do {
            Response page = admin().get("/v1/revisions?limit=" + (newest > 50 ? 100 : 2)
                    + (cursor == null ? "" : "&cursor=" + cursor));
            page.then()
                    .body(
                            "items.changes",
                            equalTo(page.<List<Object>>path("items").stream()
                                    .map(item -> null)
                                    .toList()));
            seen.addAll(page.jsonPath().getList("items.revision", Long.class));
            cursor = page.path("next_cursor");
        } while (cursor != null);
        assertThat(seen)
                .containsExactlyElementsOf(LongStream.rangeClosed(1, newest)
                        .map(revision -> newest + 1 - revision)
                        .boxed()
                        .toList());
    }

    @Test
    void first_isTheGatewayItself() {
        admin().get("/v1/revisions/1")
                .then()
                .statusCode(200)
                .body("actor", equalTo("tollgate"))
                .body("summary", equalTo("create gateway"))
                .body("changes", empty());
        assertThat(Database.rows("select object_kind, operation from change_log where revision = 1"))
                .containsExactly("gateway|put");
    }

    @Test
    void one_showsBeforeAndAfter() {
        String name = unique("revision");
        consumer(name);
        Response read = admin().get("/v1/revisions/" + revision());
        read.then()
                .header("ETag", notNullValue())
                .body("changes.name", contains(name))
                .body("changes[0].before", nullValue())
                .body("changes[0].after.name", equalTo(name));
        admin().header("If-None-Match", read.header("ETag"))
                .get("/v1/revisions/" + revision())
                .then()
                .statusCode(304);
    }

    @Test
    void one_thatIsNot_is404_andNoNumberIs400() {
        admin().get("/v1/revisions/" + (revision() + 1)).then().statusCode(404);
        for (String bad : List.of("0", "-1", "one", "99999999999999999999", "1.5")) {
            admin().get("/v1/revisions/" + bad).then().statusCode(400).body("errors[0].pointer", equalTo("revision"));
        }
    }
}
