package io.tollgate.node.ops;

import static io.tollgate.node.fixture.Catalog.catalog;
import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.engine.compile.CompiledConfiguration;
import io.tollgate.engine.token.TokenIssuer;
import io.tollgate.engine.upstream.LimitRules;
import io.tollgate.engine.upstream.Places;
import io.tollgate.engine.upstream.Upstream;
import io.tollgate.node.exchange.Resolvers;
import io.tollgate.node.fixture.Catalog;
import io.tollgate.node.fixture.Gateway;
import io.tollgate.node.fixture.RawClient;
import io.tollgate.node.pipeline.ActiveSnapshot;
import io.tollgate.node.pipeline.CompiledSnapshot;
import io.tollgate.node.telemetry.LoopCounters;
import io.tollgate.node.telemetry.NodeMetrics;
import io.tollgate.proto.config.v1.ConcurrencyLimit;
import io.tollgate.proto.config.v1.ValueMatch;
import io.tollgate.proto.config.v1.ValueMatchType;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OperationsTest {
    private final Vertx vertx = Vertx.vertx();
    private final ActiveSnapshot active = new ActiveSnapshot();
    private final LoopCounters counters = new LoopCounters();
    private final NodeMetrics metrics = new NodeMetrics(List.of(counters));
    private final Operations operations = new Operations(
            vertx,
            new OperationsParts(
                    active, Gateway.CLOCK, metrics, new SnapshotText("node-1", 7, "east"), TokenIssuer::heldKeys));
    private int port;

    @BeforeEach
    void listen() throws Exception {
        port = operations
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
    }

    @AfterEach
    void close() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private String get(String path) {
        try (RawClient client = new RawClient(port)) {
            return client.get(path);
        }
    }

    private String explain(String question) {
        try (RawClient client = new RawClient(port)) {
            client.send("POST /explain HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: "
                    + question.length() + "\r\n\r\n" + question);
            return client.readMessage();
        }
    }

    private void serve(Catalog catalog) {
        active.publish(CompiledSnapshot.of(catalog.compile(), Resolvers.NONE, active.get(), 1_000));
    }

    @Test
    void live_always_is200() {
        assertThat(get("/live")).startsWith("HTTP/1.1 200 ");
    }

    @Test
    void ready_followsSnapshotDoorAndDrain() {
        assertThat(get("/ready")).startsWith("HTTP/1.1 503 ").contains("urn:tollgate:problem:not-ready");
        serve(catalog());
        assertThat(get("/ready")).as("the door is not open yet").startsWith("HTTP/1.1 503 ");
        operations.serving();
        assertThat(get("/ready")).startsWith("HTTP/1.1 200 ");
        operations.draining();
        assertThat(get("/ready")).startsWith("HTTP/1.1 503 ").contains("urn:tollgate:problem:draining");
    }

    @Test
    void snapshot_tellsCountsAndNoSecret() {
        Catalog catalog = catalog()
                .service("pets", 1)
                .route("pets", "/pets", "pets")
                .plan("gold")
                .consumer("acme", "gold");
        String key = catalog.key("acme");
        serve(catalog);

        assertThat(get("/snapshot"))
                .contains("\"node_id\":\"node-1\"", "\"boot_epoch\":7", "\"zone\":\"east\"", "\"revision\":1")
                .contains("\"routes\":1", "\"credentials\":1", "\"digest\":\"", "\"route_index\":\"")
                .doesNotContain(key)
                .doesNotContain("00000000000000000000000000000000");
    }

    @Test
    void upstreams_tellServicesTargetsAndTheirHealth() {
        assertThat(get("/upstreams")).endsWith("{\"services\":[]}\n");
        Catalog catalog = catalog().service("pets", 8000);
        serve(catalog);
        assertThat(get("/upstreams"))
                .contains("\"service\":\"pets\",\"enabled\":true,\"circuit\":\"none\"")
                .contains("\"host\":\"127.0.0.1\",\"port\":8000,\"weight\":1")
                .contains("\"callable\":true,\"checked\":\"unknown\",\"consecutive_failures\":0");
        catalog.compile()
                .upstreams()
                .values()
                .forEach(pets -> pets.states().get(0).onCheck(false, 1, 1, Gateway.CLOCK.epochMillis()));
        assertThat(get("/upstreams")).contains("\"callable\":false,\"checked\":\"unhealthy\"");
    }

    @Test
    void upstreamsAndMetrics_tellPlacesAndWhoWaits() {
        Catalog catalog = catalog()
                .service("free", 8001)
                .service(
                        "pets",
                        8000,
                        service -> service.setConcurrencyLimit(ConcurrencyLimit.newBuilder()
                                .setCallsMax(1)
                                .setQueueMax(5)
                                .setQueueTimeoutMillis(1_000)
                                .setRetryAfterSeconds(1)));
        serve(catalog);
        CompiledConfiguration served = catalog.compile();
        metrics.services(served.upstreams().values(), Gateway.CLOCK);
        for (Upstream upstream : served.upstreams().values()) {
            LimitRules limit = upstream.rules().limit();
            if (limit != null) {
                assertThat(upstream.state().places().tryEnter(limit)).isTrue();
                assertThat(upstream.state().places().await(new NeverServed(), 50, limit))
                        .isNotZero();
            }
        }

        assertThat(get("/upstreams")).contains("\"calls_with_a_place\":1,\"calls_waiting\":1,\"places\":1");
        assertThat(get("/metrics"))
                .contains("tollgate_service_places{service=\"pets\"} 1.0\n")
                .contains("tollgate_service_places_taken{service=\"pets\"} 1.0\n")
                .contains("tollgate_service_calls_waiting{service=\"pets\"} 1.0\n")
                .doesNotContain("tollgate_service_places{service=\"free\"}");
    }

    /** A call whose place never comes free. */
    private static final class NeverServed implements Places.Waiter {
        @Override
        public void onPlace() {
            throw new AssertionError("nobody left");
        }

        @Override
        public void onShed() {
            throw new AssertionError("nobody else came");
        }
    }

    @Test
    void metrics_tellOutcomesLatencyAndFlight() {
        counters.requestStarted();

        assertThat(get("/metrics"))
                .contains("tollgate_requests_total{outcome=\"ok\",source=\"none\"} 0.0\n")
                .contains("tollgate_requests_in_flight 1.0\n")
                .contains("tollgate_request_duration_seconds_bucket{le=\"+Inf\"} 0\n")
                .contains("jvm_memory_used_bytes");
    }

    @Test
    void explain_request_tellsWinnerLosersAndAdmission() {
        assertThat(explain("{}")).startsWith("HTTP/1.1 503 ");
        serve(catalog()
                .service("pets", 1)
                .route("pets", "/pets", "pets")
                .route(
                        "blue",
                        "/pets",
                        "pets",
                        route -> route.addHeaders(ValueMatch.newBuilder()
                                .setName("X-Tenant")
                                .setType(ValueMatchType.VALUE_MATCH_TYPE_EXACT)
                                .setValue("blue")))
                .plan("gold")
                .consumer("acme", "gold"));

        assertThat(explain("{\"method\":\"GET\",\"path\":\"//pets/%37?a=b\",\"host\":\"api.example.com\","
                        + "\"headers\":[{\"name\":\"x-tenant\",\"value\":\"a \\\"b\\\"\"}],\"consumer\":\"acme\"}"))
                .startsWith("HTTP/1.1 200 ")
                .contains("\"revision\":1,\"verdict\":\"found\",\"path\":\"/pets/7\",\"route\":\"pets\"")
                .contains("{\"route\":\"pets\",\"matches\":true},{\"route\":\"blue\",\"matches\":false,"
                        + "\"failed\":\"header x-tenant: a \\\"b\\\" (expected: exactly blue)\"}")
                .contains("\"action\":\"service pets, path /pets/7\"", "\"upstream\":\"pets: 127.0.0.1:1 weight 1\"")
                .contains("{\"type\":\"key-auth\",\"from\":\"default\"", "\"admission\":\"ok: by plan gold\"");
        assertThat(explain("{\"method\":\"GET\",\"path\":\"/nowhere\"}"))
                .contains("\"verdict\":\"not-found\"")
                .doesNotContain("\"admission\"");
    }

    @Test
    void explain_badQuestion_saysWhatIsExpected() {
        serve(catalog());
        assertThat(explain("{")).startsWith("HTTP/1.1 400 ").contains("not JSON");
        assertThat(explain("[]")).startsWith("HTTP/1.1 400 ").contains("[ (expected: an object)");
        assertThat(explain("{\"method\":\"get\",\"path\":\"/\"}"))
                .contains("method get (expected: a method in upper case)");
        assertThat(explain("{\"method\":\"GET\",\"path\":\"a\\\"\"}")).contains("path a\\\" (expected: a path");
        assertThat(explain("{\"methods\":1}"))
                .contains("methods (expected: method, host, path, headers, consumer, scopes or client_address)");
        assertThat(explain("{\"path\":1}")).contains("1 (expected: a text as path)");
        assertThat(explain("{\"headers\":[{\"value\":\"x\"}]}")).contains("headers (expected: at most 100");
        assertThat(get("/explain")).startsWith("HTTP/1.1 405 ").containsIgnoringCase("allow: POST\r\n");
        assertThat(explain("{\"path\":\"" + "a".repeat(70_000) + "\"}")).startsWith("HTTP/1.1 413 ");
    }

    @Test
    void unknown_pathOrMethod_is404Or405() {
        assertThat(get("/nothing")).startsWith("HTTP/1.1 404 ");
        try (RawClient client = new RawClient(port)) {
            client.send("POST /live HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
            assertThat(client.readMessage()).startsWith("HTTP/1.1 405 ").containsIgnoringCase("allow: GET, HEAD\r\n");
        }
    }
}
