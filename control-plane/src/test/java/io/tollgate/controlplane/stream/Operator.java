package io.tollgate.controlplane.stream;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.eclipse.microprofile.config.ConfigProvider;

/** What an operator does through the admin API, for tests that watch what comes of it. */
public final class Operator {
    private Operator() {}

    public static RequestSpecification request() {
        Path home = Path.of(ConfigProvider.getConfig().getValue("tollgate.home", String.class));
        try {
            return given().auth()
                    .oauth2(Files.readString(home.resolve("admin-token")).strip())
                    .contentType(ContentType.JSON);
        } catch (IOException e) {
            throw new UncheckedIOException("the first start left no token", e);
        }
    }

    /** Creates or replaces a service with one target on this port. */
    public static long putService(String name, int port) {
        return put("/v1/services/" + name, """
                {"name": "%s", "targets": [{"host": "127.0.0.1", "port": %d}]}""".formatted(name, port));
    }

    /** Creates or replaces a route. */
    public static long putRoute(String name, String service, String path) {
        return put("/v1/routes/" + name, """
                {"name": "%s", "service": "%s", "paths": [{"type": "prefix", "value": "%s"}]}""".formatted(name, service, path));
    }

    /** Writes it, whatever was there before. */
    public static long put(String path, String json) {
        Response before = request().get(path);
        RequestSpecification write = request().body(json);
        if (before.statusCode() == 200) {
            write.header("If-Match", before.header("ETag"));
        }
        return revision(write.put(path));
    }

    public static long post(String path, String json) {
        return revision(request().body(json).post(path));
    }

    public static long delete(String path) {
        return revision(
                request().header("If-Match", request().get(path).header("ETag")).delete(path));
    }

    private static long revision(Response answer) {
        assertThat(answer.statusCode()).as(answer.asString()).isBetween(200, 299);
        return Long.parseLong(answer.header("Tollgate-Revision"));
    }
}
