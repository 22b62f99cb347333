package io.tollgate.e2e.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The admin API in JSON, as an operator's curl speaks it; a write returns when every live node enforces it. */
public final class JsonAdmin {
    private static final Pattern EXAMPLE =
            Pattern.compile("`(PUT|POST) (/v1/\\S+)`\\n```json\\n(.*?)```", Pattern.DOTALL);

    private final HttpClient client = HttpClient.newHttpClient();
    private final String url;
    private final String token;

    public JsonAdmin(ControlPlane controlPlane) {
        url = "http://127.0.0.1:" + controlPlane.adminPort();
        try {
            token = Files.readString(controlPlane.home().resolve("admin-token")).trim();
        } catch (IOException e) {
            throw new UncheckedIOException("the first start left no token", e);
        }
    }

    /** Creates or replaces it. */
    public HttpResponse<String> put(String path, String json) {
        HttpResponse<String> before = send("GET", path, "");
        HttpRequest.Builder request = request("PUT", path, json);
        before.headers().firstValue("ETag").ifPresent(tag -> request.header("If-Match", tag));
        HttpResponse<String> answer = send(request);
        assertThat(answer.statusCode()).as("%s %s", path, answer.body()).isIn(200, 201);
        return answer;
    }

    public HttpResponse<String> get(String path) {
        return send("GET", path, "");
    }

    /** Deletes it as it stands. */
    public HttpResponse<String> delete(String path) {
        String tag = get(path).headers().firstValue("ETag").orElseThrow();
        return send(request("DELETE", path, "").header("If-Match", tag));
    }

    public HttpResponse<String> send(String method, String path, String json) {
        return send(request(method, path, json));
    }

    /** The same with further header fields. */
    public HttpResponse<String> send(String method, String path, String json, Map<String, String> fields) {
        HttpRequest.Builder request = request(method, path, json);
        fields.forEach(request::header);
        return send(request);
    }

    /** Sends each example of a document in its order; returns how many there were. */
    public int sendExamples(String document) throws IOException {
        Matcher example = EXAMPLE.matcher(Files.readString(Path.of("..", "docs", document)));
        int sent = 0;
        while (example.find()) {
            HttpResponse<String> answer = send(example.group(1), example.group(2), example.group(3));
            assertThat(answer.statusCode())
                    .as("%s: %s %s%n%s", document, example.group(1), example.group(2), answer.body())
                    .isIn(200, 201);
            sent++;
        }
        return sent;
    }

    private HttpRequest.Builder request(String method, String path, String json) {
        return HttpRequest.newBuilder(URI.create(url + path))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .header("Prefer", "wait=20")
                .method(method, HttpRequest.BodyPublishers.ofString(json));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
