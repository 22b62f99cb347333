package io.tollgate.node.telemetry;

import static io.tollgate.node.fixture.Catalog.catalog;
import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.engine.fixture.TestAuthority;
import io.tollgate.node.fixture.Catalog;
import io.tollgate.node.fixture.Gateway;
import io.tollgate.node.fixture.RawClient;
import io.tollgate.node.fixture.RawUpstream;
import io.tollgate.node.fixture.Scrape;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** What a scrape tells, read strictly. */
class NodeMetricsTest {
    private static final String ANSWER = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";

    private static Scrape scrape(Gateway gateway) {
        NodeMetrics metrics = new NodeMetrics(List.of(gateway.counters()));
        metrics.services(gateway.configuration().upstreams().values(), Gateway.CLOCK);
        return Scrape.parse(metrics.scrape());
    }

    /** Scrapes until what a loop tells from time to time has been told. */
    private static Scrape scrapeUntil(Gateway gateway, Predicate<Scrape> told) {
        Scrape scrape = scrape(gateway);
        while (!told.test(scrape)) {
            Thread.onSpinWait();
            scrape = scrape(gateway);
        }
        return scrape;
    }

    private static Catalog pets(RawUpstream upstream) {
        return catalog().open().service("pets", upstream.port()).route("pets", "/pets", "pets");
    }

    @Test
    void scrape_certificates_tellsWhenEachExpires() {
        TestAuthority.Issued issued = TestAuthority.root("root").ecdsaFor("shop.example.com");
        NodeMetrics metrics = new NodeMetrics(List.of());
        metrics.certificates(
                catalog().certificate("shop", issued).compile().certificates().values());

        String line = metrics.scrape()
                .lines()
                .filter(one -> one.startsWith("tollgate_certificate_not_after_seconds{certificate=\"shop\"} "))
                .findFirst()
                .orElseThrow();

        assertThat(Double.parseDouble(line.substring(line.indexOf(' '))))
                .isEqualTo(issued.certificate().getNotAfter().toInstant().getEpochSecond());
        metrics.certificates(List.of());
        assertThat(metrics.scrape()).doesNotContain("certificate=\"shop\"");
    }

    @Test
    void scrape_afterCalls_isWellFormedAndTellsThem() {
        try (RawUpstream upstream = RawUpstream.answering(ANSWER);
                Gateway gateway = Gateway.serving(pets(upstream));
                RawClient client = gateway.connect()) {
            client.get("/pets");
            client.get("/pets");
            client.get("/nowhere");
            gateway.onLoop();

            Scrape scrape = scrape(gateway);

            assertThat(scrape.value("tollgate_requests_total{outcome=\"ok\",source=\"none\"}"))
                    .isEqualTo(2);
            assertThat(scrape.value("tollgate_requests_total{outcome=\"route-not-found\",source=\"client\"}"))
                    .isEqualTo(1);
            assertThat(scrape.value("tollgate_route_requests_total{class=\"success\",route=\"pets\"}"))
                    .isEqualTo(2);
            assertThat(scrape.value("tollgate_request_duration_seconds_count")).isEqualTo(3);
            assertThat(scrape.value("tollgate_gateway_duration_seconds_count")).isEqualTo(3);
            assertThat(scrape.value("tollgate_upstream_head_seconds_count")).isEqualTo(2);
            assertThat(scrape.value("tollgate_upstream_duration_seconds_count")).isEqualTo(2);
            assertThat(scrape.value("tollgate_route_duration_seconds_count{route=\"pets\"}"))
                    .isEqualTo(2);
            assertThat(scrape.value("tollgate_route_upstream_seconds_count{route=\"pets\"}"))
                    .isEqualTo(2);
            assertThat(scrape.value("tollgate_client_connections")).isEqualTo(1);
            assertThat(scrape.value("tollgate_client_connections_opened_total")).isEqualTo(1);
            assertThat(scrape.value("tollgate_upstream_connects_total")).isEqualTo(1);
            assertThat(scrape.value("tollgate_response_body_bytes_total")).isGreaterThan(4);
            assertThat(scrape.type("tollgate_upstream_head_seconds")).isEqualTo("histogram");
        }
    }

    @Test
    void shares_slowUpstream_areTheUpstreamsAndNotTheGateways() {
        AtomicLong nanos = new AtomicLong(1_000_000_000_000L);
        try (RawUpstream upstream = RawUpstream.scripted(connection -> {
                    connection.readMessage();
                    nanos.addAndGet(2_000_000_000L);
                    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nh");
                    connection.readMessage();
                });
                Gateway gateway = Gateway.serving(pets(upstream), new Gateway.ChosenNanos(nanos));
                RawClient client = gateway.connect()) {
            client.send("GET /pets HTTP/1.1\r\nHost: api.example.com\r\n\r\n");
            assertThat(client.readHead()).startsWith("HTTP/1.1 200 ");
            nanos.addAndGet(1_000_000_000L);
            client.reset();

            Scrape scrape = scrapeUntil(gateway, now -> now.value("tollgate_request_duration_seconds_count") == 1);
            assertThat(scrape.value("tollgate_upstream_head_seconds_sum")).isEqualTo(2);
            assertThat(scrape.value("tollgate_upstream_duration_seconds_sum")).isEqualTo(3);
            assertThat(scrape.value("tollgate_gateway_duration_seconds_sum")).isZero();
        }
    }

    @Test
    void pools_tellOpenIdleAndWaiting() {
        CountDownLatch held = new CountDownLatch(1);
        try (RawUpstream upstream = RawUpstream.holding(held, ANSWER);
                Gateway gateway = Gateway.serving(pets(upstream));
                RawClient first = gateway.connect();
                RawClient second = gateway.connect()) {
            first.send("GET /pets HTTP/1.1\r\nHost: api.example.com\r\n\r\n");
            scrapeUntil(gateway, now -> held.getCount() == 0);
            second.get("/pets");

            Scrape scrape =
                    scrapeUntil(gateway, now -> now.value("tollgate_service_connections_idle{service=\"pets\"}") == 1);
            assertThat(scrape.value("tollgate_service_connections{service=\"pets\"}"))
                    .isEqualTo(2);
            assertThat(scrape.value("tollgate_service_connection_waiters{service=\"pets\"}"))
                    .isZero();
        }
    }

    @Test
    void lag_blockedLoop_isToldOnceItRunsAgain() {
        AtomicLong nanos = new AtomicLong(1_000_000_000_000L);
        try (RawUpstream upstream = RawUpstream.answering(ANSWER);
                Gateway gateway = Gateway.serving(pets(upstream), new Gateway.ChosenNanos(nanos))) {
            nanos.addAndGet(450_000_000L);

            Scrape scrape = scrapeUntil(
                    gateway,
                    now -> now.value("tollgate_event_loop_lag_seconds_bucket{le=\"+Inf\"}") > 0
                            && now.value("tollgate_event_loop_lag_max_seconds") > 0);
            assertThat(scrape.value("tollgate_event_loop_lag_max_seconds")).isEqualTo(0.4);
            assertThat(scrape.value("tollgate_event_loop_lag_seconds_sum")).isEqualTo(0.4);
        }
    }

    @Test
    void routes_beyondTheBudget_areToldTogether() {
        try (RawUpstream upstream = RawUpstream.answering(ANSWER)) {
            Catalog catalog = catalog().open().service("pets", upstream.port());
            for (int i = 0; i <= LoopCounters.ROUTES_MAX; i++) {
                catalog.route("r" + i, "/r" + i, "pets");
            }
            try (Gateway gateway = Gateway.serving(catalog);
                    RawClient client = gateway.connect()) {
                for (int i = 0; i <= LoopCounters.ROUTES_MAX; i++) {
                    client.get("/r" + i);
                }
                gateway.onLoop();

                Scrape scrape = scrape(gateway);
                assertThat(scrape.value("tollgate_route_requests_total{class=\"success\",route=\"_other\"}"))
                        .isEqualTo(1);
                assertThat(scrape.seriesNames()).contains("tollgate_route_duration_seconds_count");
                assertThat(scrape.size())
                        .as("the budget: 1,000 routes, 50 of them with two histograms of 13 series")
                        .isLessThan(LoopCounters.ROUTES_MAX + LoopCounters.ROUTE_HISTOGRAMS * 26 + 300);
            }
        }
    }

    @Test
    void routeHistograms_areKeptThroughChanges() {
        LoopCounters counters = new LoopCounters(1);
        Catalog catalog = catalog().open().service("pets", 1).route("b", "/b", "pets");
        counters.adopt(1, catalog.compile().routesByOrdinal());
        catalog.route("a", "/a", "pets");
        counters.adopt(2, catalog.compile().routesByOrdinal());

        assertThat(counters.routes())
                .hasEntrySatisfying("b", b -> assertThat(b.keepsDurations()).isTrue());
        assertThat(counters.routes())
                .hasEntrySatisfying("a", a -> assertThat(a.keepsDurations()).isFalse());
    }
}
