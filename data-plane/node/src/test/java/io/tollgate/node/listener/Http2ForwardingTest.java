package io.tollgate.node.listener;

import static io.tollgate.node.fixture.Catalog.catalog;
import static io.tollgate.node.fixture.Catalog.id;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.tollgate.node.dial.Await;
import io.tollgate.node.exchange.OutcomeClass;
import io.tollgate.node.fixture.Bounds;
import io.tollgate.node.fixture.Catalog;
import io.tollgate.node.fixture.Gateway;
import io.tollgate.node.fixture.Http2Upstream;
import io.tollgate.node.fixture.Http2Wire;
import io.tollgate.node.fixture.RawClient;
import io.tollgate.node.fixture.RawUpstream;
import io.tollgate.proto.config.v1.UpstreamProtocol;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Services that speak HTTP/2: what they get, what comes back, and how calls share connections. */
class Http2ForwardingTest {
    private static Catalog http2(int port) {
        return catalog()
                .open()
                .service("pets", port, service -> service.setProtocol(UpstreamProtocol.UPSTREAM_PROTOCOL_HTTP2))
                .route("pets", "/", "pets");
    }

    @Test
    void get_head_isThatOfHttp2() {
        try (Http2Upstream upstream = Http2Upstream.scripted(
                        request -> request.answer("200", "hello", "content-type", "text/plain"));
                Gateway gateway = Gateway.serving(http2(upstream.port()));
                RawClient client = gateway.connect()) {
            String answer = client.get(
                    "/a/b?c=d",
                    "X-One: 1",
                    "TE: trailers",
                    "Connection: TE, X-Hop",
                    "X-Hop: 2",
                    "Keep-Alive: timeout=5");

            assertThat(answer).startsWith("HTTP/1.1 200 OK\r\n").contains("Via: 2.0 tollgate\r\n", "hello");
            Http2Headers head = upstream.next().headers();
            assertThat(head.method()).hasToString("GET");
            assertThat(head.scheme()).hasToString("http");
            assertThat(head.authority()).hasToString("127.0.0.1:" + upstream.port());
            assertThat(head.path()).hasToString("/a/b?c=d");
            assertThat(head.get("x-one")).hasToString("1");
            assertThat(head.get("te")).hasToString("trailers");
            assertThat(head.get("x-forwarded-for")).hasToString("127.0.0.1");
            assertThat(head.get("x-forwarded-host")).hasToString("api.example.com");
            assertThat(head.names()).doesNotContain("x-hop", "connection", "keep-alive", "host", "transfer-encoding");
            assertThat(head.names())
                    .allMatch(name -> name.toString().equals(name.toString().toLowerCase()));
            assertThat(gateway.usage().classes()).containsExactly(OutcomeClass.SUCCESS);
        }
    }

    @Test
    void calls_atOnce_shareOneConnection() {
        try (Http2Upstream upstream = Http2Upstream.quiet(Http2Upstream.Settings.PLAIN);
                Gateway gateway = Gateway.serving(http2(upstream.port()))) {
            List<RawClient> clients = send(gateway, 20);
            List<Http2Upstream.Request> requests = requests(upstream, 20);

            assertThat(requests).extracting(Http2Upstream.Request::connection).containsOnly(1);
            requests.forEach(
                    request -> request.answer("200", request.headers().path().toString()));
            for (int i = 0; i < clients.size(); i++) {
                assertThat(clients.get(i).readMessage()).endsWith("/" + i);
                clients.get(i).close();
            }
            assertThat(gateway.counters().upstreamConnects()).isEqualTo(1);
        }
    }

    @Test
    void calls_moreThanAConnectionTakes_getFurtherConnections() {
        try (Http2Upstream upstream = Http2Upstream.quiet(Http2Upstream.Settings.PLAIN.streamsMax(2));
                Gateway gateway = Gateway.serving(http2(upstream.port()))) {
            List<RawClient> clients = send(gateway, 6);
            List<Http2Upstream.Request> requests = requests(upstream, 6);

            for (int connection = 1; connection <= upstream.connections(); connection++) {
                int number = connection;
                assertThat(requests)
                        .filteredOn(request -> request.connection() == number)
                        .hasSizeLessThanOrEqualTo(2);
            }
            requests.forEach(request -> request.answer("200", "hello"));
            for (RawClient client : clients) {
                assertThat(client.readMessage()).endsWith("hello");
                client.close();
            }
        }
    }

    @Test
    void settings_whichTakeLess_areObeyed() {
        try (Http2Upstream upstream = Http2Upstream.quiet(Http2Upstream.Settings.PLAIN);
                Gateway gateway = Gateway.serving(http2(upstream.port()));
                RawClient first = gateway.connect();
                RawClient second = gateway.connect();
                RawClient third = gateway.connect()) {
            first.send("GET /1 HTTP/1.1\r\nHost: a\r\n\r\n");
            Http2Upstream.Request held = upstream.next();
            held.settings(new Http2Settings().maxConcurrentStreams(1));
            second.send("GET /2 HTTP/1.1\r\nHost: a\r\n\r\n");
            Http2Upstream.Request other = upstream.next();
            held.answer("200", "one");
            assertThat(first.readMessage()).endsWith("one");
            other.answer("200", "two");
            assertThat(second.readMessage()).endsWith("two");
            third.send("GET /3 HTTP/1.1\r\nHost: a\r\n\r\n");
            upstream.next().answer("200", "three");
            assertThat(third.readMessage()).endsWith("three");
        }
    }

    @Test
    void post_body_isRelayedWithItsLength() {
        try (Http2Upstream upstream = Http2Upstream.scripted(request -> {
                    request.head("201", false);
                    request.data(request.body(), true);
                });
                Gateway gateway = Gateway.serving(http2(upstream.port()));
                RawClient client = gateway.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\nhello ");
            client.send("world");

            assertThat(client.readMessage()).startsWith("HTTP/1.1 201 ").endsWith("hello world\r\n0\r\n\r\n");
            assertThat(upstream.next().headers().get("content-length")).hasToString("11");
            client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n");
            assertThat(client.readMessage()).contains("hello");
            assertThat(upstream.next().headers().names()).doesNotContain("content-length", "transfer-encoding");
        }
    }

    @Test
    void post_upstreamThatTakesNothing_holdsTheClientBack() {
        String half = "x".repeat(4_000_000);
        try (Http2Upstream upstream = Http2Upstream.quiet(Http2Upstream.Settings.PLAIN.holdsBodies());
                Gateway gateway = Gateway.serving(http2(upstream.port()));
                RawClient client = gateway.connect()) {
            Thread sender = new Thread(() -> {
                client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 8000000\r\n\r\n");
                client.send(half);
                client.send(half);
            });
            sender.start();
            Http2Upstream.Request request = upstream.next();
            Await.until("its window is full", () -> request.bodyBytes() == 65_535);
            assertThat(sender.isAlive()).as("the client cannot be through").isTrue();
            int taken = 0;
            while (!request.isWhole()) {
                int seen = request.bodyBytes();
                if (seen > taken) {
                    request.take(seen - taken);
                    taken = seen;
                } else {
                    Thread.onSpinWait();
                }
            }
            assertThat(request.bodyBytes()).isEqualTo(8_000_000);
            request.answer("200", "hello");
            assertThat(client.readMessage()).contains("hello");
        }
    }

    @Test
    void answer_slowClient_holdsItsStreamBackAndNoOther() {
        String part = "y".repeat(16_384);
        try (Http2Upstream upstream = Http2Upstream.quiet(Http2Upstream.Settings.PLAIN);
                Gateway gateway = Gateway.serving(http2(upstream.port()));
                RawClient slow = gateway.connect();
                RawClient other = gateway.connect()) {
            slow.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
            Http2Upstream.Request large = upstream.next();
            large.head("200", false, "content-length", String.valueOf(16_384 * 1_000));
            for (int i = 0; i < 1_000; i++) {
                large.data(part, i == 999);
            }
            for (int i = 0; i < 5; i++) {
                other.send("GET /other HTTP/1.1\r\nHost: a\r\n\r\n");
                Http2Upstream.Request small = upstream.next();
                assertThat(small.connection()).isEqualTo(1);
                small.answer("200", part, "content-length", "16384");
                assertThat(other.readMessage()).endsWith(part);
            }
            slow.readHead();
            assertThat(slow.read(16_384 * 1_000)).hasSize(16_384 * 1_000);
        }
    }

    @Test
    void answer_trailers_pass() {
        try (Http2Upstream upstream = Http2Upstream.scripted(request -> {
                    request.head("200", false, "content-type", "text/plain");
                    request.data("hello", false);
                    request.trailers("x-sum", "42");
                });
                Gateway gateway = Gateway.serving(http2(upstream.port()));
                RawClient client = gateway.connect()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\nTE: trailers\r\nConnection: TE\r\n\r\n");
            assertThat(client.readHead()).contains("Transfer-Encoding: chunked");
            assertThat(client.read(5 + 3 + 2)).isEqualTo("5\r\nhello\r\n");
            assertThat(client.readHead()).isEqualTo("0\r\nx-sum: 42\r\n\r\n");
        }
    }

    @Test
    void answer_interim_passesOrTellsTheClientToGoOn() {
        try (Http2Upstream upstream = Http2Upstream.quiet(Http2Upstream.Settings.PLAIN);
                Gateway gateway = Gateway.serving(http2(upstream.port()));
                RawClient client = gateway.connect()) {
            client.send("PUT / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
            Http2Upstream.Request request = upstream.next();
            request.head("103", false, "link", "</a.css>; rel=preload");
            assertThat(client.readHead()).startsWith("HTTP/1.1 103 ").contains("</a.css>");
            request.head("100", false);
            assertThat(client.readHead()).startsWith("HTTP/1.1 100 ");
            client.send("hello");
            Await.until("the body is there", request::isWhole);
            request.answer("200", "thanks", "content-length", "6");
            assertThat(client.readMessage()).endsWith("thanks");
        }
    }

    @Test
    void head_answerWithLength_hasNoBody() {
        try (Http2Upstream upstream =
                        Http2Upstream.scripted(request -> request.answer("200", "", "content-length", "5"));
                Gateway gateway = Gateway.serving(http2(upstream.port()));
                RawClient client = gateway.connect()) {
            client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\nHEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.readHead()).startsWith("HTTP/1.1 200 ").contains("Content-Length: 5");
            assertThat(client.readHead()).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void clientGone_streamIsCancelledAndTheConnectionGoesOn() {
        try (Http2Upstream upstream = Http2Upstream.quiet(Http2Upstream.Settings.PLAIN);
                Gateway gateway = Gateway.serving(http2(upstream.port()));
                RawClient stays = gateway.connect()) {
            RawClient goes = gateway.connect();
            goes.send("GET /goes HTTP/1.1\r\nHost: a\r\n\r\n");
            Http2Upstream.Request given = upstream.next();
            goes.reset();
            Await.until("the stream is cancelled", () -> Long.valueOf(8).equals(given.reset()));
            stays.send("GET /stays HTTP/1.1\r\nHost: a\r\n\r\n");
            Http2Upstream.Request kept = upstream.next();
            assertThat(kept.connection()).isEqualTo(1);
            kept.answer("200", "hello", "content-length", "5");
            assertThat(stays.readMessage()).endsWith("hello");
        }
    }

    /** A service breaks a connection off on which streams are reset too often, with the calls of all others. */
    @Test
    void clientsGone_moreThanAServiceTakes_areSpreadOverConnections() {
        int gone = 300;
        AtomicInteger connections = new AtomicInteger();
        try (Http2Upstream upstream = Http2Upstream.quiet(Http2Upstream.Settings.PLAIN);
                Gateway gateway = Gateway.serving(
                        http2(upstream.port()), Gateway.CLOCK, Bounds.with("http2ResetsPerSecondMax", 1_000));
                RawClient patient = gateway.connect();
                Http2Wire client = gateway.connectHttp2()) {
            patient.send("GET /patient HTTP/1.1\r\nHost: a\r\n\r\n");
            Http2Upstream.Request waits = upstream.next();
            for (int i = 0; i < gone; i++) {
                int stream = client.begin(true, Http2Wire.head("GET", "/gone"));
                Http2Upstream.Request request = upstream.next();
                connections.set(request.connection());
                client.reset(stream, 8);
                Await.until("it is told", () -> request.reset() != null);
            }
            assertThat(connections).as("others took over").hasValue(3);
            waits.answer("200", "hello", "content-length", "5");
            assertThat(patient.readMessage()).endsWith("hello");
            Await.until("each closes when it is done", () -> upstream.open() == 0);
        }
    }

    @Test
    void mirror_bodyToHttp2_isTheSame() {
        try (RawUpstream own = RawUpstream.answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                Http2Upstream upstream = Http2Upstream.scripted(request -> request.answer("204", ""));
                Gateway gateway = Gateway.serving(http2(upstream.port())
                        .service("own", own.port())
                        .route("own", "/own", "own", route -> {
                            route.getMirrorBuilder()
                                    .setServiceId(id("service", "pets"))
                                    .setPercent(100)
                                    .setBodyBytesMax(1_000);
                            return route;
                        }));
                RawClient client = gateway.connect()) {
            client.send("POST /own HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n");
            assertThat(client.readMessage()).endsWith("ok");
            Http2Upstream.Request copy = upstream.next();
            Await.until("the copy is whole", copy::isWhole);
            assertThat(copy.body()).isEqualTo("hello");
            assertThat(copy.headers().path()).hasToString("/own");
        }
    }

    @Test
    void change_ofProtocol_usesNewConnectionsAndEndsTheOldOne() {
        try (Http2Upstream upstream = Http2Upstream.quiet(Http2Upstream.Settings.PLAIN)) {
            Catalog catalog = http2(upstream.port());
            try (Gateway gateway = Gateway.serving(catalog);
                    RawClient old = gateway.connect();
                    RawClient client = gateway.connect()) {
                old.send("GET /old HTTP/1.1\r\nHost: a\r\n\r\n");
                Http2Upstream.Request held = upstream.next();
                gateway.serve(catalog.service("pets", upstream.port()));
                client.send("GET /new HTTP/1.1\r\nHost: a\r\n\r\n");
                assertThat(client.readMessage())
                        .as("HTTP/1.1 is not understood there")
                        .startsWith("HTTP/1.1 502 ");
                held.answer("200", "hello", "content-length", "5");
                assertThat(old.readMessage()).as("it ends as it began").endsWith("hello");
                Await.until("the old connection ends", () -> upstream.open() == 0);
            }
        }
    }

    private static List<RawClient> send(Gateway gateway, int calls) {
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < calls; i++) {
            clients.add(gateway.connect());
            clients.get(i).send("GET /" + i + " HTTP/1.1\r\nHost: a\r\n\r\n");
        }
        return clients;
    }

    private static List<Http2Upstream.Request> requests(Http2Upstream upstream, int calls) {
        List<Http2Upstream.Request> requests = new ArrayList<>();
        Set<String> paths = new HashSet<>();
        while (requests.size() < calls) {
            requests.add(upstream.next());
            paths.add(requests.get(requests.size() - 1).headers().path().toString());
        }
        assertThat(paths).hasSize(calls);
        return requests;
    }
}
