package io.tollgate.node.listener;

import static io.tollgate.node.fixture.Catalog.catalog;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http2.Http2Error;
import io.tollgate.node.dial.Await;
import io.tollgate.node.exchange.OutcomeClass;
import io.tollgate.node.fixture.Catalog;
import io.tollgate.node.fixture.Gateway;
import io.tollgate.node.fixture.Http2Upstream;
import io.tollgate.node.fixture.RawClient;
import io.tollgate.node.fixture.RawUpstream;
import io.tollgate.proto.config.v1.RetryCondition;
import io.tollgate.proto.config.v1.Service;
import io.tollgate.proto.config.v1.UpstreamProtocol;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Services that break the rules of HTTP/2, refuse, or leave in the middle. */
class Http2MisbehaviourTest {
    private static Catalog http2(int port, UnaryOperator<Service.Builder> more) {
        return catalog()
                .open()
                .service(
                        "pets",
                        port,
                        service -> more.apply(service.setProtocol(UpstreamProtocol.UPSTREAM_PROTOCOL_HTTP2)))
                .route("pets", "/", "pets");
    }

    private static Catalog http2(int port) {
        return http2(port, service -> service);
    }

    /** The first request meets {@code first}, every other one a good answer. */
    private static Http2Upstream once(Consumer<Http2Upstream.Request> first) {
        AtomicInteger requests = new AtomicInteger();
        return Http2Upstream.scripted(request -> {
            if (requests.getAndIncrement() == 0) {
                first.accept(request);
            } else {
                request.answer("200", "hello", "content-length", "5");
            }
        });
    }

    @Test
    void refusedStream_anyMethod_isSentAgain() {
        try (Http2Upstream upstream = once(request -> request.resetWith(Http2Error.REFUSED_STREAM));
                Gateway gateway = Gateway.serving(http2(upstream.port()));
                RawClient client = gateway.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\n\r\n");

            assertThat(client.readMessage()).endsWith("hello");
            assertThat(gateway.usage().classes()).containsExactly(OutcomeClass.SUCCESS);
            assertThat(gateway.counters().upstreamRenewals()).isEqualTo(1);
        }
    }

    @Test
    void refusedStream_everyTime_isAskedNoMoreThanTwice() {
        AtomicInteger requests = new AtomicInteger();
        try (Http2Upstream upstream = Http2Upstream.scripted(request -> {
                    requests.incrementAndGet();
                    request.resetWith(Http2Error.REFUSED_STREAM);
                });
                Gateway gateway = Gateway.serving(http2(upstream.port()));
                RawClient client = gateway.connect()) {
            assertThat(client.get("/")).startsWith("HTTP/1.1 502 ").contains("upstream-reset");
            assertThat(requests).hasValue(2);
        }
    }

    @Test
    void refusedStream_bodyThatIsKept_isSentAgain() {
        try (Http2Upstream upstream = once(request -> request.resetWith(Http2Error.REFUSED_STREAM));
                Gateway gateway = Gateway.serving(http2(upstream.port(), service -> {
                    service.getRetryBuilder()
                            .setRetries(1)
                            .addConditions(RetryCondition.RETRY_CONDITION_CONNECT)
                            .setBudgetPercent(20)
                            .setBodyBytesMax(1_000);
                    return service;
                }));
                RawClient client = gateway.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody");

            assertThat(client.readMessage()).endsWith("hello");
            assertThat(upstream.next().body()).isEqualTo("body");
            assertThat(upstream.next().body()).isEqualTo("body");
        }
    }

    @Test
    void goAway_streamsAboveTheLastOne_areSentAgainElsewhere() {
        try (Http2Upstream upstream = Http2Upstream.quiet(Http2Upstream.Settings.PLAIN);
                Gateway gateway = Gateway.serving(http2(upstream.port()));
                RawClient first = gateway.connect();
                RawClient second = gateway.connect()) {
            first.send("POST /1 HTTP/1.1\r\nHost: a\r\n\r\n");
            Http2Upstream.Request served = upstream.next();
            second.send("POST /2 HTTP/1.1\r\nHost: a\r\n\r\n");
            Http2Upstream.Request ignored = upstream.next();
            assertThat(ignored.connection()).isEqualTo(1);

            served.goAway(served.id());
            Http2Upstream.Request again = upstream.next();
            assertThat(again.connection()).isEqualTo(2);
            assertThat(again.headers().path()).hasToString("/2");
            again.answer("200", "two", "content-length", "3");
            assertThat(second.readMessage()).endsWith("two");
            served.answer("200", "one", "content-length", "3");
            assertThat(first.readMessage()).as("it was below the last one").endsWith("one");
            Await.until("the first connection ends", () -> upstream.open() == 1);
        }
    }

    @Test
    void goAway_polite_movesFurtherCallsToANewConnection() {
        try (Http2Upstream upstream = once(request -> {
                    request.answer("200", "first", "content-length", "5");
                    request.goAwayPolitely();
                });
                Gateway gateway = Gateway.serving(http2(upstream.port()));
                RawClient client = gateway.connect()) {
            assertThat(client.get("/")).endsWith("first");
            Await.until("the first connection ends", () -> upstream.open() == 0);
            assertThat(client.get("/")).endsWith("hello");
            assertThat(upstream.connections()).isEqualTo(2);
        }
    }

    @Test
    void reset_beforeTheHead_is502() {
        try (Http2Upstream upstream = once(request -> request.resetWith(Http2Error.INTERNAL_ERROR));
                Gateway gateway = Gateway.serving(http2(upstream.port()));
                RawClient client = gateway.connect()) {
            assertThat(client.get("/")).startsWith("HTTP/1.1 502 ").contains("upstream-reset");
            assertThat(client.get("/")).endsWith("hello");
            assertThat(upstream.connections()).as("the connection is well").isEqualTo(1);
        }
    }

    @Test
    void reset_insideTheBody_breaksTheClientOffAndNoOther() {
        try (Http2Upstream upstream = once(request -> {
                    request.head("200", false, "content-length", "100");
                    request.data("half", false);
                    request.resetWith(Http2Error.CANCEL);
                });
                Gateway gateway = Gateway.serving(http2(upstream.port()));
                RawClient client = gateway.connect();
                RawClient other = gateway.connect()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");

            assertThat(rest(client)).doesNotContain("502").doesNotEndWith("\r\n0\r\n\r\n");
            assertThat(other.get("/")).endsWith("hello");
            assertThat(upstream.connections()).isEqualTo(1);
            assertThat(gateway.usage().classes()).containsExactly(OutcomeClass.FAILED, OutcomeClass.SUCCESS);
        }
    }

    @Test
    void closed_connectionWithCalls_endsThemAll() {
        try (Http2Upstream upstream = Http2Upstream.quiet(Http2Upstream.Settings.PLAIN);
                Gateway gateway = Gateway.serving(http2(upstream.port()));
                RawClient first = gateway.connect();
                RawClient second = gateway.connect()) {
            first.send("POST / HTTP/1.1\r\nHost: a\r\n\r\n");
            upstream.next();
            second.send("POST / HTTP/1.1\r\nHost: a\r\n\r\n");
            upstream.next().closeConnection();
            assertThat(first.readMessage()).startsWith("HTTP/1.1 502 ").contains("upstream-reset");
            assertThat(second.readMessage()).startsWith("HTTP/1.1 502 ").contains("upstream-reset");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"short", "long", "none", "words", "two"})
    void length_thatDoesNotHold_neverEndsAWholeAnswer(String kind) {
        try (Http2Upstream upstream = once(request -> {
                    switch (kind) {
                        case "short" -> request.answer("200", "hello", "content-length", "10");
                        case "long" -> {
                            request.head("200", false, "content-length", "3");
                            request.data("hello", false);
                            request.data("hello", true);
                        }
                        case "none" -> request.answer("200", "", "content-length", "5");
                        case "words" -> request.answer("200", "hello", "content-length", "five");
                        default -> request.answer("200", "hello", "content-length", "5", "content-length", "6");
                    }
                });
                Gateway gateway = Gateway.serving(http2(upstream.port()));
                RawClient client = gateway.connect();
                RawClient other = gateway.connect()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");

            String answer = firstAnswer(client);
            assertThat(answer).doesNotContain("200 OK");
            assertThat(other.get("/")).as("nothing is left over").endsWith("\r\n\r\nhello");
            assertThat(gateway.usage().classes()).containsExactly(OutcomeClass.FAILED, OutcomeClass.SUCCESS);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "101", "99", "abc", "2000", "interim-end", "data-first", "connection"})
    void head_thatIsNone_is502(String kind) {
        try (Http2Upstream upstream = once(request -> {
                    switch (kind) {
                        case "none" -> request.trailers("x-a", "b");
                        case "interim-end" -> request.head("103", true);
                        case "data-first" -> request.data("hello", true);
                        case "connection" -> request.answer("200", "hello", "connection", "close");
                        default -> request.answer(kind, "hello");
                    }
                });
                Gateway gateway = Gateway.serving(http2(upstream.port()));
                RawClient client = gateway.connect()) {
            assertThat(client.get("/")).startsWith("HTTP/1.1 502 ").contains("upstream-protocol");
            assertThat(client.get("/")).endsWith("hello");
        }
    }

    @Test
    void head_tooLarge_is502() {
        try (Http2Upstream upstream = once(request -> request.answer("200", "hello", "x-large", "v".repeat(70_000)));
                Gateway gateway = Gateway.serving(http2(upstream.port()));
                RawClient client = gateway.connect()) {
            assertThat(client.get("/")).startsWith("HTTP/1.1 502 ").contains("upstream-protocol");
            assertThat(client.get("/")).endsWith("hello");
        }
    }

    @Test
    void head_large_passes() {
        try (Http2Upstream upstream = once(request -> request.answer("200", "hello", "x-large", "v".repeat(60_000)));
                Gateway gateway = Gateway.serving(http2(upstream.port()));
                RawClient client = gateway.connect()) {
            assertThat(client.get("/")).startsWith("HTTP/1.1 200 ").contains("v".repeat(60_000));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"push", "continuation", "window", "unknown-stream", "settings-length"})
    void frame_againstTheRules_endsTheConnectionWith502(String kind) {
        try (Http2Upstream upstream = once(request -> {
                    switch (kind) {
                        case "push" -> request.frame(5, 4, request.id(), new byte[] {0, 0, 0, 2, (byte) 0x82});
                        case "continuation" -> request.frame(9, 4, request.id(), new byte[] {(byte) 0x88});
                        case "window" -> request.frame(8, 0, 0, new byte[] {0, 0, 0, 0});
                        case "unknown-stream" -> request.frame(1, 5, 99, new byte[] {(byte) 0x88});
                        default -> request.frame(4, 0, 0, new byte[] {0, 1, 2});
                    }
                });
                Gateway gateway = Gateway.serving(http2(upstream.port()));
                RawClient client = gateway.connect()) {
            assertThat(client.get("/")).startsWith("HTTP/1.1 502 ").contains("upstream-protocol");
            assertThat(client.get("/")).as("the next connection").endsWith("hello");
            assertThat(upstream.connections()).isEqualTo(2);
        }
    }

    @Test
    void peer_ofHttp1_is502WithoutGettingTheCall() {
        try (RawUpstream upstream =
                        RawUpstream.scripted(connection -> connection.send("HTTP/1.1 400 Bad Request\r\n\r\n"));
                Gateway gateway = Gateway.serving(http2(upstream.port()));
                RawClient client = gateway.connect()) {
            assertThat(client.get("/")).startsWith("HTTP/1.1 502 ").contains("upstream-protocol");
            assertThat(gateway.counters().upstreamConnectFailures()).isEqualTo(1);
        }
    }

    @Test
    void peer_thatSaysNothing_is504WithinTheConnectTimeout() {
        try (RawUpstream upstream = RawUpstream.scripted(connection -> connection.readToEnd());
                Gateway gateway =
                        Gateway.serving(http2(upstream.port(), service -> service.setConnectTimeoutMillis(150)));
                RawClient client = gateway.connect()) {
            assertThat(client.get("/")).startsWith("HTTP/1.1 504 ").contains("upstream-connect-timeout");
        }
    }

    @Test
    void silence_onTheWholeConnection_movesFurtherCallsToANewOne() {
        try (Http2Upstream upstream = Http2Upstream.quiet(Http2Upstream.Settings.PLAIN);
                Gateway gateway =
                        Gateway.serving(http2(upstream.port(), service -> service.setResponseTimeoutMillis(150)));
                RawClient client = gateway.connect()) {
            client.send("GET /0 HTTP/1.1\r\nHost: a\r\n\r\n");
            upstream.next().answer("200", "hello");
            assertThat(client.readMessage()).endsWith("hello");
            assertThat(client.get("/1")).startsWith("HTTP/1.1 504 ").contains("upstream-timeout");
            assertThat(upstream.next().connection()).isEqualTo(1);
            client.send("GET /2 HTTP/1.1\r\nHost: a\r\n\r\n");
            Http2Upstream.Request second = upstream.next();
            assertThat(second.connection()).isEqualTo(2);
            second.answer("200", "hello", "content-length", "5");
            assertThat(client.readMessage()).endsWith("hello");
        }
    }

    private static String rest(RawClient client) {
        try {
            return client.readToEnd();
        } catch (UncheckedIOException e) {
            // A reset tells a client more clearly than anything that this is not the end.
            return "";
        }
    }

    private static String firstAnswer(RawClient client) {
        try {
            return client.readMessage();
        } catch (UncheckedIOException e) {
            return "";
        }
    }
}
