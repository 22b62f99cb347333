package io.tollgate.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tollgate.e2e.harness.Admin;
import io.tollgate.e2e.harness.Await;
import io.tollgate.e2e.harness.Caller;
import io.tollgate.e2e.harness.Cluster;
import io.tollgate.e2e.harness.NodeProcess;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.GoAway;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import java.net.ConnectException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** HTTP/2 from another implementation's client through the real processes. */
class Http2IT {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final int CALLS = 30;

    private static Cluster cluster;
    private static String key;

    private final Vertx vertx = Vertx.vertx();

    @BeforeAll
    static void start() throws Exception {
        cluster = Cluster.start("http2", 1);
        Admin admin = cluster.admin();
        admin.service("sample", cluster.upstream().port());
        admin.plan("open");
        admin.route("all", "sample", "/");
        key = admin.subscriber("acme", "open");
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    private HttpClientAgent client(List<GoAway> goAways, AtomicInteger connections) {
        return vertx.httpClientBuilder()
                .with(new HttpClientOptions()
                        .setProtocolVersion(HttpVersion.HTTP_2)
                        .setHttp2ClearTextUpgrade(false))
                .with(new PoolOptions().setHttp2MaxSize(1))
                .withConnectHandler(connection -> {
                    connections.incrementAndGet();
                    watch(connection, goAways);
                })
                .build();
    }

    private static void watch(HttpConnection connection, List<GoAway> goAways) {
        connection.goAwayHandler(goAways::add);
    }

    private static Future<String> get(HttpClientAgent client, int port, String path) {
        return client.request(HttpMethod.GET, port, "127.0.0.1", path)
                .compose(request -> request.putHeader("X-Api-Key", key).send())
                .compose(answer -> answer.body().map(Buffer::toString).map(body -> answer.statusCode() + " " + body));
    }

    @Test
    void sigterm_callsInFlight_finishAndTheNodeEndsWell() throws Exception {
        NodeProcess node = cluster.addNode("node-http2", Map.of("TOLLGATE_DRAIN_SECONDS", "20"));
        List<GoAway> goAways = new CopyOnWriteArrayList<>();
        AtomicInteger connections = new AtomicInteger();
        int port = node.proxyPort();
        HttpClientAgent client = client(goAways, connections);
        try {
            assertThat(get(client, port, "/pets/1")
                            .toCompletionStage()
                            .toCompletableFuture()
                            .get(20, TimeUnit.SECONDS))
                    .startsWith("200 ");
            long before = cluster.upstream().calls();
            List<Future<String>> calls = new ArrayList<>();
            for (int i = 0; i < CALLS; i++) {
                calls.add(get(client, port, i % 2 == 0 ? "/delay/3000" : "/stream/300"));
            }
            Await.until("all are at the service", SOON, () -> cluster.upstream().calls() - before >= CALLS);
            node.process().beginTermination();

            Await.until("the client is asked to leave", SOON, () -> !goAways.isEmpty());
            assertThat(goAways.get(0).getErrorCode()).isZero();
            for (int i = 0; i < CALLS; i++) {
                String answer =
                        calls.get(i).toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
                assertThat(answer).startsWith("200 ");
                assertThat(answer.length()).as("whole").isGreaterThan(i % 2 == 0 ? 7 : 300);
            }
            assertThat(node.process().awaitEnd()).as(node.process().errors()).isZero();
            assertThat(connections).as("all on one connection").hasValue(1);
            assertThatThrownBy(() -> new Socket("127.0.0.1", port).close()).isInstanceOf(ConnectException.class);
        } finally {
            client.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
            vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
            node.close();
        }
    }

    @Test
    void stream_thatIsNoRequest_isInTheMetrics() throws Exception {
        NodeProcess node = cluster.node(1);
        List<GoAway> goAways = new CopyOnWriteArrayList<>();
        HttpClientAgent client = client(goAways, new AtomicInteger());
        try {
            Future<String> refused = client.request(HttpMethod.GET, node.proxyPort(), "127.0.0.1", "/pets/1")
                    .compose(request -> request.putHeader("content-length", "5").send())
                    .map(answer -> "answered " + answer.statusCode());
            assertThatThrownBy(() ->
                            refused.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS))
                    .hasMessageContaining("reset");
            try (Caller operations = new Caller(node.operationsPort())) {
                assertThat(operations.get("/metrics", "").text())
                        .contains("tollgate_http2_streams_refused_total{reason=\"malformed\"} 1.0");
            }
            assertThat(get(client, node.proxyPort(), "/pets/1")
                            .toCompletionStage()
                            .toCompletableFuture()
                            .get(20, TimeUnit.SECONDS))
                    .startsWith("200 ");
            assertThat(goAways).isEmpty();
        } finally {
            client.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
            vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        }
    }
}
