package io.tollgate.controlplane.admin;

import static io.tollgate.controlplane.admin.AdminClient.admin;
import static io.tollgate.controlplane.admin.AdminClient.etag;
import static io.tollgate.controlplane.admin.AdminClient.post;
import static io.tollgate.controlplane.admin.AdminClient.put;
import static io.tollgate.controlplane.admin.AdminClient.revision;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.tollgate.controlplane.EmbeddedPostgresResource;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What can be done alike to all nouns with names. */
@QuarkusTest
@QuarkusTestResource(EmbeddedPostgresResource.class)
class NamedNounsTest {
    @ParameterizedTest
    @EnumSource
    void created_isFoundByNameByIdAndByLocation(Noun noun) {
        String name = noun.fresh();
        Response created = post(noun.collection(), noun.body(name));
        created.then().statusCode(201).header("Location", endsWith(noun.at(name)));
        String id = created.path("id");
        for (String path : List.of(
                noun.at(name),
                noun.at(id),
                noun.at(id.toUpperCase(Locale.ROOT)),
                URI.create(created.header("Location")).getPath())) {
            Response read = admin().get(path);
            read.then().statusCode(200).header("ETag", equalTo(created.header("ETag")));
            assertThat(read.asString()).isEqualTo(created.asString());
        }
        admin().get(noun.at(UUID.randomUUID().toString()))
                .then()
                .statusCode(404)
                .body("detail", containsString(noun.word()));
        admin().get(noun.at("no-such-name")).then().statusCode(404);
    }

    @ParameterizedTest
    @EnumSource
    void put_whatIsThereAlready_makesNoRevision(Noun noun) {
        String name = noun.fresh();
        put(noun.at(name), noun.body(name)).then().statusCode(201).header("Location", endsWith(noun.at(name)));
        long before = revision();
        String tag = etag(noun.at(name));
        put(noun.at(name), noun.body(name))
                .then()
                .statusCode(200)
                .header("Tollgate-Revision", equalTo(Long.toString(before)))
                .header("ETag", equalTo(tag));
        // What was read may be sent back as it is, read-only members and all.
        Response read = admin().get(noun.at(name));
        admin().header("If-Match", tag)
                .body(read.asString())
                .put(noun.at(read.path("id")))
                .then()
                .statusCode(200);
        assertThat(revision()).isEqualTo(before);
        assertThat(Database.count(
                        "select count(*) from audit where object_name = ? and object_kind = ?", name, noun.word()))
                .isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void put_change_needsWhatWasReadInIfMatch(Noun noun) {
        String name = noun.made();
        String path = noun.at(name);
        String read = etag(path);
        long before = revision();
        put(path, noun.tagged(name, "one")).then().statusCode(428);
        admin().header("If-Match", "\"0-0\"")
                .body(noun.tagged(name, "one"))
                .put(path)
                .then()
                .statusCode(412);
        assertThat(revision()).isEqualTo(before);
        Response changed =
                admin().header("If-Match", read).body(noun.tagged(name, "one")).put(path);
        changed.then().statusCode(200).header("ETag", not(equalTo(read))).body("tags[0]", equalTo("one"));
        assertThat(Long.parseLong(changed.header("Tollgate-Revision"))).isEqualTo(before + 1);
        assertThat(etag(path)).isEqualTo(changed.header("ETag"));
        admin().header("If-Match", read)
                .body(noun.tagged(name, "two"))
                .put(path)
                .then()
                .statusCode(412);
        admin().header("If-Match", "\"other\", " + changed.header("ETag"))
                .body(noun.tagged(name, "two"))
                .put(path)
                .then()
                .statusCode(200);
        admin().header("If-Match", "*")
                .body(noun.tagged(name, "three"))
                .put(path)
                .then()
                .statusCode(200);
    }

    @ParameterizedTest
    @EnumSource
    void put_newThing_onlyUnderItsNameAndNotWhenOneIsExpected(Noun noun) {
        String name = noun.fresh();
        put(noun.at(UUID.randomUUID().toString()), noun.body(name)).then().statusCode(404);
        put(noun.at(name + "-other"), noun.body(name))
                .then()
                .statusCode(422)
                .body("errors[0].pointer", equalTo("/name"))
                .body("errors[0].detail", containsString("expected: " + name + "-other"));
        admin().header("If-Match", "*")
                .body(noun.body(name))
                .put(noun.at(name))
                .then()
                .statusCode(412);
        admin().get(noun.at(name)).then().statusCode(404);
    }

    @ParameterizedTest
    @EnumSource
    void put_otherName_renamesAndKeepsTheId(Noun noun) {
        String name = noun.made();
        String id = admin().get(noun.at(name)).path("id");
        String renamed = name + "-b";
        admin().header("If-Match", etag(noun.at(name)))
                .body(noun.body(renamed, name, ""))
                .put(noun.at(name))
                .then()
                .statusCode(200)
                .body("id", equalTo(id))
                .body("name", equalTo(renamed));
        admin().get(noun.at(name)).then().statusCode(404);
        admin().get(noun.at(renamed)).then().statusCode(200);
    }

    @ParameterizedTest
    @EnumSource
    void name_thatIsTaken_is409(Noun noun) {
        String taken = noun.made();
        post(noun.collection(), noun.body(taken)).then().statusCode(409).body("detail", containsString(taken));
        String name = noun.made();
        admin().header("If-Match", etag(noun.at(name)))
                .body(noun.body(taken, name, ""))
                .put(noun.at(name))
                .then()
                .statusCode(409);
    }

    @ParameterizedTest
    @EnumSource
    void delete_needsWhatWasReadInIfMatch(Noun noun) {
        String name = noun.made();
        String path = noun.at(name);
        String stale = etag(path);
        admin().header("If-Match", stale)
                .body(noun.tagged(name, "one"))
                .put(path)
                .then()
                .statusCode(200);
        admin().delete(path).then().statusCode(428);
        admin().header("If-Match", stale).delete(path).then().statusCode(412);
        long before = revision();
        Response deleted = admin().header("If-Match", etag(path)).delete(path);
        deleted.then().statusCode(204);
        assertThat(Long.parseLong(deleted.header("Tollgate-Revision"))).isEqualTo(before + 1);
        admin().get(path).then().statusCode(404);
        admin().header("If-Match", "*").delete(path).then().statusCode(404);
    }

    @ParameterizedTest
    @EnumSource
    void list_pages_giveAllOnceInOrderAndFilter(Noun noun) {
        String mark = AdminClient.unique("mark");
        List<String> names = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            String name = noun.fresh();
            AdminClient.created(
                    noun.collection(),
                    noun.body(
                            name,
                            name,
                            ", \"tags\": [\"" + mark + "\"]"
                                    + (noun.hasSwitch() ? ", \"enabled\": " + (i % 2 == 0) : "")));
            names.add(name);
        }
        assertThat(walk(noun, "tag=" + mark, 2))
                .containsExactlyElementsOf(names.stream().sorted().toList());
        assertThat(walk(noun, "tag=" + mark, 5)).hasSize(5);
        if (noun.hasSwitch()) {
            assertThat(walk(noun, "tag=" + mark + "&enabled=false", 1))
                    .containsExactlyInAnyOrder(names.get(1), names.get(3));
            assertThat(walk(noun, "tag=" + mark + "&enabled=true", 2)).hasSize(3);
        }
        assertThat(walk(noun, "tag=" + mark + "-none", 2)).isEmpty();
        assertThat(walk(noun, "", 500)).containsAll(names).doesNotHaveDuplicates();
    }

    private static List<String> walk(Noun noun, String query, int limit) {
        List<String> names = new ArrayList<>();
        String cursor = null;
        do {
            Response page = admin().get(noun.collection() + "?limit=" + limit + "&" + query
                    + (cursor == null ? "" : "&cursor=" + cursor));
            page.then().statusCode(200);
            List<String> items = page.path("items.name");
            assertThat(items).hasSizeLessThanOrEqualTo(limit);
            names.addAll(items);
            cursor = page.path("next_cursor");
        } while (cursor != null);
        return names;
    }

    @ParameterizedTest
    @EnumSource
    void list_parametersThatAreWrong_are400EachByName(Noun noun) {
        admin().get(noun.collection() + "?limit=0&enabled=maybe&tga=x&tag=a&tag=b")
                .then()
                .statusCode(400)
                .body("errors.find { it.pointer == 'limit' }.detail", equalTo("0 (expected: 1 to 500)"))
                .body(
                        "errors.find { it.pointer == 'enabled' }.detail",
                        containsString(noun.hasSwitch() ? "expected: true or false" : "unknown parameter"))
                .body("errors.find { it.pointer == 'tga' }.detail", containsString("expected: perhaps tag"))
                .body("errors.find { it.pointer == 'tag' }.detail", containsString("expected: once"));
        admin().get(noun.collection() + "?limit=501").then().statusCode(400);
        admin().get(noun.collection() + "?limit=99999999999999999999").then().statusCode(400);
        for (Noun other : Noun.values()) {
            if (other != noun) {
                other.made();
                other.made();
                String cursor = admin().get(other.collection() + "?limit=1").path("next_cursor");
                admin().get(noun.collection() + "?cursor=" + cursor).then().statusCode(400);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void read_withWhatIsKnown_is304(Noun noun) {
        String path = noun.at(noun.made());
        Response read = admin().get(path);
        admin().header("If-None-Match", read.header("ETag")).get(path).then().statusCode(304);
        admin().header("If-None-Match", "\"0-0\"").get(path).then().statusCode(200);
        String query = noun.collection() + "?tag=" + AdminClient.unique("none");
        admin().header("If-None-Match", admin().get(query).header("ETag"))
                .get(query)
                .then()
                .statusCode(304);
    }

    @ParameterizedTest
    @EnumSource
    void write_leavesRevisionChangeLogAndAudit(Noun noun) {
        String name = noun.fresh();
        long first = Long.parseLong(
                AdminClient.created(noun.collection(), noun.body(name)).header("Tollgate-Revision"));
        String id = admin().get(noun.at(name)).path("id");
        String created = admin().get(noun.at(name)).asString();
        long second = Long.parseLong(admin().header("If-Match", etag(noun.at(name)))
                .body(noun.tagged(name, "one"))
                .put(noun.at(name))
                .header("Tollgate-Revision"));
        String changed = admin().get(noun.at(name)).asString();
        long third = Long.parseLong(admin().header("If-Match", etag(noun.at(name)))
                .delete(noun.at(name))
                .header("Tollgate-Revision"));
        assertThat(List.of(second, third)).containsExactly(first + 1, first + 2);
        trail(first, "create", noun, id, null, created);
        trail(second, "replace", noun, id, created, changed);
        trail(third, "delete", noun, id, changed, null);
        assertThat(Database.rows("select name from retired_name where object_id = ?", UUID.fromString(id)))
                .containsExactly(name);
    }

    private static void trail(
            long revision,
            String action,
            Noun noun,
            String id,
            @org.jspecify.annotations.Nullable String before,
            @org.jspecify.annotations.Nullable String after) {
        Response read = admin().get("/v1/revisions/" + revision);
        read.then()
                .statusCode(200)
                .body("actor", equalTo("admin"))
                .body("summary", containsString(action + " " + noun.word()))
                .body("changes.size()", equalTo(1))
                .body("changes[0].kind", equalTo(noun.word()))
                .body("changes[0].id", equalTo(id))
                .body("changes[0].action", equalTo(action));
        assertThat(read.<Object>path("changes[0].before")).isEqualTo(before == null ? null : json(before));
        assertThat(read.<Object>path("changes[0].after")).isEqualTo(after == null ? null : json(after));
        assertThat(Database.rows(
                        "select object_kind, object_id, operation from change_log where revision = ?", revision))
                .containsExactly(noun.word() + "|" + id + "|" + (action.equals("delete") ? "remove" : "put"));
        assertThat(Database.rows(
                        "select actor, roles, action, object_kind, object_id from audit where revision = ?", revision))
                .containsExactly("admin|admin|" + action + "|" + noun.word() + "|" + id);
    }

    private static Object json(String text) {
        return io.restassured.path.json.JsonPath.from(text).get("$");
    }
}
