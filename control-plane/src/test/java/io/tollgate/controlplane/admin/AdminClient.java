package io.tollgate.controlplane.admin;

import static io.restassured.RestAssured.given;

import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.eclipse.microprofile.config.ConfigProvider;

/** Calls the running admin API as its first administrator. */
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

    static RequestSpecification admin() {
        return given().auth().oauth2(adminToken()).contentType(ContentType.JSON);
    }

    /** As somebody with one role only. */
    static RequestSpecification as(String role) {
        String token = admin().body(Map.of("subject", "some-" + role, "roles", new String[] {role}))
                .post("/v1/tokens")
                .then()
                .statusCode(201)
                .extract()
                .path("token");
        return given().auth().oauth2(token).contentType(ContentType.JSON);
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

    /** A service of this name, created unless it is there. */
    static void service(String name) {
        put("/v1/services/" + name, """
                {"name": "%s", "targets": [{"host": "127.0.0.1", "port": 8000}]}""".formatted(name)).then().statusCode(org.hamcrest.Matchers.oneOf(200, 201));
    }
}
