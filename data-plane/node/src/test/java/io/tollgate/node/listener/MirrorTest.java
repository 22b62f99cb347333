package io.tollgate.node.listener;

import static io.tollgate.node.fixture.Catalog.catalog;
import static io.tollgate.node.fixture.Catalog.id;
import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.node.dial.Await;
import io.tollgate.node.exchange.OutcomeClass;
import io.tollgate.node.fixture.Catalog;
import io.tollgate.node.fixture.Gateway;
import io.tollgate.node.fixture.RawClient;
import io.tollgate.node.fixture.RawUpstream;
import io.tollgate.proto.config.v1.FieldEdit;
import io.tollgate.proto.config.v1.FieldEditAction;
import io.tollgate.proto.config.v1.Mirror;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Copies of calls, which nobody may notice. */
class MirrorTest {
    private static final String HELLO = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

    private static Catalog mirrored(RawUpstream upstream, int mirrorPort, int percent, int bodyBytesMax) {
        return catalog()
                .open()
                .service("pets", upstream.port(), service -> service.setPreserveHost(true))
                .service("next", mirrorPort, service -> service.setPreserveHost(true))
                .route(
                        "pets",
                        "/pets",
                        "pets",
                        route -> route.addRequestHeaderEdits(FieldEdit.newBuilder()
                                        .setAction(FieldEditAction.FIELD_EDIT_ACTION_SET)
                                        .setName("X-Set")
                                        .setValue("{request.method}"))
                                .setMirror(Mirror.newBuilder()
                                        .setServiceId(id("service", "next"))
                                        .setPercent(percent)
                                        .setBodyBytesMax(bodyBytesMax)));
    }

    @Test
    void copy_headAndBody_areByteForByteTheSame() throws InterruptedException {
        try (RawUpstream upstream = RawUpstream.answering(HELLO);
                RawUpstream next = RawUpstream.answering("HTTP/1.1 500 Oops\r\nContent-Length: 3\r\n\r\nbad");
                Gateway gateway = Gateway.serving(mirrored(upstream, next.port(), 100, 1_000));
                RawClient client = gateway.connect()) {
            assertThat(client.get("/pets/1?a=b", "X-Some: thing"))
                    .startsWith("HTTP/1.1 200 ")
                    .endsWith("hello");
            client.send("POST /pets HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody");
            assertThat(client.readMessage()).endsWith("hello");
            client.send("PUT /pets HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n\r\n");
            assertThat(client.readMessage()).endsWith("hello");

            Await.until("all copies came", () -> next.requests().size() == 3);
            assertThat(next.requests()).containsExactlyInAnyOrderElementsOf(upstream.requests());
            assertThat(next.requests()).anySatisfy(copy -> assertThat(copy).contains("X-Set: GET\r\n"));
            assertThat(gateway.usage().classes())
                    .containsExactly(OutcomeClass.SUCCESS, OutcomeClass.SUCCESS, OutcomeClass.SUCCESS);
            assertThat(gateway.counters().mirrors()).isEqualTo(3);
        }
    }

    @Test
    void copy_deadService_changesNothing() throws InterruptedException {
        int port;
        try (RawUpstream gone = RawUpstream.answering(HELLO)) {
            port = gone.port();
        }
        try (RawUpstream upstream = RawUpstream.answering(HELLO);
                Gateway gateway = Gateway.serving(mirrored(upstream, port, 100, 1_000));
                RawClient client = gateway.connect()) {
            for (int i = 0; i < 10; i++) {
                assertThat(client.get("/pets")).startsWith("HTTP/1.1 200 ").endsWith("hello");
            }
            Await.until("all copies failed", () -> gateway.counters().mirrorsFailed() == 10);
            assertThat(gateway.usage().classes()).hasSize(10).containsOnly(OutcomeClass.SUCCESS);
        }
    }

    @Test
    void copy_hangingService_isNotWaitedForAndBounded() throws InterruptedException {
        CountDownLatch answered = new CountDownLatch(1);
        try (RawUpstream upstream = RawUpstream.answering(HELLO);
                RawUpstream next = RawUpstream.scripted(connection -> {
                    connection.readMessage();
                    // Only answers, badly, once the client has all of its own answers.
                    answered.await();
                    connection.send("no HTTP\r\n\r\n");
                });
                Gateway gateway = Gateway.serving(mirrored(upstream, next.port(), 100, 1_000));
                RawClient client = gateway.connect()) {
            for (int i = 0; i < 100; i++) {
                assertThat(client.get("/pets")).startsWith("HTTP/1.1 200 ").endsWith("hello");
            }
            assertThat(gateway.counters().mirrorsSkipped()).isEqualTo(36);
            assertThat(gateway.usage().classes()).hasSize(100).containsOnly(OutcomeClass.SUCCESS);
            answered.countDown();
            Await.until("the copies ended", () -> gateway.counters().mirrorsFailed() == 64);
            assertThat(client.get("/pets")).endsWith("hello");
            Await.until("there is room again", () -> gateway.counters().mirrors() == 65);
        }
    }

    @Test
    void copy_serviceThatNeverAnswers_endsByItsTime() throws InterruptedException {
        try (RawUpstream upstream = RawUpstream.answering(HELLO);
                RawUpstream next = RawUpstream.scripted(connection -> {
                    connection.readMessage();
                    connection.readHead();
                });
                Gateway gateway = Gateway.serving(mirrored(upstream, next.port(), 100, 1_000)
                        .service(
                                "next",
                                next.port(),
                                service -> service.setConnectTimeoutMillis(50)
                                        .setResponseTimeoutMillis(50)
                                        .setIdleTimeoutMillis(50)));
                RawClient client = gateway.connect()) {
            assertThat(client.get("/pets")).endsWith("hello");
            Await.until("the copy ended", () -> gateway.counters().mirrorsFailed() == 1);
        }
    }

    @Test
    void copy_longBody_isNotMade() {
        try (RawUpstream upstream = RawUpstream.answering(HELLO);
                RawUpstream next = RawUpstream.answering(HELLO);
                Gateway gateway = Gateway.serving(mirrored(upstream, next.port(), 100, 4));
                RawClient client = gateway.connect()) {
            client.send("POST /pets HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n12345");
            assertThat(client.readMessage()).endsWith("hello");
            client.send("PUT /pets HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + "3\r\n123\r\n2\r\n45\r\n0\r\n\r\n");
            assertThat(client.readMessage()).endsWith("hello");
            assertThat(upstream.requests()).hasSize(2);
            assertThat(gateway.counters().mirrorsSkipped()).isEqualTo(2);
            assertThat(next.requests()).isEmpty();
        }
    }

    @Test
    void copy_clientGoneInItsBody_isForgotten() throws InterruptedException {
        try (RawUpstream upstream = RawUpstream.answering(HELLO);
                RawUpstream next = RawUpstream.answering(HELLO);
                Gateway gateway = Gateway.serving(mirrored(upstream, next.port(), 100, 1_000))) {
            try (RawClient client = gateway.connect()) {
                client.send("POST /pets HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n12");
                Await.until("the call goes on", () -> gateway.counters().inFlight() == 1);
            }
            Await.until("the copy is forgotten", () -> gateway.counters().mirrorsFailed() == 1);
            assertThat(next.requests()).isEmpty();
        }
    }

    @Test
    void copy_aShare_isThatShare() throws InterruptedException {
        try (RawUpstream upstream = RawUpstream.answering(HELLO);
                RawUpstream next = RawUpstream.answering(HELLO);
                Gateway gateway = Gateway.serving(mirrored(upstream, next.port(), 30, 0));
                RawClient client = gateway.connect()) {
            for (int i = 0; i < 1_000; i++) {
                assertThat(client.get("/pets")).endsWith("hello");
            }
            // The draws of a loop follow from its seed; six standard deviations.
            assertThat(gateway.counters().mirrors()).isBetween(213L, 387L);
            Await.until(
                    "all copies came",
                    () -> next.requests().size() == gateway.counters().mirrors());
        }
    }
}
