package io.tollgate.controlplane.admin;

import static io.tollgate.controlplane.admin.AdminClient.admin;
import static io.tollgate.controlplane.admin.AdminClient.post;
import static io.tollgate.controlplane.admin.AdminClient.revision;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.tollgate.controlplane.EmbeddedPostgresResource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Bodies that nobody should have sent. */
@QuarkusTest
@QuarkusTestResource(EmbeddedPostgresResource.class)
class BodyTest {
    @ParameterizedTest
    @EnumSource
    void body_thatIsNoJson_is400SayingWhere(Noun noun) {
        String good = noun.body(noun.fresh());
        long before = revision();
        for (String bad : List.of(
                "",
                "{",
                good + "}",
                good + good,
                good.replace("\"name\":", "\"name\": \"a\", \"name\":"),
                good.replace("\"name\":", "name:"),
                good.replace("{\"name\":", "{/* why not */ \"name\":"),
                "{\"name\": NaN}",
                "\u0000")) {
            post(noun.collection(), bad)
                    .then()
                    .statusCode(400)
                    .body("type", equalTo("urn:tollgate:problem:bad-request"));
        }
        post(noun.collection(), good + "}").then().body("detail", containsString("no JSON at line "));
        assertThat(revision()).isEqualTo(before);
    }

    @ParameterizedTest
    @EnumSource
    void body_thatIsNoObject_is422(Noun noun) {
        for (String bad : List.of("null", "[]", "1", "\"text\"", "true")) {
            post(noun.collection(), bad)
                    .then()
                    .statusCode(422)
                    .body("errors[0].pointer", equalTo(""))
                    .body("errors[0].detail", containsString("expected: an object"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void body_ofAnotherType_is415(Noun noun) {
        String body = noun.body(noun.fresh());
        for (String type : List.of("text/plain", "application/xml", "application/merge-patch+json")) {
            admin().contentType(type)
                    .body(body.getBytes(java.nio.charset.StandardCharsets.UTF_8))
                    .post(noun.collection())
                    .then()
                    .statusCode(415)
                    .body("detail", containsString("application/json"));
        }
        admin().contentType("application/json; charset=utf-8")
                .body(body)
                .post(noun.collection())
                .then()
                .statusCode(201);
    }

    @ParameterizedTest
    @EnumSource
    void body_unknownMember_is422NamingIt(Noun noun) {
        post(noun.collection(), noun.body(noun.fresh(), "nobody", ", \"nmae\": 1, \"tagz\": [], \"zzz/~\": 1"))
                .then()
                .statusCode(422)
                .body("errors.pointer", hasItems("/nmae", "/tagz", "/zzz~1~0"))
                .body("errors.find { it.pointer == '/nmae' }.detail", containsString("perhaps name"))
                .body("errors.find { it.pointer == '/tagz' }.detail", containsString("perhaps tags"));
    }

    @ParameterizedTest
    @EnumSource
    void body_nameThatIsNone_is422(Noun noun) {
        for (String name : List.of("", "A", "-a", "a-", "a b", "a/b", "ä", "a".repeat(64))) {
            post(noun.collection(), noun.body(name))
                    .then()
                    .statusCode(422)
                    .body("errors.find { it.pointer == '/name' }.detail", containsString("(expected: text of 1 to 63"));
        }
        post(noun.collection(), noun.body("11111111-2222-3333-4444-555555555555", noun.fresh(), ""))
                .then()
                .statusCode(422)
                .body("errors[0].pointer", equalTo("/name"))
                .body("errors[0].detail", containsString("does not look like an id"));
    }

    @Test
    void body_beyondTheBound_is413() {
        String body = Noun.CONSUMER.body("a", "a", ", \"billing_id\": \"" + "x".repeat(1 << 20) + "\"");
        post("/v1/consumers", body).then().statusCode(413);
    }

    /** Every member that a rule can be broken in, and what is said of it. */
    @Test
    void body_invalidFields_eachWithPointerAndExpectation() {
        faults(
                "/v1/services",
                """
                {"name": "s", "targets": [], "connect_timeout_millis": 0, "response_timeout_millis": 3600001,
                 "idle_timeout_millis": "1", "preserve_host": "no", "path_prefix": "api/", "tags": ["a", 1]}""",
                Map.of(
                        "/targets", "0 items (expected: 1 to 1000)",
                        "/connect_timeout_millis", "0 (expected: 1 to 60000)",
                        "/response_timeout_millis", "3600001 (expected: 1 to 3600000)",
                        "/idle_timeout_millis", "\"1\" (expected: 1 to 3600000)",
                        "/preserve_host", "\"no\" (expected: true or false)",
                        "/path_prefix",
                                "\"api/\" (expected: text of 0 to 1024 characters that matches ^(/[^?#]*[^/?#])?$)",
                        "/tags/1", "1 (expected: text of 1 to 64 characters)"));
        faults(
                "/v1/routes",
                """
                {"name": "r", "paths": [{"type": "glob", "value": "pets"}, {}], "methods": ["get"], "hosts": [""],
                 "service": "", "rewrite": {"replace_prefix": "x"}, "enabled": 1}""",
                Map.of(
                        "/service", "\"\" (expected: text of 1 to 128 characters)",
                        "/paths/0/type", "\"glob\" (expected: one of exact, prefix, template, regex)",
                        "/paths/0/value", "\"pets\" (expected: text of 1 to 1024 characters that matches ^/)",
                        "/paths/1/type", "absent (expected: one of exact, prefix, template, regex)",
                        "/paths/1/value", "absent (expected: text of 1 to 1024 characters that matches ^/)",
                        "/methods/0", "\"get\" (expected: text that matches ^[A-Z][A-Z-]{0,31}$)",
                        "/hosts/0", "\"\" (expected: text of 1 to 253 characters)",
                        "/rewrite/replace_prefix",
                                "\"x\" (expected: text of 0 to 1024 characters that matches ^/[^?#]*$)",
                        "/enabled", "1 (expected: true or false)"));
        faults(
                "/v1/policies",
                """
                {"name": "p", "type": "magic", "rate_limit": {"windows": [{"requests": 0, "window_seconds": 86401}]},
                 "key_auth": {"header_names": ["a b"]}, "attachment": {"service": 1}}""",
                Map.of(
                        "/type",
                                "\"magic\" (expected: one of key-auth, rate-limit, identity-headers, request-target, fault-injection, compression, https-redirect, hsts, credential-throttle, access, cors, security-headers, jwt, client-certificate, introspection, basic-auth, forward-auth, client-filter, http-signature, caller-identity, protected-resource)",
                        "/rate_limit/windows/0/requests", "0 (expected: 1 to 1000000000)",
                        "/rate_limit/windows/0/window_seconds", "86401 (expected: 1 to 86400)",
                        "/key_auth/header_names/0",
                                "\"a b\" (expected: text that matches ^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}$)",
                        "/attachment/service", "1 (expected: text of 1 to 128 characters)"));
        faults(
                "/v1/plans",
                """
                {"name": "p", "routes": {}, "all_routes": null, "when_unmetered": "shrug", "description": 1.5}""",
                Map.of(
                        "/routes", "an object (expected: a list)",
                        "/all_routes", "null (expected: true or false)",
                        "/when_unmetered", "\"shrug\" (expected: one of refuse, serve)",
                        "/description", "1.5 (expected: text of 0 to 1000 characters)"));
        faults(
                "/v1/consumers",
                """
                {"groups": ["a b"], "billing_id": ["x"]}""",
                Map.of(
                        "/name",
                                "absent (expected: text of 1 to 63 characters that matches ^[a-z0-9]([a-z0-9._-]*[a-z0-9])?$)",
                        "/groups/0", "\"a b\" (expected: text that matches ^[A-Za-z0-9._-]{1,64}$)",
                        "/billing_id", "a list (expected: text of 0 to 128 characters)"));
    }

    private static void faults(String path, String body, Map<String, String> expected) {
        List<Map<String, String>> errors = admin().contentType(ContentType.JSON)
                .body(body)
                .post(path)
                .then()
                .statusCode(422)
                .extract()
                .path("errors");
        Map<String, String> found = new java.util.HashMap<>();
        errors.forEach(error -> found.put(error.get("pointer"), error.get("detail")));
        assertThat(found).containsExactlyInAnyOrderEntriesOf(expected);
    }
}
