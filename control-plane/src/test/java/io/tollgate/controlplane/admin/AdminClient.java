package io.tollgate.controlplane.admin;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.oneOf;

import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.config.ConfigProvider;

/** Calls the running admin API, and holds every answer against the contract. */
final class AdminClient {
    private AdminClient() {}

    static Path home() {
        return Path.of(ConfigProvider.getConfig().getValue("tollgate.home", String.class));
    }

    static String adminToken() {
        try {
            return Files.readString(home().resolve("admin-token")).strip();
        } catch (IOException e) {
            throw new UncheckedIOException("the first start left no token", e);
        }
    }

    /** As its first administrator. */
    static RequestSpecification admin() {
        return with(adminToken());
    }

    static RequestSpecification with(String token) {
        return anonymous().auth().oauth2(token);
    }

    /** As nobody. */
    static RequestSpecification anonymous() {
        return given().filter(new KeptContract()).contentType(ContentType.JSON);
    }

    /** As somebody with one role only. */
    static RequestSpecification as(String role) {
        String token = admin().body(Map.of("subject", "some-" + role, "roles", new String[] {role}))
                .post("/v1/tokens")
                .then()
                .statusCode(201)
                .extract()
                .path("token");
        return with(token);
    }

    static String etag(String path) {
        return admin().get(path).then().statusCode(200).extract().header("ETag");
    }

    static Response post(String path, String json) {
        return admin().body(json).post(path);
    }

    static Response put(String path, String json) {
        return admin().body(json).put(path);
    }

    /** The newest revision. */
    static long revision() {
        return admin().get("/v1/revisions?limit=1")
                .then()
                .statusCode(200)
                .extract()
                .jsonPath()
                .getLong("items[0].revision");
    }

    /** A new name that no other test uses. */
    static String unique(String what) {
        return what + "-" + UUID.randomUUID().toString().substring(0, 8);
    }

    static Response created(String path, String json) {
        Response answer = post(path, json);
        answer.then().statusCode(201);
        return answer;
    }

    /** A consumer of this name, created unless it is there. */
    static void consumer(String name) {
        put("/v1/consumers/" + name, "{\"name\": \"%s\"}".formatted(name))
                .then()
                .statusCode(oneOf(200, 201));
    }

    /** A plan of this name, created unless it is there. */
    static void plan(String name) {
        put("/v1/plans/" + name, "{\"name\": \"%s\"}".formatted(name)).then().statusCode(oneOf(200, 201));
    }

    /** A listener of this name, at an address of its own. */
    static void listener(String name) {
        put("/v1/listeners/" + name, """
                {"name": "%s", "address": "%s", "port": 8443}""".formatted(name, Noun.address(name)))
                .then()
                .statusCode(oneOf(200, 201));
    }

    /** A route of this name to a service of this name, created unless they are there. */
    static void route(String name) {
        service(name);
        put("/v1/routes/" + name, """
                {"name": "%1$s", "service": "%1$s", "paths": [{"type": "prefix", "value": "/%1$s"}]}""".formatted(name)).then().statusCode(oneOf(200, 201));
    }

    /** A service of this name, created unless it is there. */
    static void service(String name) {
        put("/v1/services/" + name, """
                {"name": "%s", "targets": [{"host": "127.0.0.1", "port": 8000}]}""".formatted(name)).then().statusCode(oneOf(200, 201));
    }
}
