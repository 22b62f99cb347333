package io.tollgate.controlplane.admin;

import static io.tollgate.controlplane.admin.AdminClient.admin;
import static io.tollgate.controlplane.admin.AdminClient.as;
import static io.tollgate.controlplane.admin.AdminClient.consumer;
import static io.tollgate.controlplane.admin.AdminClient.revision;
import static io.tollgate.controlplane.admin.AdminClient.unique;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import io.tollgate.controlplane.EmbeddedPostgresResource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** POST with an Idempotency-Key: done once, answered as often as it is sent. */
@QuarkusTest
@QuarkusTestResource(EmbeddedPostgresResource.class)
class IdempotencyTest {
    private static RequestSpecification keyed(String key) {
        return admin().header("Idempotency-Key", key);
    }

    @ParameterizedTest
    @EnumSource
    void repeat_ofTheSame_isAnsweredAgainAndDoneOnce(Noun noun) {
        String name = noun.fresh();
        String key = unique("key");
        Response first = keyed(key).body(noun.body(name)).post(noun.collection());
        first.then().statusCode(201);
        long after = revision();
        // Another layout of the same JSON is the same request.
        Response again = keyed(key).body(noun.body(name).replace(": ", ":\n  ")).post(noun.collection());
        again.then().statusCode(201);
        assertThat(again.asString()).isEqualTo(first.asString());
        for (String header : List.of("ETag", "Location", "Tollgate-Revision")) {
            assertThat(again.header(header)).isEqualTo(first.header(header));
        }
        assertThat(revision()).isEqualTo(after);
    }

    @ParameterizedTest
    @EnumSource
    void repeat_ofSomethingElse_is409AndDoesNothing(Noun noun) {
        String name = noun.fresh();
        String key = unique("key");
        keyed(key).body(noun.body(name)).post(noun.collection()).then().statusCode(201);
        long after = revision();
        keyed(key)
                .body(noun.tagged(name, "other"))
                .post(noun.collection())
                .then()
                .statusCode(409)
                .body("detail", containsString(key));
        assertThat(revision()).isEqualTo(after);
    }

    @Test
    void key_ofAnotherCaller_isAnotherKey() {
        String key = unique("key");
        String mine = unique("consumer");
        String theirs = unique("consumer");
        keyed(key).body(Noun.CONSUMER.body(mine)).post("/v1/consumers").then().statusCode(201);
        as("operator")
                .header("Idempotency-Key", key)
                .body(Noun.CONSUMER.body(theirs))
                .post("/v1/consumers")
                .then()
                .statusCode(201)
                .body("name", equalTo(theirs));
    }

    @Test
    void key_ofARefusedRequest_isStillFree() {
        String key = unique("key");
        String name = unique("route");
        AdminClient.service("nouns");
        String good = Noun.ROUTE.body(name);
        keyed(key)
                .body(good.replace("\"nouns\"", "\"nobody\""))
                .post("/v1/routes")
                .then()
                .statusCode(422);
        keyed(key).body(good).post("/v1/routes").then().statusCode(201);
    }

    @Test
    void key_thatIsEmptyOrTooLong_is400() {
        keyed("k".repeat(129))
                .body(Noun.CONSUMER.body(unique("c")))
                .post("/v1/consumers")
                .then()
                .statusCode(400);
        keyed("")
                .body(Noun.CONSUMER.body(unique("c")))
                .post("/v1/consumers")
                .then()
                .statusCode(400);
    }

    @Test
    void repeat_ofAnIssuedKey_doesNotShowTheSecretAgain() {
        String consumer = unique("consumer");
        consumer(consumer);
        String path = "/v1/consumers/" + consumer + "/keys";
        String key = unique("key");
        Response first = keyed(key).body("{\"name\": \"production\"}").post(path);
        String secret = first.path("secret");
        assertThat(secret).isNotEmpty();
        Response again = keyed(key).body("{\"name\": \"production\"}").post(path);
        again.then().statusCode(201).body("id", equalTo(first.path("id")));
        assertThat(again.asString()).doesNotContain("secret").doesNotContain(secret);
        keyed(key).body("{\"name\": \"testing\"}").post(path).then().statusCode(409);
        String other = unique("consumer");
        consumer(other);
        keyed(key)
                .body("{\"name\": \"production\"}")
                .post("/v1/consumers/" + other + "/keys")
                .then()
                .statusCode(409);
    }

    @Test
    void repeats_atOnce_areDoneOnce() throws InterruptedException, ExecutionException {
        String key = unique("key");
        String body = Noun.CONSUMER.body(unique("consumer"));
        long before = revision();
        ExecutorService callers = Executors.newFixedThreadPool(8);
        try {
            List<Future<Response>> answers = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                answers.add(callers.submit(() -> keyed(key).body(body).post("/v1/consumers")));
            }
            List<String> bodies = new ArrayList<>();
            for (Future<Response> answer : answers) {
                answer.get().then().statusCode(201);
                bodies.add(answer.get().asString());
            }
            assertThat(bodies.stream().distinct()).hasSize(1);
        } finally {
            callers.shutdownNow();
        }
        assertThat(revision()).isEqualTo(before + 1);
    }
}
