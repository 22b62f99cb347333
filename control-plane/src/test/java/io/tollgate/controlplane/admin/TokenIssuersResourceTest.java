package io.tollgate.controlplane.admin;

import static io.tollgate.controlplane.admin.AdminClient.admin;
import static io.tollgate.controlplane.admin.AdminClient.consumer;
import static io.tollgate.controlplane.admin.AdminClient.created;
import static io.tollgate.controlplane.admin.AdminClient.etag;
import static io.tollgate.controlplane.admin.AdminClient.post;
import static io.tollgate.controlplane.admin.AdminClient.put;
import static io.tollgate.controlplane.admin.AdminClient.unique;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.tollgate.controlplane.Await;
import io.tollgate.controlplane.stream.StreamServer;
import io.tollgate.controlplane.stream.TestNode;
import io.tollgate.proto.config.v1.Change;
import io.tollgate.proto.config.v1.Credential;
import io.tollgate.proto.config.v1.ObjectKind;
import io.tollgate.proto.config.v1.TokenIssuer;
import jakarta.inject.Inject;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Issuers of tokens and what is bound to them, from the admin API to the nodes. */
@QuarkusTest
class TokenIssuersResourceTest {
    private static final String SECRET = "s3cret-s3cret-s3cret-s3cret-s3cret";

    @Inject
    StreamServer server;

    private static String secretive(String name, String more) {
        return "{\"name\": \"" + name + "\", \"issuer\": \"https://" + name
                + ".example.com/\", \"algorithms\": [\"HS256\"]" + more + "}";
    }

    private static void issuer(String name) {
        created("/v1/token-issuers", secretive(name, ", \"hmac_secret\": \"" + SECRET + "\""));
    }

    private static String id(String path) {
        return admin().get(path).path("id");
    }

    private List<Change> changes() {
        try (TestNode node = TestNode.dial(server.port()).hello("token-issuers", System.nanoTime())) {
            return node.take().changes();
        }
    }

    private TokenIssuer issuerAtNodes(String id) throws IOException {
        for (Change change : changes()) {
            if (change.getKind() == ObjectKind.OBJECT_KIND_TOKEN_ISSUER
                    && change.getId().equals(id)) {
                return TokenIssuer.parseFrom(change.getObject());
            }
        }
        throw new AssertionError("no issuer " + id);
    }

    @Test
    void secret_isNeverShownAndStaysUntilItIsChanged() throws IOException {
        String name = unique("issuer");
        String path = "/v1/token-issuers/" + name;
        issuer(name);
        Response read = admin().get(path);
        assertThat(read.asString()).doesNotContain("s3cret");
        read.then().body("hmac_secret", nullValue()).body("hmac_secret_changed_at", notNullValue());
        assertThat(issuerAtNodes(id(path)).getHmacSecret()).isEqualTo(SECRET);

        // Left out, and given once more: nothing changes.
        String tag = etag(path);
        for (String same : List.of("", ", \"hmac_secret\": \"" + SECRET + "\"")) {
            assertThat(admin().header("If-Match", tag)
                            .body(secretive(name, same))
                            .put(path)
                            .header("ETag"))
                    .isEqualTo(tag);
        }
        String other = SECRET.replace('3', '4');
        admin().header("If-Match", tag)
                .body(secretive(name, ", \"hmac_secret\": \"" + other + "\""))
                .put(path)
                .then()
                .statusCode(200);
        assertThat(issuerAtNodes(id(path)).getHmacSecret()).isEqualTo(other);
        assertThat(admin().get("/v1/audit").asString()).doesNotContain("s3cret").doesNotContain("s4cret");

        // Other keys take its place.
        admin().header("If-Match", etag(path))
                .body("{\"name\": \"" + name + "\", \"issuer\": \"https://" + name
                        + ".example.com/\", \"jwks_url\": \"https://a.example.com/\"}")
                .put(path)
                .then()
                .statusCode(200)
                .body("hmac_secret_changed_at", nullValue());
        assertThat(issuerAtNodes(id(path)).getHmacSecret()).isEmpty();
    }

    @Test
    void keys_thatAreNotToBeBelieved_are422AndNameTheMember() {
        String name = unique("issuer");
        String start = "{\"name\": \"" + name + "\", \"issuer\": \"https://x.example.com/\"";
        post("/v1/token-issuers", start + "}")
                .then()
                .statusCode(422)
                .body("problems.detail", hasItem(containsString("no keys")));
        post("/v1/token-issuers", start + ", \"jwks_url\": \"http://login.example.com/\"}")
                .then()
                .statusCode(422)
                .body("problems.pointer", hasItem("/jwks_url"));
        post("/v1/token-issuers", start + ", \"jwks\": \"{}\"}")
                .then()
                .statusCode(422)
                .body("problems.pointer", hasItem("/jwks"));
        post("/v1/token-issuers", start + ", \"jwks_url\": \"https://a/\", \"algorithms\": [\"HS256\"]}")
                .then()
                .statusCode(422)
                .body("problems.pointer", hasItem("/algorithms"));
        post("/v1/token-issuers", start + ", \"jwks_url\": \"https://a/\", \"algorithms\": [\"none\"]}")
                .then()
                .statusCode(422);
        post("/v1/token-issuers", start + ", \"hmac_secret\": \"" + SECRET + "\"}")
                .then()
                .statusCode(422)
                .body(org.hamcrest.Matchers.not(containsString("s3cret")));
    }

    @Test
    void credential_isBoundToAnIssuer_thatCannotGoMeanwhile() throws IOException {
        String issuer = unique("issuer");
        String consumer = unique("bound");
        issuer(issuer);
        consumer(consumer);
        String credentials = "/v1/consumers/" + consumer + "/credentials";
        String body = "{\"name\": \"login\", \"type\": \"jwt\", \"jwt\": {\"issuer\": \"" + issuer
                + "\", \"subject\": \"client-7\"}}";
        created(credentials, body);
        String path = credentials + "/login";
        admin().get(path).then().body("jwt.issuer", equalTo(issuer)).body("jwt.subject", equalTo("client-7"));
        admin().get(credentials).then().body("items.name", equalTo(List.of("login")));
        admin().get("/v1/consumers/" + consumer + "/keys").then().body("items", equalTo(List.of()));
        admin().get("/v1/consumers/" + consumer + "/keys/login").then().statusCode(404);

        Credential atNodes = null;
        String id = id(path);
        for (Change change : changes()) {
            if (change.getId().equals(id)) {
                atNodes = Credential.parseFrom(change.getObject());
            }
        }
        assertThat(atNodes).isNotNull();
        assertThat(atNodes.getJwt().getSubject()).isEqualTo("client-7");
        assertThat(atNodes.getJwt().getIssuerId()).isEqualTo(id("/v1/token-issuers/" + issuer));
        assertThat(atNodes.getDigest().isEmpty()).isTrue();

        // A name is one consumer's own, keys included; a subject is one credential's own.
        post("/v1/consumers/" + consumer + "/keys", "{\"name\": \"login\"}")
                .then()
                .statusCode(409);
        post(credentials, body.replace("login", "second"))
                .then()
                .statusCode(422)
                .body("problems.pointer", hasItem("/jwt/subject"));
        post(credentials, body.replace("login", "third").replace(issuer, "gone"))
                .then()
                .statusCode(422)
                .body("errors.pointer", hasItem("/jwt/issuer"));
        post(credentials, "{\"name\": \"fourth\", \"type\": \"jwt\"}")
                .then()
                .statusCode(422)
                .body("errors.pointer", hasItem("/jwt"));
        put(path, body.replace("client-7", "client-8")).then().statusCode(428);
        admin().header("If-Match", etag(path))
                .body(body.replace("client-7", "client-8"))
                .put(path)
                .then()
                .statusCode(200)
                .body("jwt.subject", equalTo("client-8"));

        String at = "/v1/token-issuers/" + issuer;
        admin().header("If-Match", etag(at))
                .delete(at)
                .then()
                .statusCode(409)
                .body("detail", containsString("credential login"));
        admin().header("If-Match", etag(path)).delete(path).then().statusCode(204);
        admin().header("If-Match", etag(at)).delete(at).then().statusCode(204);
    }

    @Test
    void policy_namesIssuers_thatCannotGoMeanwhile() {
        String issuer = unique("issuer");
        issuer(issuer);
        String policy = unique("jwt");
        String body = "{\"name\": \"" + policy + "\", \"type\": \"jwt\", \"enabled\": false, \"jwt\": {\"issuers\": [\""
                + issuer + "\"]}}";
        created("/v1/policies", body);
        admin().get("/v1/policies/" + policy)
                .then()
                .body("jwt.issuers", equalTo(List.of(issuer)))
                .body("jwt.header_names", equalTo(List.of("Authorization")));
        String at = "/v1/token-issuers/" + issuer;
        admin().header("If-Match", etag(at))
                .delete(at)
                .then()
                .statusCode(409)
                .body("detail", containsString("policy " + policy));
        post("/v1/policies", body.replace(issuer, "gone").replace(policy, policy + "-2"))
                .then()
                .statusCode(422)
                .body("errors.pointer", hasItem("/jwt/issuers/0"));
    }

    @Test
    void introspection_itsSecretIsNeverShown_andItsPoliciesAreOfItsOwnKind() throws IOException {
        String name = unique("asked");
        String path = "/v1/token-issuers/" + name;
        String body = "{\"name\": \"" + name + "\", \"issuer\": \"https://" + name
                + ".example.com/\", \"introspection\": {\"url\": \"https://login.example.com/introspect\","
                + " \"client_id\": \"tollgate\"%s}}";
        post("/v1/token-issuers", body.formatted(""))
                .then()
                .statusCode(422)
                .body("problems.pointer", hasItem("/introspection/client_secret"));
        post(
                        "/v1/token-issuers",
                        body.formatted(", \"client_secret\": \"s3cret\"").replace("https://login", "http://login"))
                .then()
                .statusCode(422)
                .body("problems.pointer", hasItem("/introspection/url"))
                .body(org.hamcrest.Matchers.not(containsString("s3cret")));
        created("/v1/token-issuers", body.formatted(", \"client_secret\": \"s3cret\""));
        Response read = admin().get(path);
        assertThat(read.asString()).doesNotContain("s3cret");
        read.then()
                .body("introspection.client_secret_changed_at", notNullValue())
                .body("introspection.cache_seconds", equalTo(60))
                .body("introspection.authentication", equalTo("client_secret_basic"));
        assertThat(issuerAtNodes(id(path)).getIntrospection().getClientSecret()).isEqualTo("s3cret");
        String tag = etag(path);
        assertThat(admin().header("If-Match", tag)
                        .body(body.formatted(""))
                        .put(path)
                        .header("ETag"))
                .isEqualTo(tag);

        String policy =
                "{\"name\": \"" + unique("policy") + "\", \"type\": \"%1$s\", \"enabled\": false, \"%1$s\": {%2$s}}";
        post("/v1/policies", policy.formatted("jwt", "\"issuers\": [\"" + name + "\"]"))
                .then()
                .statusCode(422)
                .body("problems.detail", hasItem(containsString("an issuer with keys")));
        String asks = policy.formatted("introspection", "\"issuer\": \"" + name + "\"");
        created("/v1/policies", asks);
        // Its policy would ask an issuer that is not to be asked any more.
        admin().header("If-Match", tag)
                .body("{\"name\": \"" + name + "\", \"issuer\": \"https://" + name
                        + ".example.com/\", \"jwks_url\": \"https://a.example.com/\"}")
                .put(path)
                .then()
                .statusCode(422)
                .body("problems.detail", hasItem(containsString("an issuer with introspection")));
        admin().header("If-Match", tag).delete(path).then().statusCode(409);
        assertThat(admin().get("/v1/audit").asString()).doesNotContain("s3cret");
    }

    @Test
    void authorizationServer_hasKeysThatNobodySees_andANewOneWhenAsked() throws IOException {
        String name = unique("own");
        String path = "/v1/token-issuers/" + name;
        String body = "{\"name\": \"" + name + "\", \"issuer\": \"https://" + name
                + ".example.com/oauth\", \"authorization_server\": {\"audience\": \"api\"%s}}";
        post("/v1/token-issuers", body.formatted("").replace("/oauth", "/o?x"))
                .then()
                .statusCode(422)
                .body("problems.pointer", hasItem("/issuer"));
        post("/v1/token-issuers", body.formatted("").replace("\"issuer\"", "\"audiences\": [\"b\"], \"issuer\""))
                .then()
                .statusCode(422)
                .body("problems.pointer", hasItem("/audiences"));
        // What would be stored and then not done is not stored.
        post(
                        "/v1/token-issuers",
                        body.formatted("")
                                .replace(
                                        "\"issuer\"",
                                        "\"types\": [\"JWT\"], \"algorithms\": [\"PS256\"], \"consumer_claim\": \"client_id\","
                                                + " \"scope_claim\": \"scp\", \"issuer\""))
                .then()
                .statusCode(422)
                .body("problems.pointer", hasItems("/types", "/algorithms", "/consumer_claim", "/scope_claim"));
        created("/v1/token-issuers", body.formatted(""));
        String bound = unique("bound");
        consumer(bound);
        post(
                        "/v1/consumers/" + bound + "/credentials",
                        "{\"name\": \"own\", \"type\": \"jwt\", \"jwt\": {\"issuer\": \"" + name
                                + "\", \"subject\": \"client-7\"}}")
                .then()
                .statusCode(422)
                .body("problems.pointer", hasItem("/jwt/issuer"));
        Response read = admin().get(path);
        read.then()
                .body("authorization_server.token_lifetime_seconds", equalTo(300))
                .body("authorization_server.environments", equalTo(List.of("live")))
                .body("authorization_server.signing_keys.algorithm", equalTo(List.of("ES256")));
        TokenIssuer atNodes = issuerAtNodes(id(path));
        assertThat(atNodes.getAuthorizationServer().getSigningKeysList()).hasSize(1);
        assertThat(atNodes.getAuthorizationServer().getSigningKeys(0).getId())
                .isEqualTo(read.path("authorization_server.signing_keys[0].id"));
        // What is read and written again makes no new key; what is rotated does.
        String tag = etag(path);
        assertThat(admin().header("If-Match", tag)
                        .body(read.asString())
                        .put(path)
                        .header("ETag"))
                .isEqualTo(tag);
        admin().post(path + "/rotate-key")
                .then()
                .statusCode(200)
                .body("authorization_server.signing_keys.size()", equalTo(2));
        TokenIssuer rotated = issuerAtNodes(id(path));
        assertThat(rotated.getAuthorizationServer().getSigningKeys(0))
                .isEqualTo(atNodes.getAuthorizationServer().getSigningKeys(0));
        assertThat(rotated.getAuthorizationServer().getSigningKeys(1).getSignsFromMillis())
                .isGreaterThan(System.currentTimeMillis() + 500_000);
        admin().header("If-Match", "*")
                .body(body.formatted(", \"signing_algorithm\": \"RS256\""))
                .put(path)
                .then()
                .statusCode(200)
                .body("authorization_server.signing_keys.algorithm", equalTo(List.of("ES256", "ES256", "RS256")));
        assertThat(admin().get("/v1/audit").asString()).doesNotContain("private_key");
        String policy = "{\"name\": \"" + unique("policy")
                + "\", \"type\": \"jwt\", \"enabled\": false, \"jwt\": {\"issuers\": [\"" + name + "\"]}}";
        created("/v1/policies", policy);
        issuer(unique("shared"));
        post("/v1/token-issuers/" + unique("gone") + "/rotate-key", "").then().statusCode(404);
    }

    @Test
    void subjects_thatNodesMeet_becomeConsumersOnce_andNoMoreThanAllowed() throws IOException {
        String name = unique("first");
        String path = "/v1/token-issuers/" + name;
        String plan = unique("plan");
        AdminClient.plan(plan);
        String body = "{\"name\": \"" + name + "\", \"issuer\": \"https://" + name
                + ".example.com/\", \"jwks_url\": \"https://a.example.com/\", \"new_consumers\": {\"plan\": \"" + plan
                + "\", \"groups\": [\"staff\"], \"consumers_max\": 2}}";
        post("/v1/token-issuers", body.replace(plan, "gone"))
                .then()
                .statusCode(422)
                .body("errors.pointer", hasItem("/new_consumers/plan"));
        post("/v1/token-issuers", body.replace("\"jwks_url\"", "\"consumer_by\": \"name\", \"jwks_url\""))
                .then()
                .statusCode(422)
                .body("problems.pointer", hasItem("/consumer_by"));
        created("/v1/token-issuers", body);
        admin().get(path).then().body("new_consumers.plan", equalTo(plan));
        String issuerId = id(path);
        assertThat(issuerAtNodes(issuerId).getNewConsumers().getPlanId()).isEqualTo(id("/v1/plans/" + plan));
        admin().header("If-Match", etag("/v1/plans/" + plan))
                .delete("/v1/plans/" + plan)
                .then()
                .statusCode(409)
                .body("detail", containsString("token-issuer " + name));

        String odd = "Jane Doe/\u00e9";
        try (TestNode node = TestNode.dial(server.port()).hello("first-sight", System.nanoTime())) {
            node.take();
            node.meet(issuerId, "jane");
            node.meet(issuerId, "jane");
            node.meet(issuerId, odd);
            node.meet(issuerId, "too-many");
            node.meet("00000000-0000-0000-0000-000000000001", "nobody");
            node.meet("no id", "nobody");
            Await.until("both are there", Duration.ofSeconds(20), () -> {
                while (node.hasUpdate()) {
                    node.take();
                }
                return admin().get("/v1/consumers?tag=" + name)
                        .path("items.size()")
                        .equals(2);
            });
        }
        String jane = name.substring(0, Math.min(24, name.length())).replaceAll("[^a-z0-9]+$", "") + ".jane";
        admin().get("/v1/consumers/" + jane).then().statusCode(200).body("groups", equalTo(List.of("staff")));
        admin().get("/v1/consumers/" + jane + "/credentials/" + name)
                .then()
                .body("jwt.issuer", equalTo(name))
                .body("jwt.subject", equalTo("jane"));
        admin().get("/v1/consumers/" + jane + "/subscriptions").then().body("items.plan", equalTo(List.of(plan)));
        List<String> names = admin().get("/v1/consumers?tag=" + name).path("items.name");
        assertThat(names).anyMatch(one -> one.matches(".*\\.jane-doe-[0-9a-f]{16}"));
    }
}
