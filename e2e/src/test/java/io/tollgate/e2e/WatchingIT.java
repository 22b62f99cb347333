package io.tollgate.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.tollgate.e2e.harness.Admin;
import io.tollgate.e2e.harness.Await;
import io.tollgate.e2e.harness.Caller;
import io.tollgate.e2e.harness.Cluster;
import io.tollgate.e2e.harness.NodeProcess;
import io.tollgate.node.fixture.Scrape;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a real node tells of itself, and whether the documents say the same. */
class WatchingIT {
    private static final Path DASHBOARD = Path.of("..", "docs", "grafana", "tollgate-node.json");
    private static final Path DOCUMENTS = Path.of("..", "docs");
    private static final Pattern METRIC = Pattern.compile("\\b(?:tollgate|jvm|process|system)_[a-z0-9_]+\\b");
    private static final Pattern DOCUMENTED = Pattern.compile("`(tollgate_[a-z0-9_]+)");
    private static final Duration TOLD_TIME_MAX = Duration.ofSeconds(20);

    private static final AtomicLong batches = new AtomicLong();
    private static HttpServer collector;
    private static Cluster cluster;
    private static NodeProcess node;

    @BeforeAll
    static void start() throws Exception {
        collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        collector.createContext("/v1/traces", exchange -> {
            exchange.getRequestBody().readAllBytes();
            batches.incrementAndGet();
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        collector.start();
        cluster = Cluster.start("watching", 0);
        node = cluster.addNode(
                "node-1",
                Map.of(
                        "TOLLGATE_ACCESS_LOG", log().toString(),
                        "TOLLGATE_ACCESS_LOG_FORMAT", "combined",
                        "TOLLGATE_TRACES_ENDPOINT",
                                "http://127.0.0.1:" + collector.getAddress().getPort() + "/v1/traces",
                        "TOLLGATE_TRACES_RATIO", "1",
                        "TOLLGATE_REQUEST_ID_TO", "upstream,client"));
        Admin admin = cluster.admin();
        admin.service("sample", cluster.upstream().port());
        admin.route("pets", "sample", "/pets");
        admin.plan("open");
        String key = admin.subscriber("watched", "open");
        try (Caller caller = new Caller(node.proxyPort())) {
            Caller.Reply reply = caller.get("/pets/1?api_key=x", key);
            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.header("x-request-id")).isNotEmpty();
        }
    }

    @AfterAll
    static void stop() {
        cluster.close();
        collector.stop(0);
    }

    private static Path log() {
        return Path.of("target", "watching-access.log").toAbsolutePath();
    }

    private static Scrape scrape() throws IOException {
        try (Caller caller = new Caller(node.operationsPort())) {
            return Scrape.parse(caller.get("/metrics", "").text());
        }
    }

    @Test
    void scrape_ofANode_isWellFormedAndEachFamilyOfOursIsDocumented() throws Exception {
        Scrape scrape = scrape();
        Set<String> documented = new TreeSet<>();
        for (String page : List.of("observability.md", "limits.md", "tls.md")) {
            // A page of one's own may tell of figures of one's own.
            Path document = DOCUMENTS.resolve(page);
            Matcher name = DOCUMENTED.matcher(Files.exists(document) ? Files.readString(document) : "");
            while (name.find()) {
                documented.add(name.group(1));
            }
        }
        Set<String> told = new TreeSet<>();
        for (String family : scrape.names()) {
            if (family.startsWith("tollgate_")) {
                told.add(family);
            }
        }

        assertThat(documented).as("documented, and told").containsAll(told);
        assertThat(scrape.value("tollgate_route_requests_total{class=\"success\",route=\"pets\"}"))
                .isEqualTo(1);
    }

    @Test
    void dashboard_everyMetricThatItNames_isInAScrape() throws Exception {
        JsonNode dashboard = new ObjectMapper().readTree(DASHBOARD.toFile());
        List<String> expressions = new ArrayList<>();
        dashboard.findValuesAsText("expr", expressions);
        dashboard.findValuesAsText("definition", expressions);
        Set<String> named = new TreeSet<>();
        for (String expression : expressions) {
            Matcher metric = METRIC.matcher(expression);
            while (metric.find()) {
                named.add(metric.group());
            }
        }

        assertThat(expressions).hasSizeGreaterThan(30);
        Set<String> told = scrape().seriesNames();
        // Where no service has a concurrency limit, none of its figures is told.
        told.addAll(
                Set.of("tollgate_service_places", "tollgate_service_places_taken", "tollgate_service_calls_waiting"));
        assertThat(told).containsAll(named);
    }

    @Test
    void log_inCombinedFormat_hasTheCall() throws Exception {
        Await.until(
                "a line of the call",
                TOLD_TIME_MAX,
                () -> Files.readString(log()).contains("\"GET /pets/1 HTTP/1.1\" 200 "));

        assertThat(Files.readString(log())).contains(" - watched [").doesNotContain("api_key");
    }

    @Test
    void hangUp_beginsTheLogAnewAndEndsNoCall() throws Exception {
        Path log = cluster.directory().resolve("hung-up.log");
        Path moved = cluster.directory().resolve("hung-up.log.moved");
        NodeProcess hungUp = cluster.addNode(
                "node-2", Map.of("TOLLGATE_ACCESS_LOG", log.toString(), "TOLLGATE_ACCESS_LOG_FIELDS", "path"));
        try (Caller caller = new Caller(hungUp.proxyPort())) {
            caller.get("/nowhere/before", "");
            Await.until("a line", TOLD_TIME_MAX, () -> Files.readString(log).contains("/nowhere/before"));

            Files.move(log, moved);
            hungUp.process().hangUp();

            Await.until("a new file", TOLD_TIME_MAX, () -> Files.exists(log));
            assertThat(caller.get("/nowhere/after", "").status())
                    .as("on the connection of before")
                    .isEqualTo(404);
            Await.until("a line", TOLD_TIME_MAX, () -> Files.readString(log).contains("/nowhere/after"));
        }
        assertThat(Files.readString(moved)).isEqualTo("{\"path\":\"/nowhere/before\"}\n");
        assertThat(Files.readString(log)).isEqualTo("{\"path\":\"/nowhere/after\"}\n");
        assertThat(hungUp.process().isAlive()).isTrue();
    }

    @Test
    void collector_getsTheSpansOfTheCall() throws Exception {
        Await.until("spans", TOLD_TIME_MAX, () -> scrape().value("tollgate_trace_spans_exported_total") >= 2);

        assertThat(batches.get()).isPositive();
    }
}
