package io.tollgate.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tollgate.admin.client.model.PathRewrite;
import io.tollgate.admin.client.model.Route;
import io.tollgate.e2e.harness.Admin;
import io.tollgate.e2e.harness.Await;
import io.tollgate.e2e.harness.Caller;
import io.tollgate.e2e.harness.Cluster;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a call meets on its way through a real node to a real upstream, and that the meter saw it. */
class GatewayIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static Cluster cluster;
    private static Admin admin;
    private static String key;

    @BeforeAll
    static void start() throws Exception {
        cluster = Cluster.start("gateway", 1);
        admin = cluster.admin();
        admin.service("sample", cluster.upstream().port());
        admin.service("nobody", freePort());
        admin.route("nobody", "nobody", "/nobody");
        admin.plan("open");
        admin.route("all", "sample", "/");
        key = admin.subscriber("acme", "open");
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static Caller caller() {
        return new Caller(cluster.node(1).proxyPort());
    }

    private static JsonNode echo(String path, String headerLines) throws IOException {
        try (Caller caller = caller()) {
            Caller.Reply reply = caller.call("GET", path, headerLines, new byte[0]);
            assertThat(reply.status()).as(reply.text()).isEqualTo(200);
            return JSON.readTree(reply.text());
        }
    }

    @Test
    void keyInHeader_isNotForwarded_identityIs() throws Exception {
        JsonNode headers = echo("/echo?a=1", "X-Api-Key: " + key + "\r\nX-Consumer-Name: forged\r\n")
                .path("headers");

        assertThat(headers.has("x-api-key")).isFalse();
        assertThat(headers.path("x-consumer-name").path(0).asText()).isEqualTo("acme");
        assertThat(headers.path("x-consumer-name").size()).isEqualTo(1);
        assertThat(headers.path("x-plan-name").path(0).asText()).isEqualTo("open");
        assertThat(headers.path("via").path(0).asText()).contains("1.1");
        assertThat(headers.path("x-forwarded-for").path(0).asText()).isEqualTo("127.0.0.1");
    }

    @Test
    void keyInQuery_isNotForwarded_restIs() throws Exception {
        JsonNode echo = echo("/echo?a=1&api_key=" + key + "&b=%20x", "");

        assertThat(echo.path("query").asText()).isEqualTo("a=1&b=%20x");
    }

    @Test
    void headersNamedInConnection_areNotForwarded() throws Exception {
        JsonNode headers = echo(
                        "/echo",
                        "X-Api-Key: " + key + "\r\nConnection: keep-alive, X-Secret\r\nX-Secret: 1\r\nX-Open: 2\r\n")
                .path("headers");

        assertThat(headers.has("x-secret")).isFalse();
        assertThat(headers.path("x-open").path(0).asText()).isEqualTo("2");
    }

    @Test
    void largeBody_isRelayedBothWays() throws Exception {
        byte[] body = new byte[5_000_000];
        new Random(7).nextBytes(body);
        try (Caller caller = caller()) {
            Caller.Reply reply = caller.call("POST", "/mirror", "X-Api-Key: " + key + "\r\n", body);

            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.body()).isEqualTo(body);
        }
    }

    @Test
    void streamedAnswer_isRelayed() throws Exception {
        try (Caller caller = caller()) {
            Caller.Reply reply = caller.get("/stream/20", key);

            assertThat(reply.text()).startsWith("chunk 0\n").endsWith("chunk 19\n");
        }
    }

    @Test
    void upstreamBreaksOff_clientConnectionBreaksToo() {
        try (Caller caller = caller()) {
            assertThatThrownBy(() -> caller.get("/reset", key)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void upstreamRefuses_502WithProxyStatus() throws Exception {
        try (Caller caller = caller()) {
            Caller.Reply reply = caller.get("/nobody", key);

            assertThat(reply.status()).isEqualTo(502);
            assertThat(reply.header("Content-Type")).isEqualTo("application/problem+json");
            assertThat(reply.header("Proxy-Status")).isNotEmpty();
            assertThat(reply.text()).contains("urn:tollgate:problem:upstream-connect");
        }
    }

    @Test
    void eachClassOfEnding_isCountedOnce() throws Exception {
        String mine = admin.subscriber("counted", "open");
        try (Caller caller = caller()) {
            for (int i = 0; i < 7; i++) {
                assertThat(caller.get("/pets/1", mine).status()).isEqualTo(200);
            }
            for (int i = 0; i < 3; i++) {
                assertThat(caller.get("/status/418", mine).status()).isEqualTo(418);
            }
            for (int i = 0; i < 2; i++) {
                assertThat(caller.get("/status/503", mine).status()).isEqualTo(503);
            }
            assertThat(caller.get("/nobody", mine).status()).isEqualTo(502);
            assertThatThrownBy(() -> caller.get("/reset", mine)).isInstanceOf(IOException.class);
            assertThat(caller.call("HEAD", "/pets", "X-Api-Key: " + mine + "\r\n", new byte[0])
                            .status())
                    .isEqualTo(200);
            assertThat(caller.get("/status/204", mine).status()).isEqualTo(204);
        }

        Await.untilAsserted(
                Duration.ofSeconds(15),
                () -> assertThat(admin.usageOf("counted"))
                        .isEqualTo(Map.of("success", 9L, "client-error", 3L, "server-error", 2L, "failed", 2L)));
    }

    @Test
    void consumerDisabled_403AndNotForwarded() throws Exception {
        String mine = admin.subscriber("disabled", "open");
        var stored = admin.consumers().getConsumerWithHttpInfo("disabled");
        admin.consumers()
                .putConsumer("disabled", stored.getData().enabled(false), Admin.header(stored, "ETag"), Admin.WAIT);
        try (Caller caller = caller()) {
            Caller.Reply reply = caller.get("/pets", mine);

            assertThat(reply.status()).isEqualTo(403);
            assertThat(reply.text()).contains("urn:tollgate:problem:consumer-disabled");
        }
    }

    @Test
    void routeIsRewritten_upstreamSeesTheNewPath() throws Exception {
        Route route =
                Admin.prefixRoute("strip", "sample", "/v1/strip").rewrite(new PathRewrite().replacePrefix("/echo"));
        admin.routes().createRoute(route, null, Admin.WAIT);

        assertThat(echo("/v1/strip/a", "X-Api-Key: " + key + "\r\n")
                        .path("path")
                        .asText())
                .isEqualTo("/echo/a");
    }
}
