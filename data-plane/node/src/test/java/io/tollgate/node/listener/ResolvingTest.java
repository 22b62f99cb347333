package io.tollgate.node.listener;

import static io.tollgate.node.fixture.Catalog.catalog;
import static io.tollgate.node.fixture.Http2Wire.head;
import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.node.dial.Await;
import io.tollgate.node.exchange.Exchange;
import io.tollgate.node.exchange.Outcome;
import io.tollgate.node.exchange.OutcomeClass;
import io.tollgate.node.exchange.Resolver;
import io.tollgate.node.exchange.Unresolved;
import io.tollgate.node.fixture.Catalog;
import io.tollgate.node.fixture.Gateway;
import io.tollgate.node.fixture.Http2Wire;
import io.tollgate.node.fixture.RawClient;
import io.tollgate.node.fixture.RawUpstream;
import io.tollgate.proto.config.v1.HttpsRedirect;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Calls that wait for something before they can be decided on. */
class ResolvingTest {
    private static final String HELLO = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

    /** Lets every call wait until the test says that it may go on, from a thread that is no event loop. */
    private static final class Held implements Resolver {
        private final BlockingQueue<Runnable> waiting = new LinkedBlockingQueue<>();
        private final AtomicInteger abandoned = new AtomicInteger();

        @Override
        public @Nullable Unresolved ask(Exchange exchange) {
            if (exchange.request().headers().contains("X-Known")) {
                return null;
            }
            return new Unresolved() {
                @Override
                public void begin(Runnable then) {
                    waiting.add(() -> exchange.scratch().timer().soon(then));
                }

                @Override
                public void abandon() {
                    abandoned.incrementAndGet();
                }
            };
        }

        /** Returns once a call waits; running the result lets it go on. */
        Runnable next() throws InterruptedException {
            Runnable goOn = waiting.poll(20, TimeUnit.SECONDS);
            if (goOn == null) {
                throw new AssertionError("no call waits");
            }
            return goOn;
        }
    }

    private static Catalog open(RawUpstream upstream) {
        return catalog().open().service("pets", upstream.port()).route("pets", "/pets", "pets");
    }

    private static Catalog keyed(RawUpstream upstream) {
        return catalog().service("pets", upstream.port()).route("pets", "/pets", "pets");
    }

    @Test
    void ask_nothingToWaitFor_goesOnAtOnce() {
        try (RawUpstream upstream = RawUpstream.answering(HELLO);
                Gateway gateway = Gateway.serving(open(upstream), policies -> List.of(new Held(), new Held()));
                RawClient client = gateway.connect()) {
            assertThat(client.get("/pets", "X-Known: yes")).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void wait_ofHttp1_bodyFollowsAndOneAfterTheOtherIsAsked() throws InterruptedException {
        Held first = new Held();
        Held second = new Held();
        try (RawUpstream upstream = RawUpstream.answering(HELLO);
                Gateway gateway = Gateway.serving(open(upstream), policies -> List.of(first, second));
                RawClient client = gateway.connect()) {
            client.send("POST /pets HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbo");
            Runnable goOn = first.next();
            client.send("dy");
            assertThat(second.waiting).isEmpty();
            goOn.run();
            second.next().run();
            assertThat(client.readMessage()).startsWith("HTTP/1.1 200 ").endsWith("hello");
            assertThat(upstream.requests()).singleElement().asString().endsWith("\r\n\r\nbody");
            assertThat(gateway.usage().classes()).containsExactly(OutcomeClass.SUCCESS);

            client.send("GET /pets HTTP/1.1\r\nHost: a\r\n\r\n");
            first.next().run();
            second.next().run();
            assertThat(client.readMessage()).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void wait_ofHttp2_othersOfTheConnectionGoOn() throws InterruptedException {
        Held held = new Held();
        try (RawUpstream upstream = RawUpstream.answering(HELLO);
                Gateway gateway = Gateway.serving(open(upstream), policies -> List.of(held));
                Http2Wire client = gateway.connectHttp2()) {
            int waiting = client.begin(false, head("POST", "/pets"));
            client.data(waiting, false, "bo");
            Runnable goOn = held.next();
            assertThat(client.get("/pets", "x-known: yes").body()).isEqualTo("hello");
            client.data(waiting, true, "dy");
            goOn.run();
            assertThat(client.answer(waiting).body()).isEqualTo("hello");
            assertThat(upstream.requests()).hasSize(2).last().asString().contains("bo", "dy");
        }
    }

    @Test
    void wait_thenRefused_connectionGoesOn() throws InterruptedException {
        Held held = new Held();
        try (RawUpstream upstream = RawUpstream.answering(HELLO);
                Gateway gateway = Gateway.serving(keyed(upstream), policies -> List.of(held))) {
            try (RawClient client = gateway.connect()) {
                for (int i = 0; i < 3; i++) {
                    client.send("POST /pets HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbo");
                    held.next().run();
                    assertThat(client.readMessage()).startsWith("HTTP/1.1 401 ");
                    client.send("dy");
                }
            }
            try (Http2Wire client = gateway.connectHttp2()) {
                // More than a connection's window of 65535 in all: what nobody reads must not stay taken.
                String body = "x".repeat(16_000);
                for (int i = 0; i < 6; i++) {
                    int stream = client.begin(false, head("POST", "/pets"));
                    client.data(stream, false, body);
                    held.next().run();
                    assertThat(client.answer(stream).status()).isEqualTo("401");
                    assertThat(client.awaitReset(stream).reset()).isZero();
                }
            }
            assertThat(upstream.requests()).isEmpty();
            assertThat(gateway.usage().classes()).hasSize(9).containsOnly(OutcomeClass.REFUSED);
        }
    }

    @Test
    void wait_revokedMeanwhile_isRefused() throws InterruptedException {
        Held held = new Held();
        try (RawUpstream upstream = RawUpstream.answering(HELLO)) {
            Catalog catalog = keyed(upstream).plan("gold").consumer("acme", "gold");
            String key = catalog.key("acme");
            try (Gateway gateway = Gateway.serving(catalog, policies -> List.of(held));
                    RawClient client = gateway.connect()) {
                String call = "GET /pets HTTP/1.1\r\nHost: a\r\nX-Api-Key: " + key + "\r\n\r\n";
                client.send(call);
                held.next().run();
                assertThat(client.readMessage()).startsWith("HTTP/1.1 200 ");

                client.send(call);
                Runnable goOn = held.next();
                gateway.serve(catalog.credential(key, "acme", credential -> credential.setRevoked(true)));
                goOn.run();
                // Another configuration asks anew.
                held.next().run();
                assertThat(client.readMessage()).startsWith("HTTP/1.1 401 ").contains("key-revoked");
            }
            assertThat(upstream.requests()).hasSize(1);
        }
    }

    @Test
    void wait_clientGone_isAbandonedAndGoesOnNoMore() throws InterruptedException {
        Held held = new Held();
        try (RawUpstream upstream = RawUpstream.answering(HELLO);
                Gateway gateway = Gateway.serving(open(upstream), policies -> List.of(held))) {
            Runnable first;
            try (RawClient client = gateway.connect()) {
                client.send("GET /pets HTTP/1.1\r\nHost: a\r\n\r\n");
                first = held.next();
            }
            Await.until("the call ended", () -> gateway.counters().count(Outcome.CLIENT_GONE) == 1);
            try (Http2Wire client = gateway.connectHttp2()) {
                int stream = client.begin(false, head("POST", "/pets"));
                Runnable second = held.next();
                client.reset(stream, 8);
                Await.until("the call ended", () -> gateway.counters().count(Outcome.CLIENT_GONE) == 2);
                first.run();
                second.run();
                assertThat(client.get("/pets", "x-known: yes").body()).isEqualTo("hello");
            }
            assertThat(held.abandoned).hasValue(2);
            assertThat(upstream.requests()).hasSize(1);
            assertThat(gateway.usage().classes())
                    .containsExactly(OutcomeClass.ABORTED, OutcomeClass.ABORTED, OutcomeClass.SUCCESS);
        }
    }

    @Test
    void wait_deadlineOver_isAbandoned() throws InterruptedException {
        Held held = new Held();
        try (RawUpstream upstream = RawUpstream.answering(HELLO);
                Gateway gateway = Gateway.serving(open(upstream), policies -> List.of(held));
                Http2Wire client = gateway.connectHttp2()) {
            int stream = client.begin(
                    false,
                    head("POST", "/pets", "content-type: application/grpc", "te: trailers", "grpc-timeout: 50m"));
            Runnable goOn = held.next();
            assertThat(client.answer(stream).head()).contains("grpc-status: 4");
            goOn.run();
            gateway.onLoop();
            assertThat(held.abandoned).hasValue(1);
            assertThat(upstream.requests()).isEmpty();
        }
    }

    @Test
    void wait_whileTheNodeStops_isAnsweredAndItsClientSentAway() throws Exception {
        Held held = new Held();
        try (RawUpstream upstream = RawUpstream.answering(HELLO);
                Gateway gateway = Gateway.serving(open(upstream), policies -> List.of(held));
                RawClient client = gateway.connect();
                Http2Wire http2 = gateway.connectHttp2()) {
            client.send("GET /pets HTTP/1.1\r\nHost: a\r\n\r\n");
            Runnable first = held.next();
            int stream = http2.begin(true, head("GET", "/pets"));
            Runnable second = held.next();
            var drained = gateway.door().drain(15_000).toCompletionStage().toCompletableFuture();
            http2.awaitGoAway(1);
            first.run();
            second.run();
            assertThat(client.readMessage())
                    .startsWith("HTTP/1.1 200 ")
                    .containsIgnoringCase("\r\nConnection: close\r\n");
            assertThat(http2.answer(stream).body()).isEqualTo("hello");
            http2.awaitClose();
            drained.get(15, TimeUnit.SECONDS);
        }
    }

    @Test
    void httpsRequired_isSaidBeforeAnybodyIsAsked() {
        Held held = new Held();
        try (RawUpstream upstream = RawUpstream.answering(HELLO);
                Gateway gateway = Gateway.serving(
                        open(upstream)
                                .policy(
                                        "https",
                                        policy -> policy.setHttpsRedirect(
                                                HttpsRedirect.newBuilder().setStatus(308))),
                        policies -> List.of(held));
                RawClient client = gateway.connect()) {
            assertThat(client.get("/pets")).startsWith("HTTP/1.1 308 ");
            assertThat(held.waiting).isEmpty();
        }
    }
}
