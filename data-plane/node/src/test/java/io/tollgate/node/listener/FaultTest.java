package io.tollgate.node.listener;

import static io.tollgate.node.fixture.Catalog.catalog;
import static io.tollgate.node.fixture.Catalog.id;
import static io.tollgate.node.fixture.Catalog.perMinute;
import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.node.dial.Await;
import io.tollgate.node.exchange.Outcome;
import io.tollgate.node.exchange.OutcomeClass;
import io.tollgate.node.fixture.Catalog;
import io.tollgate.node.fixture.Gateway;
import io.tollgate.node.fixture.RawClient;
import io.tollgate.node.fixture.RawUpstream;
import io.tollgate.proto.config.v1.Attachment;
import io.tollgate.proto.config.v1.AttachmentKind;
import io.tollgate.proto.config.v1.FaultInjection;
import org.junit.jupiter.api.Test;

/** Drills: calls that are delayed or ended on purpose. */
class FaultTest {
    private static final String HELLO = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

    private static Catalog open(RawUpstream upstream, FaultInjection.Builder fault) {
        return catalog()
                .open()
                .service("pets", upstream.port())
                .route("pets", "/pets", "pets")
                .policy("drill", policy -> policy.setFaultInjection(fault));
    }

    @Test
    void abort_allCalls_areEndedAndGivenBack() {
        try (RawUpstream upstream = RawUpstream.answering(HELLO)) {
            Catalog catalog = catalog()
                    .service("pets", upstream.port())
                    .route("pets", "/pets", "pets")
                    .policy(
                            "drill",
                            policy -> policy.setFaultInjection(FaultInjection.newBuilder()
                                    .setAbortBasisPoints(10_000)
                                    .setAbortStatus(418)))
                    .plan("gold", perMinute(1))
                    .consumer("acme", "gold");
            String key = catalog.key("acme");
            try (Gateway gateway = Gateway.serving(catalog);
                    RawClient client = gateway.connect()) {
                for (int i = 0; i < 3; i++) {
                    assertThat(client.get("/pets", "X-Api-Key: " + key))
                            .startsWith("HTTP/1.1 418 ")
                            .contains("\"status\":418", "urn:tollgate:problem:fault-injected");
                }
                assertThat(client.get("/pets")).startsWith("HTTP/1.1 401 ");
                assertThat(upstream.requests()).isEmpty();
                assertThat(gateway.usage().classes())
                        .containsOnly(OutcomeClass.REFUSED)
                        .hasSize(4);
                assertThat(gateway.counters().count(Outcome.FAULT_INJECTED)).isEqualTo(3);
                // The drill is over; what its calls took was given back.
                gateway.serve(catalog.policy(
                        "drill", policy -> policy.setEnabled(false).setFaultInjection(FaultInjection.newBuilder())));
                assertThat(client.get("/pets", "X-Api-Key: " + key)).startsWith("HTTP/1.1 200 ");
            }
        }
    }

    @Test
    void abort_aShare_isThatShare() {
        try (RawUpstream upstream = RawUpstream.answering(HELLO);
                Gateway gateway = Gateway.serving(open(
                        upstream,
                        FaultInjection.newBuilder().setAbortBasisPoints(2_500).setAbortStatus(503)));
                RawClient client = gateway.connect()) {
            for (int i = 0; i < 1_000; i++) {
                assertThat(client.get("/pets")).startsWith("HTTP/1.1 ");
            }
            // The draws of a loop follow from its seed; six standard deviations.
            assertThat(upstream.requests().size()).isBetween(668, 832);
        }
    }

    @Test
    void place_mostSpecific_wins() {
        try (RawUpstream upstream = RawUpstream.answering(HELLO);
                Gateway gateway = Gateway.serving(open(
                                upstream,
                                FaultInjection.newBuilder()
                                        .setAbortBasisPoints(10_000)
                                        .setAbortStatus(503))
                        .policy(
                                "no-drill",
                                policy -> policy.setAttachment(Attachment.newBuilder()
                                                .setKind(AttachmentKind.ATTACHMENT_KIND_ROUTE)
                                                .setObjectId(id("route", "pets")))
                                        .setFaultInjection(FaultInjection.newBuilder())));
                RawClient client = gateway.connect()) {
            assertThat(client.get("/pets")).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void delay_allCalls_waitAndThenGoOnWithTheirBody() {
        try (RawUpstream upstream = RawUpstream.answering(HELLO);
                Gateway gateway = Gateway.serving(open(
                        upstream,
                        FaultInjection.newBuilder().setDelayBasisPoints(10_000).setDelayMillis(50)));
                RawClient client = gateway.connect()) {
            long startNanos = System.nanoTime();
            client.send("POST /pets HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody");
            assertThat(client.readMessage()).startsWith("HTTP/1.1 200 ").endsWith("hello");
            // A lower bound holds on any machine.
            assertThat(System.nanoTime() - startNanos).isGreaterThanOrEqualTo(50_000_000);
            assertThat(upstream.requests()).singleElement().asString().endsWith("\r\n\r\nbody");
            assertThat(gateway.usage().classes()).containsExactly(OutcomeClass.SUCCESS);
        }
    }

    @Test
    void delay_clientGone_isNoticedAndNothingIsSent() throws InterruptedException {
        try (RawUpstream upstream = RawUpstream.answering(HELLO);
                Gateway gateway = Gateway.serving(open(
                        upstream,
                        FaultInjection.newBuilder().setDelayBasisPoints(10_000).setDelayMillis(60_000)))) {
            try (RawClient client = gateway.connect()) {
                client.send("GET /pets HTTP/1.1\r\nHost: a\r\n\r\n");
                Await.until("the call waits", () -> gateway.counters().inFlight() == 1);
            }
            Await.until("the call ended", () -> gateway.counters().count(Outcome.CLIENT_GONE) == 1);
            assertThat(upstream.requests()).isEmpty();
            assertThat(gateway.usage().classes()).containsExactly(OutcomeClass.ABORTED);
        }
    }
}
