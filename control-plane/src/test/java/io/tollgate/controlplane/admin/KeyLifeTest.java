package io.tollgate.controlplane.admin;

import static io.tollgate.controlplane.admin.AdminClient.admin;
import static io.tollgate.controlplane.admin.AdminClient.consumer;
import static io.tollgate.controlplane.admin.AdminClient.created;
import static io.tollgate.controlplane.admin.AdminClient.etag;
import static io.tollgate.controlplane.admin.AdminClient.post;
import static io.tollgate.controlplane.admin.AdminClient.put;
import static io.tollgate.controlplane.admin.AdminClient.revision;
import static io.tollgate.controlplane.admin.AdminClient.unique;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.tollgate.controlplane.EmbeddedPostgresResource;
import io.tollgate.engine.consumer.ApiKey;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rotation, import and bulk issue of API keys. */
@QuarkusTest
@QuarkusTestResource(EmbeddedPostgresResource.class)
class KeyLifeTest {
    private static final Duration DAY = Duration.ofDays(1);

    private static String keys() {
        String name = unique("holder");
        consumer(name);
        return "/v1/consumers/" + name + "/keys";
    }

    private static Response rotate(String path, String body) {
        return post(path + "/rotate", body);
    }

    private static Instant time(Response answer, String path) {
        return Instant.parse(answer.path(path));
    }

    @Test
    void rotate_key_givesItASuccessorOfTheSameName() {
        String keys = keys();
        Response old = created(keys, """
                {"name": "one", "environment": "test", "scopes": ["a"], "networks": ["10.0.0.0/8"]}""");
        long before = revision();
        Response next = rotate(keys + "/one", "{\"overlap_seconds\": 3600}");
        next.then()
                .statusCode(201)
                .header("Location", endsWith(keys + "/one"))
                .body("name", equalTo("one"))
                .body("environment", equalTo("test"))
                .body("scopes", contains("a"))
                .body("networks", contains("10.0.0.0/8"))
                .body("expires_at", nullValue())
                .body("replaces", equalTo(old.path("id")))
                .body("replaced_by", nullValue());
        assertThat(next.<String>path("secret"))
                .matches("tg_test_[0-9A-Za-z]{49}")
                .isNotEqualTo(old.path("secret"));
        assertThat(revision()).isEqualTo(before + 1);

        Response first = admin().get(keys + "/" + old.path("id"));
        first.then().body("replaced_by", equalTo(next.path("id"))).body("name", equalTo("one"));
        assertThat(Duration.between(time(first, "deprecated_at"), time(first, "expires_at")))
                .isEqualTo(Duration.ofHours(1));
        admin().get(keys + "/one").then().body("id", equalTo(next.path("id")));
        assertThat(admin().get(keys).<List<String>>path("items.id")).containsExactly(next.path("id"), old.path("id"));
        assertThat(admin().get(keys).asString()).doesNotContain("secret");
    }

    @Test
    void rotate_withoutAnOverlap_isADay_andNeverLongerThanTheKeyWouldHaveWorked() {
        String keys = keys();
        created(keys, "{\"name\": \"open\"}");
        Instant soon = Instant.now().plusSeconds(600);
        created(keys, "{\"name\": \"short\", \"expires_at\": \"" + soon + "\"}");
        rotate(keys + "/open", "{}").then().statusCode(201);
        Response successor = rotate(keys + "/short", "{}");

        Response open = admin().get(keys);
        assertThat(Duration.between(time(open, "items[1].deprecated_at"), time(open, "items[1].expires_at")))
                .isEqualTo(DAY);
        assertThat(time(open, "items[3].expires_at").toEpochMilli()).isEqualTo(soon.toEpochMilli());
        assertThat(time(successor, "expires_at").toEpochMilli())
                .as("no rotation prolongs a right")
                .isEqualTo(soon.toEpochMilli());
        rotate(keys + "/short", "{\"expires_at\": \"2999-01-01T00:00:00Z\"}")
                .then()
                .statusCode(201)
                .body("expires_at", equalTo("2999-01-01T00:00:00Z"));
    }

    @Test
    void rotate_againDuringTheOverlap_leavesEachItsOwnEnd() {
        String keys = keys();
        String first = created(keys, "{\"name\": \"one\"}").path("id");
        String second = rotate(keys + "/one", "{\"overlap_seconds\": 7200}").path("id");
        Instant end = time(admin().get(keys + "/" + first), "expires_at");
        String third = rotate(keys + "/one", "{\"overlap_seconds\": 0}").path("id");

        assertThat(time(admin().get(keys + "/" + first), "expires_at")).isEqualTo(end);
        Response ended = admin().get(keys + "/" + second);
        assertThat(time(ended, "expires_at")).isEqualTo(time(ended, "deprecated_at"));
        rotate(keys + "/" + second, "{}")
                .then()
                .statusCode(409)
                .body("detail", containsString("was replaced by " + third));
        List<String> seen = new ArrayList<>();
        String cursor = null;
        do {
            Response page = admin().get(keys + "?limit=1" + (cursor == null ? "" : "&cursor=" + cursor));
            seen.add(page.path("items[0].id"));
            cursor = page.path("next_cursor");
        } while (cursor != null);
        assertThat(seen).containsExactly(third, second, first);
    }

    @Test
    void rotate_whatDoesNotWorkAnyMore_isRefused() {
        String keys = keys();
        created(keys, "{\"name\": \"gone\"}");
        admin().header("If-Match", "*").delete(keys + "/gone").then().statusCode(204);
        rotate(keys + "/gone", "{}").then().statusCode(409).body("detail", containsString("revoked for ever"));
        created(keys, "{\"name\": \"late\"}");
        admin().header("If-Match", "*")
                .body("{\"name\": \"late\", \"expires_at\": \"2020-01-01T00:00:00Z\"}")
                .put(keys + "/late")
                .then()
                .statusCode(200);
        rotate(keys + "/late", "{}").then().statusCode(409).body("detail", containsString("has expired"));
        rotate(keys + "/nobody", "{}").then().statusCode(404);
        rotate(keys + "/late", "{\"overlap_seconds\": 7776001}")
                .then()
                .statusCode(422)
                .body("errors[0].pointer", equalTo("/overlap_seconds"));
        created(keys, "{\"name\": \"often\"}");
        for (int i = 1; i < 8; i++) {
            rotate(keys + "/often", "{}").then().statusCode(201);
        }
        rotate(keys + "/often", "{}").then().statusCode(409).body("detail", containsString("8 secrets work at once"));
    }

    @Test
    void revoke_byName_isAllThatCarryIt_byIdOnlyTheOne() {
        String keys = keys();
        String first = created(keys, "{\"name\": \"one\"}").path("id");
        String second = rotate(keys + "/one", "{}").path("id");
        admin().header("If-Match", etag(keys + "/" + second))
                .delete(keys + "/" + second)
                .then()
                .statusCode(204);
        admin().get(keys + "/" + second).then().body("revoked_at", notNullValue());
        admin().get(keys + "/" + first).then().body("revoked_at", nullValue());
        admin().header("If-Match", etag(keys + "/one"))
                .delete(keys + "/one")
                .then()
                .statusCode(204);
        admin().get(keys + "/" + first).then().body("revoked_at", notNullValue());
    }

    @Test
    void put_onAReplacedKey_movesItsEndWithinTheBounds() {
        String keys = keys();
        String old = keys + "/" + created(keys, "{\"name\": \"one\"}").path("id");
        rotate(keys + "/one", "{}").then().statusCode(201);
        Instant since = time(admin().get(old), "deprecated_at");
        for (String bad : List.of(
                "{\"name\": \"one\"}",
                "{\"name\": \"one\", \"expires_at\": \"" + since.plus(Duration.ofDays(91)) + "\"}")) {
            admin().header("If-Match", etag(old))
                    .body(bad)
                    .put(old)
                    .then()
                    .statusCode(422)
                    .body("errors.pointer", contains("/expires_at"));
        }
        String later = "\"expires_at\": \"" + since.plus(Duration.ofDays(90)) + "\"";
        admin().header("If-Match", etag(old))
                .body("{\"name\": \"two\", " + later + "}")
                .put(old)
                .then()
                .statusCode(422)
                .body("errors.pointer", contains("/name"));
        admin().header("If-Match", etag(old))
                .body("{\"name\": \"one\", " + later + "}")
                .put(old)
                .then()
                .statusCode(200);
        admin().header("If-Match", etag(keys + "/one"))
                .body("{\"name\": \"uno\"}")
                .put(keys + "/one")
                .then()
                .statusCode(200);
        admin().get(old).then().body("name", equalTo("uno"));
        created(keys, "{\"name\": \"one\"}");
    }

    @Test
    void import_ofATextAndOfItsDigest_isTheSameKey() throws NoSuchAlgorithmException {
        String keys = keys();
        String secret = unique("Partner-Key") + "-f3a91c07be254d88";
        String sha256 = HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.US_ASCII)));
        Response taken = post(keys + "/import", "{\"name\": \"legacy\", \"secret\": \"" + secret + "\"}");
        taken.then()
                .statusCode(201)
                .header("Location", endsWith(keys + "/legacy"))
                .body("imported", equalTo(true))
                .body("secret", nullValue())
                .body("prefix", nullValue());
        assertThat(taken.asString() + admin().get(keys).asString()).doesNotContain(secret);
        post(keys + "/import", "{\"name\": \"again\", \"sha256\": \"" + sha256 + "\"}")
                .then()
                .statusCode(409)
                .body("detail", containsString("here already"));
        rotate(keys + "/legacy", "{}").then().statusCode(201).body("imported", nullValue());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1234567890123456",
                "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
                "0123456789abcdef",
                "abcdefghabcdefgh"
            })
    void import_ofAWeakText_isRefused(String secret) {
        Response answer = post(keys() + "/import", "{\"name\": \"weak\", \"secret\": \"" + secret + "\"}");
        answer.then().statusCode(422).body("errors[0].pointer", equalTo("/secret"));
        assertThat(answer.asString()).doesNotContain(secret);
    }

    @Test
    void import_ofWhatIsNoKey_isRefused() {
        String keys = keys();
        for (String bad : List.of(
                "{\"name\": \"bad\"}",
                "{\"name\": \"bad\", \"secret\": \"x3a91c07be254d8895aa\", \"sha256\": \"" + "0".repeat(64) + "\"}",
                "{\"name\": \"bad\", \"secret\": \"with space f3a91c07be254d8895aa\"}",
                "{\"name\": \"bad\", \"secret\": \"Short-1\"}",
                "{\"name\": \"import\", \"secret\": \"x3a91c07be254d8895aaQ\"}")) {
            post(keys + "/import", bad).then().statusCode(422);
        }
        // A key of another gateway of this kind has its checksum, and stays what it is.
        String other = ApiKey.issue(ApiKey.Environment.LIVE, new SecureRandom()).text();
        post(keys + "/import", "{\"name\": \"moved\", \"secret\": \"" + other + "\"}")
                .then()
                .statusCode(201);
    }

    @Test
    void issueMany_isOneRevision_andAllOrNone() {
        List<String> consumers = List.of(unique("bulk"), unique("bulk"));
        consumers.forEach(AdminClient::consumer);
        String orders = IntStream.range(0, 1_000)
                .mapToObj(i -> "{\"consumer\": \"" + consumers.get(i % 2) + "\", \"key\": {\"name\": \"k" + i + "\"}}")
                .collect(Collectors.joining(","));
        long before = revision();
        String idempotencyKey = unique("bulk");
        Response issued = admin().header("Idempotency-Key", idempotencyKey)
                .body("{\"keys\": [" + orders + "]}")
                .post("/v1/keys");
        issued.then().statusCode(201);
        assertThat(revision()).isEqualTo(before + 1);
        List<String> secrets = issued.path("keys.key.secret");
        assertThat(secrets).hasSize(1_000).doesNotHaveDuplicates().allMatch(ApiKey::isWellFormed);
        assertThat(issued.<String>path("keys[3].consumer")).isEqualTo(consumers.get(1));
        Response repeated = admin().header("Idempotency-Key", idempotencyKey)
                .body("{\"keys\": [" + orders + "]}")
                .post("/v1/keys");
        repeated.then().statusCode(201).body("keys[3].key.id", equalTo(issued.path("keys[3].key.id")));
        assertThat(repeated.asString()).doesNotContain("secret");

        post(
                        "/v1/keys",
                        "{\"keys\": [{\"consumer\": \"" + consumers.get(0) + "\", \"key\": {\"name\": \"new\"}},"
                                + "{\"consumer\": \"nobody\", \"key\": {\"name\": \"new\"}}]}")
                .then()
                .statusCode(422)
                .body("errors.pointer", contains("/keys/1/consumer"));
        post(
                        "/v1/keys",
                        "{\"keys\": [{\"consumer\": \"" + consumers.get(0) + "\", \"key\": {\"name\": \"new\"}},"
                                + "{\"consumer\": \"" + consumers.get(0) + "\", \"key\": {\"name\": \"new\"}}]}")
                .then()
                .statusCode(409);
        assertThat(revision()).isEqualTo(before + 1);
        put("/v1/consumers/" + consumers.get(0) + "/keys/new", "{\"name\": \"new\"}")
                .then()
                .statusCode(404);
    }
}
