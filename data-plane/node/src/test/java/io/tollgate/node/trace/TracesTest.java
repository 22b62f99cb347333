package io.tollgate.node.trace;

import static io.tollgate.node.fixture.Catalog.catalog;
import static io.tollgate.node.trace.Collector.attributes;
import static io.tollgate.node.trace.Collector.hex;
import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import io.tollgate.node.exchange.Believed;
import io.tollgate.node.fixture.Catalog;
import io.tollgate.node.fixture.Gateway;
import io.tollgate.node.fixture.RawClient;
import io.tollgate.node.fixture.RawUpstream;
import io.tollgate.node.fixture.Wire;
import io.tollgate.proto.config.v1.Retry;
import io.tollgate.proto.config.v1.RetryCondition;
import io.tollgate.proto.config.v1.UpstreamTls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** What a collector and an upstream are told of calls. */
class TracesTest {
    private static final String ANSWER = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String PARENT = "b7ad6b7169203331";
    /** The second flag says that the id is random; only the first is about recording (W3C Trace Context 2, 3.2.2.5). */
    private static final String NOT_RECORDED = ".*-0[02]";

    private static final NodeIdentity NODE = new NodeIdentity("node-1", "1.2.3", "east");

    private static Traces traces(Collector collector, double ratio, Believed parent) {
        return new Traces(new TraceSettings(collector.endpoint(), ratio, parent), NODE);
    }

    private static Catalog pets(RawUpstream upstream) {
        return catalog().open().service("pets", upstream.port()).route("pets", "/pets", "pets");
    }

    private static List<String> fields(String message, String name) {
        return message.lines()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ": "))
                .map(line -> line.substring(name.length() + 2))
                .toList();
    }

    @Test
    void call_recorded_isAServerSpanWithAClientSpanThatTheUpstreamIsTold() throws Exception {
        try (Collector collector = Collector.taking();
                RawUpstream upstream = RawUpstream.answering(ANSWER)) {
            Traces traces = traces(collector, 1, Believed.ANYONE);
            try (Gateway gateway = Gateway.serving(pets(upstream), traces);
                    RawClient client = gateway.connect()) {
                client.get("/pets/7?token=secret");
                List<Span> spans = collector.next(2);

                Span server = spans.get(0);
                assertThat(server.getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_SERVER);
                assertThat(server.getName()).isEqualTo("GET pets");
                assertThat(server.getParentSpanId().isEmpty()).isTrue();
                assertThat(attributes(server))
                        .containsAllEntriesOf(Map.of(
                                "http.request.method", "GET",
                                "url.path", "/pets/7",
                                "url.scheme", "http",
                                "http.response.status_code", "200",
                                "network.protocol.version", "1.1",
                                "server.address", "api.example.com",
                                "client.address", "127.0.0.1",
                                "tollgate.route", "pets",
                                "tollgate.service", "pets",
                                "tollgate.outcome", "ok"))
                        .containsKey("tollgate.request_id")
                        .doesNotContainKeys("error.type", "url.query");
                Span attempt = spans.get(1);
                assertThat(attempt.getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_CLIENT);
                assertThat(attempt.getParentSpanId()).isEqualTo(server.getSpanId());
                assertThat(attempt.getTraceId()).isEqualTo(server.getTraceId());
                assertThat(attributes(attempt))
                        .containsAllEntriesOf(Map.of(
                                "http.request.method", "GET",
                                "server.address", "127.0.0.1",
                                "server.port", Integer.toString(upstream.port()),
                                "url.full", "http://127.0.0.1:" + upstream.port() + "/pets/7",
                                "http.response.status_code", "200"))
                        .doesNotContainKeys("error.type", "http.request.resend_count");
                assertThat(fields(upstream.requests().get(0), "traceparent"))
                        .singleElement()
                        .asString()
                        .startsWith("00-" + hex(server.getTraceId()) + "-" + hex(attempt.getSpanId()) + "-")
                        .doesNotMatch(NOT_RECORDED);
                assertThat(collector.resource())
                        .containsEntry("service.name", "tollgate-node")
                        .containsEntry("service.instance.id", "node-1")
                        .containsEntry("service.version", "1.2.3")
                        .containsEntry("tollgate.zone", "east");
            }
            traces.close();
            assertThat(traces.figures().exported()).isEqualTo(2);
            assertThat(traces.figures().failed()).isZero();
            assertThat(traces.figures().dropped()).isZero();
        }
    }

    @Test
    void clientsTrace_recorded_isContinuedWithItsState() throws Exception {
        try (Collector collector = Collector.taking();
                RawUpstream upstream = RawUpstream.answering(ANSWER)) {
            Traces traces = traces(collector, 0, Believed.ANYONE);
            try (Gateway gateway = Gateway.serving(pets(upstream), traces);
                    RawClient client = gateway.connect()) {
                client.get(
                        "/pets",
                        "traceparent: 00-" + TRACE + "-" + PARENT + "-01",
                        "tracestate: one=1",
                        "Tracestate: two=2");

                Span server = collector.next(Span.SpanKind.SPAN_KIND_SERVER);
                assertThat(hex(server.getTraceId())).isEqualTo(TRACE);
                assertThat(hex(server.getParentSpanId())).isEqualTo(PARENT);
                String told = upstream.requests().get(0);
                assertThat(fields(told, "traceparent"))
                        .singleElement()
                        .asString()
                        .startsWith("00-" + TRACE + "-")
                        .doesNotContain(PARENT)
                        .endsWith("-01");
                assertThat(fields(told, "tracestate")).containsExactly("one=1,two=2");
            }
            traces.close();
        }
    }

    @Test
    void clientsTrace_notRecorded_isContinuedAndNotRecordedHere() throws Exception {
        try (Collector collector = Collector.taking();
                RawUpstream upstream = RawUpstream.answering(ANSWER)) {
            Traces traces = traces(collector, 1, Believed.ANYONE);
            try (Gateway gateway = Gateway.serving(pets(upstream), traces);
                    RawClient client = gateway.connect()) {
                client.get("/pets", "traceparent: 00-" + TRACE + "-" + PARENT + "-00");
                client.get("/pets", "traceparent: nonsense");

                assertThat(fields(upstream.requests().get(0), "traceparent"))
                        .singleElement()
                        .asString()
                        .startsWith("00-" + TRACE + "-")
                        .endsWith("-00");
                Span recorded = collector.next(Span.SpanKind.SPAN_KIND_SERVER);
                assertThat(hex(recorded.getTraceId()))
                        .as("the first one to be sent is that of the second call")
                        .isNotEqualTo(TRACE);
            }
            traces.close();
            assertThat(traces.figures().exported()).isEqualTo(2);
        }
    }

    @Test
    void clientsTrace_nobodysIsFollowed_beginsAnother() throws Exception {
        try (Collector collector = Collector.taking();
                RawUpstream upstream = RawUpstream.answering(ANSWER)) {
            Traces traces = traces(collector, 0, Believed.NOBODY);
            try (Gateway gateway = Gateway.serving(pets(upstream), traces);
                    RawClient client = gateway.connect()) {
                client.get("/pets", "traceparent: 00-" + TRACE + "-" + PARENT + "-01", "tracestate: one=1");

                assertThat(fields(upstream.requests().get(0), "traceparent"))
                        .singleElement()
                        .asString()
                        .doesNotContain(TRACE)
                        .matches(NOT_RECORDED);
                assertThat(fields(upstream.requests().get(0), "tracestate")).isEmpty();
            }
            traces.close();
            assertThat(traces.figures().exported()).isZero();
        }
    }

    @Test
    void clientsTrace_ofATrustedProxyOnly_isContinued() throws Exception {
        try (Collector collector = Collector.taking();
                RawUpstream upstream = RawUpstream.answering(ANSWER)) {
            Traces traces = traces(collector, 0, Believed.PROXIES);
            int port = freePort();
            try (Gateway gateway = Gateway.serving(
                            pets(upstream).listener("edge", port, edge -> edge.addTrustedProxies("127.0.0.1")),
                            traces);
                    RawClient stranger = gateway.connect();
                    RawClient proxy = new RawClient(port)) {
                String context = "traceparent: 00-" + TRACE + "-" + PARENT + "-01";
                stranger.get("/pets", context, "X-Forwarded-For: 203.0.113.9");
                proxy.get("/pets", context, "X-Forwarded-For: 203.0.113.9");

                assertThat(fields(upstream.requests().get(0), "traceparent"))
                        .singleElement()
                        .asString()
                        .doesNotContain(TRACE);
                assertThat(fields(upstream.requests().get(1), "traceparent"))
                        .singleElement()
                        .asString()
                        .contains(TRACE);
            }
            traces.close();
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    @Test
    void retriedCall_hasASpanForEachAttempt() throws Exception {
        try (Collector collector = Collector.taking();
                RawUpstream upstream = RawUpstream.scripted(
                        connection -> {
                            connection.readMessage();
                            connection.send("HTTP/1.1 503 Down\r\nContent-Length: 0\r\n\r\n");
                        },
                        connection -> {
                            connection.readMessage();
                            connection.send(ANSWER);
                        })) {
            Traces traces = traces(collector, 1, Believed.ANYONE);
            Catalog catalog = catalog()
                    .open()
                    .service(
                            "pets",
                            upstream.port(),
                            service -> service.setRetry(Retry.newBuilder()
                                    .setRetries(1)
                                    .addConditions(RetryCondition.RETRY_CONDITION_STATUS)
                                    .addStatuses(503)
                                    .setBudgetPercent(100)
                                    .setBudgetRetriesPerSecondMin(10)))
                    .route("pets", "/pets", "pets");
            try (Gateway gateway = Gateway.serving(catalog, traces);
                    RawClient client = gateway.connect()) {
                assertThat(client.get("/pets")).startsWith("HTTP/1.1 200 ");

                List<Span> spans = collector.next(3);
                assertThat(attributes(spans.get(0))).containsEntry("http.response.status_code", "200");
                assertThat(attributes(spans.get(1)))
                        .containsEntry("http.response.status_code", "503")
                        .containsEntry("error.type", "503")
                        .doesNotContainKey("http.request.resend_count");
                assertThat(spans.get(1).getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_ERROR);
                assertThat(attributes(spans.get(2)))
                        .containsEntry("http.response.status_code", "200")
                        .containsEntry("http.request.resend_count", "1");
                assertThat(spans.get(1).getParentSpanId())
                        .isEqualTo(spans.get(2).getParentSpanId())
                        .isEqualTo(spans.get(0).getSpanId());
            }
            traces.close();
        }
    }

    @Test
    void failedAndRefusedCalls_tellHowTheyEnded() throws Exception {
        try (Collector collector = Collector.taking();
                RawUpstream upstream = RawUpstream.scripted(connection -> connection.readMessage())) {
            Traces traces = traces(collector, 1, Believed.ANYONE);
            try (Gateway gateway = Gateway.serving(pets(upstream), traces);
                    RawClient client = gateway.connect()) {
                client.send("POST /pets HTTP/1.1\r\nHost: api.example.com\r\nContent-Length: 0\r\n\r\n");
                assertThat(client.readMessage()).startsWith("HTTP/1.1 502 ");
                List<Span> failed = collector.next(2);
                assertThat(attributes(failed.get(0)))
                        .containsEntry("tollgate.outcome", "upstream-reset")
                        .containsEntry("error.type", "upstream-reset")
                        .containsEntry("http.response.status_code", "502");
                assertThat(failed.get(0).getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_ERROR);
                assertThat(attributes(failed.get(1))).containsEntry("error.type", "reset");

                client.send("PURGE /nowhere HTTP/1.1\r\nHost: api.example.com\r\n\r\n");
                assertThat(client.readMessage()).startsWith("HTTP/1.1 404 ");
                Span refused = collector.next(Span.SpanKind.SPAN_KIND_SERVER);
                assertThat(refused.getName()).isEqualTo("PURGE");
                assertThat(attributes(refused))
                        .containsEntry("http.request.method", "_OTHER")
                        .containsEntry("http.request.method_original", "PURGE")
                        .containsEntry("tollgate.outcome", "route-not-found")
                        .doesNotContainKeys("error.type", "tollgate.route");
                assertThat(refused.getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_UNSET);
            }
            traces.close();
        }
    }

    @Test
    void attempt_overTls_isToldAsSuchAlsoWhenItFails() throws Exception {
        try (Collector collector = Collector.taking();
                RawUpstream upstream = RawUpstream.scripted(Wire::readHead)) {
            Traces traces = traces(collector, 1, Believed.ANYONE);
            Catalog catalog = catalog()
                    .open()
                    .service("pets", upstream.port(), service -> service.setTls(UpstreamTls.getDefaultInstance()))
                    .route("pets", "/pets", "pets");
            try (Gateway gateway = Gateway.serving(catalog, traces);
                    RawClient client = gateway.connect()) {
                client.get("/pets");

                Map<String, String> told = attributes(collector.next(Span.SpanKind.SPAN_KIND_CLIENT));
                assertThat(told)
                        .containsEntry("url.full", "https://127.0.0.1:" + upstream.port() + "/pets")
                        .containsKey("error.type")
                        .doesNotContainKey("http.response.status_code");
            }
            traces.close();
        }
    }

    @Test
    void collector_thatRefuses_isCounted() {
        try (Collector collector = Collector.refusing();
                RawUpstream upstream = RawUpstream.answering(ANSWER)) {
            Traces traces = traces(collector, 1, Believed.ANYONE);
            try (Gateway gateway = Gateway.serving(pets(upstream), traces);
                    RawClient client = gateway.connect()) {
                assertThat(client.get("/pets")).startsWith("HTTP/1.1 200 ");
            }
            traces.close();
            assertThat(traces.figures().failed()).isEqualTo(2);
            assertThat(traces.figures().exported()).isZero();
        }
    }

    @Test
    void fullQueue_dropsSpansAndCountsThem_andNoCallWaits() {
        CountDownLatch open = new CountDownLatch(1);
        try (Collector collector = Collector.holding(open);
                RawUpstream upstream = RawUpstream.answering(ANSWER)) {
            Traces traces = new Traces(new TraceSettings(collector.endpoint(), 1, Believed.ANYONE), NODE, 1);
            try (Gateway gateway = Gateway.serving(pets(upstream), traces);
                    RawClient client = gateway.connect()) {
                for (int i = 0; i < 10; i++) {
                    assertThat(client.get("/pets")).startsWith("HTTP/1.1 200 ");
                }
            }
            open.countDown();
            traces.close();
            assertThat(traces.figures().dropped()).isPositive();
            assertThat(traces.figures().dropped() + traces.figures().exported()).isEqualTo(20);
        }
    }

    @Test
    void off_passesTheClientsContextAsItIs() {
        try (RawUpstream upstream = RawUpstream.answering(ANSWER);
                Gateway gateway = Gateway.serving(pets(upstream));
                RawClient client = gateway.connect()) {
            client.get("/pets", "traceparent: 00-" + TRACE + "-" + PARENT + "-01", "tracestate: one=1");

            String told = upstream.requests().get(0);
            assertThat(fields(told, "traceparent")).containsExactly("00-" + TRACE + "-" + PARENT + "-01");
            assertThat(fields(told, "tracestate")).containsExactly("one=1");
        }
    }
}
