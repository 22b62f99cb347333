package io.tollgate.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.e2e.harness.Await;
import io.tollgate.e2e.harness.Caller;
import io.tollgate.e2e.harness.Cluster;
import io.tollgate.e2e.harness.JsonAdmin;
import io.tollgate.e2e.harness.Upstream;
import io.tollgate.node.fixture.NameServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Routing and upstreams through the admin API and a real node, with services that die. */
class UpstreamsIT {
    private static final Duration SOON = Duration.ofSeconds(20);

    private static NameServer names;
    private static Cluster cluster;
    private static JsonAdmin admin;

    @BeforeAll
    static void start() {
        names = new NameServer();
        cluster = Cluster.start("upstreams", 0);
        cluster.addNode(
                "node-1",
                Map.of("TOLLGATE_DNS_SERVERS", "127.0.0.1:" + names.address().getPort()));
        admin = new JsonAdmin(cluster.controlPlane());
    }

    @AfterAll
    static void stop() {
        cluster.close();
        names.close();
    }

    @Test
    void examplesOfTheDocuments_areTakenAndLive() throws Exception {
        assertThat(admin.sendExamples("routing.md")).isGreaterThan(10);
        assertThat(admin.sendExamples("upstreams.md")).isGreaterThan(2);
        assertThat(admin.sendExamples("listeners.md")).isPositive();
        assertThat(admin.sendExamples("policies.md")).isEqualTo(6);
    }

    @Test
    void targetThatDies_isNotNoticedByCallers_andShownToOperators() throws Exception {
        Upstream second = Upstream.start(cluster.directory());
        int dying = second.port();
        admin.put("/v1/services/pair", """
                {"name": "pair", "targets": [{"host": "127.0.0.1", "port": %d}, {"host": "127.0.0.1", "port": %d}],
                 "health_check": {"type": "http", "path": "/healthz", "interval_millis": 200, "unhealthy_threshold": 1},
                 "retry": {"conditions": ["connect", "reset"]}}""".formatted(cluster.upstream().port(), dying));
        admin.put("/v1/routes/pair", """
                {"name": "pair", "service": "pair", "paths": [{"type": "prefix", "value": "/pair"}],
                 "rewrite": {"replace_prefix": "/"}}""");
        cluster.admin().plan("pairs");
        String key = cluster.admin().subscriber("pairs", "pairs");
        Await.until("both are found healthy", SOON, () -> healthy() == 2);
        try (Caller caller = new Caller(cluster.node(1).proxyPort())) {
            for (int i = 0; i < 400; i++) {
                if (i == 100) {
                    second.close();
                }
                assertThat(caller.get("/pair/pets/1", key).status())
                        .as("call %d", i)
                        .isEqualTo(200);
            }
        }
        Await.until("one is found unhealthy", SOON, () -> healthy() == 1);
        String seen = admin.get("/v1/services/pair/health").body();
        assertThat(seen).contains("\"checked\":\"unhealthy\"").contains("\"callable\":false");
        try (Caller caller = new Caller(cluster.node(1).operationsPort())) {
            assertThat(caller.get("/upstreams", "").text()).contains("\"port\":" + dying, "\"checked\":\"unhealthy\"");
        }
    }

    @Test
    void instancesOfNames_comeAndGo_noCallFails_andOperatorsSeeWhere() throws Exception {
        String service = "_http._tcp.found.test";
        Upstream first = Upstream.start(cluster.directory());
        int gone = first.port();
        int next = cluster.upstream().port();
        names.addresses("one.found.test", 0, "127.0.0.1").service(service, 0, 10, 1, gone, "one.found.test");
        admin.put("/v1/services/found", """
                {"name": "found", "targets": [{"host": "%s", "discovery": "srv"}],
                 "health_check": {"type": "tcp", "interval_millis": 200}}""".formatted(service));
        admin.put("/v1/routes/found", """
                {"name": "found", "service": "found", "paths": [{"type": "prefix", "value": "/found"}],
                 "rewrite": {"replace_prefix": "/"}}""");
        cluster.admin().plan("finders");
        String key = cluster.admin().subscriber("finders", "finders");
        try (Caller caller = new Caller(cluster.node(1).proxyPort());
                Caller operator = new Caller(cluster.node(1).operationsPort())) {
            Await.until(
                    "the first one is found", SOON, () -> upstreams(operator).contains("\"port\":" + gone));
            for (int i = 0; i < 300; i++) {
                if (i == 100) {
                    names.service(service, 0, 10, 1, next, "one.found.test");
                }
                if (i == 200) {
                    names.forget(service).service(service, 0, 10, 1, next, "one.found.test");
                    Await.until(
                            "the first one is gone",
                            SOON,
                            () -> !upstreams(operator).contains("\"port\":" + gone));
                    first.close();
                }
                assertThat(caller.get("/found/pets/1", key).status())
                        .as("call %d", i)
                        .isEqualTo(200);
            }
        }
        Await.until("the control plane is told", SOON, () -> {
            String seen = admin.get("/v1/services/found/health").body();
            return seen.contains("\"port\":" + next) && !seen.contains("\"port\":" + gone);
        });
    }

    private static String upstreams(Caller operator) {
        try {
            return operator.get("/upstreams", "").text();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void routeByHeader_isTaken_explained_andAShadowedOneWarnedOf() throws Exception {
        admin.put("/v1/services/blue", """
                {"name": "blue", "targets": [{"host": "127.0.0.1", "port": %d}]}""".formatted(cluster.upstream().port()));
        admin.put("/v1/routes/blue", """
                {"name": "blue", "service": "blue", "paths": [{"type": "prefix", "value": "/echo"}],
                 "headers": [{"name": "X-Color", "value": "blue"}]}""");
        HttpResponse<String> twin = admin.put("/v1/routes/blue-twin", """
                {"name": "blue-twin", "service": "blue", "paths": [{"type": "prefix", "value": "/echo"}],
                 "headers": [{"name": "X-Color", "value": "blue"}]}""");
        assertThat(twin.headers().firstValue("Tollgate-Warning"))
                .hasValueSatisfying(warning -> assertThat(warning).contains("blue-twin"));
        String said = admin.send("POST", "/v1/explain", """
                {"method": "GET", "path": "/echo", "headers": [{"name": "x-color", "value": "blue"}]}""").body();
        assertThat(said).contains("\"verdict\":\"found\"", "\"route\":\"blue\"", "key-missing");
        String other = admin.send("POST", "/v1/explain", """
                {"method": "GET", "path": "/echo"}""").body();
        assertThat(other).contains("\"verdict\":\"not-found\"").containsIgnoringCase("header x-color");
        try (Caller caller = new Caller(cluster.node(1).proxyPort())) {
            assertThat(caller.get("/echo", "").status()).isEqualTo(404);
        }
    }

    private static long healthy() {
        return Pattern.compile("\"checked\":\"healthy\"")
                .matcher(admin.get("/v1/services/pair/health").body())
                .results()
                .count();
    }
}
