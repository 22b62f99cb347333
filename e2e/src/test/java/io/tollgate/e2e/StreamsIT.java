package io.tollgate.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.e2e.harness.Admin;
import io.tollgate.e2e.harness.Cluster;
import io.tollgate.e2e.harness.JsonAdmin;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Streams from a real client over the processes of a house, while the house changes around them. */
class StreamsIT {
    private static Cluster cluster;
    private static JsonAdmin admin;
    private static Admin keys;

    private final HttpClient client = HttpClient.newHttpClient();

    @BeforeAll
    static void start() throws Exception {
        cluster = Cluster.start("streams", 1);
        admin = new JsonAdmin(cluster.controlPlane());
        keys = cluster.admin();
        keys.plan("open");
        admin.put("/v1/services/news", """
                {"name": "news", "targets": [{"host": "127.0.0.1", "port": %d}]}""".formatted(cluster.upstream().port()));
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    private static void route(String name, String more) {
        admin.put("/v1/routes/" + name, """
                {"name": "%s", "service": "news", "paths": [{"type": "prefix", "value": "/%s"}],
                 "rewrite": {"replace_prefix": "/"}%s}""".formatted(name, name, more));
    }

    private WebSocket webSocket(String route, String key, Heard heard) throws Exception {
        return client.newWebSocketBuilder()
                .header("X-Api-Key", key)
                .buildAsync(URI.create("ws://127.0.0.1:" + cluster.node(1).proxyPort() + "/" + route + "/ws"), heard)
                .get(20, TimeUnit.SECONDS);
    }

    private BufferedReader events(String route, String key) throws Exception {
        HttpResponse<java.io.InputStream> answer = client.send(
                HttpRequest.newBuilder(
                                URI.create("http://127.0.0.1:" + cluster.node(1).proxyPort() + "/" + route + "/events"))
                        .header("X-Api-Key", key)
                        .build(),
                HttpResponse.BodyHandlers.ofInputStream());
        assertThat(answer.statusCode()).isEqualTo(200);
        return new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
    }

    private static void echoes(WebSocket socket, Heard heard, String text) throws Exception {
        socket.sendText(text, true).get(20, TimeUnit.SECONDS);
        assertThat(heard.texts.poll(20, TimeUnit.SECONDS)).isEqualTo(text);
    }

    private static boolean breaksOff(BufferedReader events) {
        try {
            while (events.readLine() != null) {
                // What was on its way.
            }
            return false;
        } catch (IOException broken) {
            return true;
        }
    }

    @Test
    void streams_ofAKey_liveThroughEditsAndEndWithIt() throws Exception {
        String key = keys.subscriber("acme", "open");
        route("kept", "");
        Heard heard = new Heard();
        WebSocket socket = webSocket("kept", key, heard);
        try (BufferedReader events = events("kept", key)) {
            assertThat(events.readLine()).isEqualTo("data: 0");
            echoes(socket, heard, "one");

            route("kept", ", \"priority\": 60");
            admin.send("DELETE", "/v1/routes/kept", "");
            echoes(socket, heard, "two");
            assertThat(events.readLine()).isEmpty();
            assertThat(events.readLine()).isEqualTo("data: 1");

            assertThat(keys.revoke("acme", "first", Admin.WAIT).getStatusCode()).isIn(200, 204);
            assertThat(heard.closed.get(20, TimeUnit.SECONDS)).isEqualTo(1008);
            assertThat(breaksOff(events)).isTrue();
        }
    }

    @Test
    void streams_ofARouteThatClosesThem_endWithItsChange() throws Exception {
        String key = keys.subscriber("beta", "open");
        route("closing", ", \"streams\": {\"on_change\": \"close\"}");
        Heard heard = new Heard();
        WebSocket socket = webSocket("closing", key, heard);
        try (BufferedReader events = events("closing", key)) {
            assertThat(events.readLine()).isEqualTo("data: 0");
            echoes(socket, heard, "one");

            route("closing", ", \"streams\": {\"on_change\": \"close\"}, \"priority\": 60");
            assertThat(heard.closed.get(20, TimeUnit.SECONDS)).isEqualTo(1001);
            assertThat(breaksOff(events)).isTrue();
        }
    }

    /** What a client hears. */
    private static final class Heard implements WebSocket.Listener {
        final BlockingQueue<String> texts = new LinkedBlockingQueue<>();
        final CompletableFuture<Integer> closed = new CompletableFuture<>();

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
            texts.add(text.toString());
            socket.request(1);
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            closed.complete(code);
            return CompletableFuture.completedFuture(null);
        }
    }
}
