package io.tollgate.e2e.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tollgate.e2e.harness.Caller;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SampleApiTest {
    private static Vertx vertx;
    private static int port;

    @BeforeAll
    static void start() throws Exception {
        vertx = Vertx.vertx();
        HttpServer server = vertx.createHttpServer().requestHandler(new SampleApi(vertx));
        port = server.listen(0, "127.0.0.1").await(10, TimeUnit.SECONDS).actualPort();
    }

    @AfterAll
    static void stop() throws Exception {
        vertx.close().await(10, TimeUnit.SECONDS);
    }

    private static Caller.Reply get(String path) throws IOException {
        try (Caller caller = new Caller(port)) {
            return caller.get(path, "");
        }
    }

    @Test
    void pets_known_areAnswered() throws Exception {
        assertThat(get("/pets").text()).contains("Ada").contains("Coco");
        assertThat(get("/pets/2").text()).contains("Bello").doesNotContain("Ada");
        assertThat(get("/pets/9").status()).isEqualTo(404);
    }

    @Test
    void numbers_outOfBounds_are400() throws Exception {
        assertThat(get("/status/99").status()).isEqualTo(400);
        assertThat(get("/status/x").status()).isEqualTo(400);
        assertThat(get("/bytes/-1").status()).isEqualTo(400);
        assertThat(get("/delay/60001").status()).isEqualTo(400);
    }

    @Test
    void status_asAsked_isAnswered() throws Exception {
        assertThat(get("/status/204").status()).isEqualTo(204);
        assertThat(get("/status/503").status()).isEqualTo(503);
    }

    @Test
    void bytes_many_allArrive() throws Exception {
        assertThat(get("/bytes/3000001").body()).hasSize(3_000_001);
        assertThat(get("/bytes/0").body()).isEmpty();
    }

    @Test
    void stream_chunks_arriveInOrder() throws Exception {
        assertThat(get("/stream/3").text()).isEqualTo("chunk 0\nchunk 1\nchunk 2\n");
    }

    @Test
    void reset_always_breaksOffInTheBody() {
        assertThatThrownBy(() -> get("/reset")).isInstanceOf(IOException.class).hasMessageContaining("500 of 1000");
    }

    @Test
    void echo_post_showsWhatCame() throws Exception {
        try (Caller caller = new Caller(port)) {
            byte[] body = "hello".getBytes(StandardCharsets.UTF_8);
            String echo = caller.call("POST", "/echo/a?b=c", "X-A: 1\r\nX-A: 2\r\n", body)
                    .text();

            assertThat(echo)
                    .contains("\"POST\"", "\"/echo/a\"", "\"b=c\"", "\"x-a\":[\"1\",\"2\"]", "\"body\":\"hello\"");
        }
    }
}
