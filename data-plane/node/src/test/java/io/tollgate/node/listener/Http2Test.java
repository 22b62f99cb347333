package io.tollgate.node.listener;

import static io.tollgate.node.fixture.Catalog.catalog;
import static io.tollgate.node.fixture.Http2Wire.head;
import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.node.dial.Await;
import io.tollgate.node.exchange.OutcomeClass;
import io.tollgate.node.fixture.Catalog;
import io.tollgate.node.fixture.Gateway;
import io.tollgate.node.fixture.Http2Wire;
import io.tollgate.node.fixture.RawClient;
import io.tollgate.node.fixture.RawUpstream;
import io.tollgate.proto.config.v1.ConcurrencyLimit;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What a call over HTTP/2 looks like on both sides. */
class Http2Test {
    private static final String HELLO = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello";

    private static Catalog open(RawUpstream upstream) {
        return catalog().open().service("pets", upstream.port()).route("pets", "/pets", "pets");
    }

    @Test
    void get_simple_isRelayedAndCountedOnce() throws InterruptedException {
        try (RawUpstream upstream = RawUpstream.answering(HELLO);
                Gateway gateway = Gateway.serving(open(upstream));
                Http2Wire client = gateway.connectHttp2()) {
            Http2Wire.Answer answer = client.get("/pets/7?color=red%20brown", "x-open: 2", "te: trailers");

            assertThat(answer.head())
                    .containsExactlyInAnyOrder(
                            ":status: 200", "content-type: text/plain", "content-length: 5", "via: 1.1 tollgate");
            assertThat(answer.body()).isEqualTo("hello");
            assertThat(upstream.requests()).singleElement().satisfies(request -> {
                assertThat(request).startsWith("GET /pets/7?color=red%20brown HTTP/1.1\r\nHost: 127.0.0.1:");
                assertThat(request).contains("\r\nx-open: 2\r\n", "\r\nTE: trailers\r\n");
                assertThat(request).contains("\r\nVia: 2.0 tollgate\r\n", "\r\nX-Forwarded-For: 127.0.0.1\r\n");
                assertThat(request).contains("\r\nX-Forwarded-Host: api.example.com\r\n");
                assertThat(request).contains("\r\nForwarded: for=127.0.0.1;host=\"api.example.com\";proto=http\r\n");
                assertThat(request).doesNotContain("\r\n:").doesNotContainIgnoringCase("transfer-encoding");
            });
            assertThat(gateway.usage().classes()).containsExactly(OutcomeClass.SUCCESS);
            assertThat(gateway.logged())
                    .contains("\"method\":\"GET\"", "\"path\":\"/pets/7\"", "\"status\":200", "\"outcome\":\"ok\"");
        }
    }

    @Test
    void streams_ofOneConnection_doNotWaitForEachOther() throws InterruptedException {
        CountDownLatch held = new CountDownLatch(1);
        try (RawUpstream upstream = RawUpstream.holding(held, HELLO);
                Gateway gateway = Gateway.serving(open(upstream));
                Http2Wire client = gateway.connectHttp2()) {
            int first = client.begin(true, head("GET", "/pets/slow"));
            held.await();

            assertThat(client.get("/pets/fast").status()).isEqualTo("200");
            assertThat(client.so(first).head()).isEmpty();
        }
    }

    @Test
    void streams_forSeveralHosts_keepTheirOwn() throws InterruptedException {
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        List<String> seen = new CopyOnWriteArrayList<>();
        try (RawUpstream upstream = RawUpstream.scripted(connection -> {
                    for (String next = connection.readMessage(); !next.isEmpty(); next = connection.readMessage()) {
                        seen.add(next);
                        held.countDown();
                        go.await();
                        connection.send(HELLO);
                    }
                });
                Gateway gateway = Gateway.serving(catalog()
                        .open()
                        .service(
                                "pets",
                                upstream.port(),
                                service -> service.setConcurrencyLimit(ConcurrencyLimit.newBuilder()
                                        .setCallsMax(1)
                                        .setQueueMax(5)
                                        .setQueueTimeoutMillis(15_000)
                                        .setRetryAfterSeconds(1)))
                        .route("pets", "/pets", "pets"));
                Http2Wire client = gateway.connectHttp2()) {
            int holding = client.begin(true, head("GET", "/pets"));
            held.await();
            int one = client.begin(
                    true, ":method: GET", ":scheme: http", ":authority: one.example.com", ":path: /pets/1");
            int two = client.begin(
                    true, ":method: GET", ":scheme: http", ":authority: two.example.com", ":path: /pets/2");
            Await.until("both wait", () -> gateway.counters().inFlight() == 3);
            go.countDown();

            assertThat(List.of(client.answer(holding), client.answer(one), client.answer(two)))
                    .allSatisfy(answer -> assertThat(answer.status()).isEqualTo("200"));
            assertThat(seen)
                    .filteredOn(request -> request.startsWith("GET /pets/1 "))
                    .singleElement()
                    .satisfies(request -> assertThat(request).contains("X-Forwarded-Host: one.example.com\r\n"));
            assertThat(seen)
                    .filteredOn(request -> request.startsWith("GET /pets/2 "))
                    .singleElement()
                    .satisfies(request -> assertThat(request).contains("host=\"two.example.com\""));
        }
    }

    @Test
    void post_withLength_isRelayedAndMeasured() {
        try (RawUpstream upstream = RawUpstream.answering(HELLO);
                Gateway gateway = Gateway.serving(open(upstream));
                Http2Wire client = gateway.connectHttp2()) {
            int stream = client.begin(false, head("POST", "/pets", "content-length: 6"));
            client.data(stream, false, "abc");
            client.data(stream, true, "def");

            assertThat(client.answer(stream).body()).isEqualTo("hello");
            assertThat(upstream.requests())
                    .singleElement()
                    .satisfies(request -> assertThat(request)
                            .contains("\r\nContent-Length: 6\r\n")
                            .endsWith("\r\n\r\nabcdef"));
            assertThat(gateway.usage().calls().get(0).requestBytes()).isEqualTo(6);
        }
    }

    @Test
    void post_withoutLength_isChunkedAndItsTrailersPass() {
        String body = "3\r\nabc\r\n0\r\nx-sum: 7\r\n\r\n";
        List<String> seen = new CopyOnWriteArrayList<>();
        try (RawUpstream upstream = RawUpstream.scripted(connection -> {
                    seen.add(connection.readHead());
                    seen.add(connection.read(body.length()));
                    connection.send(HELLO);
                    connection.readHead();
                });
                Gateway gateway = Gateway.serving(open(upstream));
                Http2Wire client = gateway.connectHttp2()) {
            int stream = client.begin(false, head("POST", "/pets"));
            client.data(stream, false, "abc");
            client.headers(stream, true, "x-sum: 7", "authorization: Bearer x", "host: evil", "x-forwarded-for: 6");

            assertThat(client.answer(stream).status()).isEqualTo("200");
            assertThat(seen.get(0)).contains("\r\nTransfer-Encoding: chunked\r\n");
            assertThat(seen.get(1)).isEqualTo(body);
        }
    }

    @Test
    void answer_chunkedWithTrailers_passesWhole() {
        try (RawUpstream upstream = RawUpstream.answering("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n"
                        + "Connection: X-Private\r\nX-Private: 1\r\nKeep-Alive: timeout=5\r\nSet-Cookie: a=1\r\n"
                        + "Set-Cookie: b=2\r\n\r\n3\r\nabc\r\n0\r\nX-Sum: 7\r\nContent-Length: 3\r\n\r\n");
                Gateway gateway = Gateway.serving(open(upstream));
                Http2Wire client = gateway.connectHttp2()) {
            Http2Wire.Answer answer = client.get("/pets");

            assertThat(answer.body()).isEqualTo("abc");
            assertThat(answer.head())
                    .containsExactlyInAnyOrder(
                            ":status: 200", "set-cookie: a=1", "set-cookie: b=2", "via: 1.1 tollgate");
            assertThat(answer.trailers()).containsExactly("x-sum: 7");
        }
    }

    @Test
    void head_answers_haveNoBody() {
        try (RawUpstream upstream = RawUpstream.answering("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
                Gateway gateway = Gateway.serving(open(upstream));
                Http2Wire client = gateway.connectHttp2()) {
            Http2Wire.Answer answer = client.answer(client.begin(true, head("HEAD", "/pets")));
            Http2Wire.Answer refusal = client.answer(client.begin(true, head("HEAD", "/nothing")));

            assertThat(answer.head()).contains(":status: 200", "content-length: 5");
            assertThat(answer.body()).isEmpty();
            assertThat(refusal.status()).isEqualTo("404");
            assertThat(refusal.body()).isEmpty();
        }
    }

    @Test
    void interimAnswers_passBeforeTheFinalOne() {
        try (RawUpstream upstream = RawUpstream.scripted(connection -> {
                    connection.readHead();
                    connection.send("HTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\nConnection: X\r\nX: 1\r\n\r\n");
                    connection.send("HTTP/1.1 100 Continue\r\n\r\n");
                    connection.read(3);
                    connection.send(HELLO);
                    connection.readHead();
                });
                Gateway gateway = Gateway.serving(open(upstream));
                Http2Wire client = gateway.connectHttp2()) {
            int stream = client.begin(false, head("POST", "/pets", "content-length: 3", "expect: 100-continue"));
            client.awaitInterim(stream, 2);
            client.data(stream, true, "abc");

            Http2Wire.Answer answer = client.answer(stream);
            assertThat(answer.interim())
                    .containsExactly(List.of(":status: 103", "link: </style.css>"), List.of(":status: 100"));
            assertThat(answer.body()).isEqualTo("hello");
        }
    }

    @Test
    void cookies_inCrumbs_areJoined() {
        try (RawUpstream upstream = RawUpstream.answering(HELLO);
                Gateway gateway = Gateway.serving(open(upstream));
                Http2Wire client = gateway.connectHttp2()) {
            assertThat(client.get("/pets", "cookie: a=1", "cookie: b=2").status())
                    .isEqualTo("200");

            assertThat(upstream.requests().get(0)).contains("\r\ncookie: a=1; b=2\r\n");
        }
    }

    @Test
    void stream_resetByTheClient_endsOnlyThatCall() throws InterruptedException {
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch givenUp = new CountDownLatch(1);
        try (RawUpstream upstream = RawUpstream.scripted(
                        connection -> {
                            connection.readHead();
                            held.countDown();
                            connection.readToEnd();
                            givenUp.countDown();
                        },
                        connection -> {
                            connection.readHead();
                            connection.send(HELLO);
                            connection.readHead();
                        });
                Gateway gateway = Gateway.serving(open(upstream));
                Http2Wire client = gateway.connectHttp2()) {
            int stream = client.begin(true, head("GET", "/pets"));
            held.await();
            client.reset(stream, 8);

            assertThat(givenUp.await(15, TimeUnit.SECONDS)).isTrue();
            assertThat(client.get("/pets").status()).isEqualTo("200");
            assertThat(gateway.usage().classes()).containsExactly(OutcomeClass.ABORTED, OutcomeClass.SUCCESS);
        }
    }

    @Test
    void connection_broken_endsEachOfItsCalls() throws InterruptedException {
        CountDownLatch held = new CountDownLatch(3);
        CountDownLatch givenUp = new CountDownLatch(3);
        try (RawUpstream upstream = RawUpstream.scripted(connection -> {
                    connection.readHead();
                    held.countDown();
                    connection.readToEnd();
                    givenUp.countDown();
                });
                Gateway gateway = Gateway.serving(open(upstream));
                Http2Wire client = gateway.connectHttp2()) {
            for (int i = 0; i < 3; i++) {
                client.begin(true, head("GET", "/pets"));
            }
            held.await();
            client.reset();

            assertThat(givenUp.await(15, TimeUnit.SECONDS)).isTrue();
            Await.until("all are counted", () -> gateway.usage().calls().size() == 3);
            assertThat(gateway.usage().classes()).containsOnly(OutcomeClass.ABORTED);
            Await.until("nothing is left", () -> gateway.counters().inFlight() == 0);
        }
    }

    @Test
    void answer_brokenOffByTheUpstream_resetsOnlyItsStream() {
        try (RawUpstream upstream = RawUpstream.scripted(
                        connection -> {
                            connection.readHead();
                            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello");
                        },
                        connection -> {
                            connection.readHead();
                            connection.send(HELLO);
                            connection.readHead();
                        });
                Gateway gateway = Gateway.serving(open(upstream));
                Http2Wire client = gateway.connectHttp2()) {
            Http2Wire.Answer broken = client.get("/pets");

            assertThat(broken.isWhole()).isFalse();
            assertThat(broken.reset()).as("INTERNAL_ERROR").isEqualTo(2);
            assertThat(client.get("/pets").body()).isEqualTo("hello");
            assertThat(gateway.usage().classes()).containsExactly(OutcomeClass.FAILED, OutcomeClass.SUCCESS);
        }
    }

    @Test
    void refusal_withBodyOnItsWay_answersAndStopsTheClient() {
        try (RawUpstream upstream = RawUpstream.answering(HELLO);
                Gateway gateway = Gateway.serving(open(upstream));
                Http2Wire client = gateway.connectHttp2()) {
            int stream = client.begin(false, head("POST", "/nothing", "content-length: 10000000"));
            Http2Wire.Answer refusal = client.answer(stream);

            assertThat(refusal.status()).isEqualTo("404");
            assertThat(refusal.body()).contains("urn:tollgate:problem:route-not-found");
            assertThat(client.awaitReset(stream).reset()).as("NO_ERROR").isZero();
            assertThat(client.get("/pets").status()).isEqualTo("200");
        }
    }

    @Test
    void limits_overHttp2_refuseWithTheirFields() {
        try (RawUpstream upstream = RawUpstream.answering(HELLO)) {
            Catalog keyed = catalog()
                    .service("pets", upstream.port())
                    .route("pets", "/pets", "pets")
                    .plan("gold", Catalog.perMinute(1))
                    .consumer("acme", "gold");
            String key = keyed.key("acme");
            try (Gateway gateway = Gateway.serving(keyed);
                    Http2Wire client = gateway.connectHttp2()) {
                assertThat(client.get("/pets").head()).contains(":status: 401");
                assertThat(client.get("/pets", "x-api-key: " + key).status()).isEqualTo("200");
                assertThat(client.get("/pets", "x-api-key: " + key).head())
                        .contains(":status: 429")
                        .anyMatch(field -> field.startsWith("ratelimit: "))
                        .noneMatch(field -> field.startsWith("connection"));
                assertThat(upstream.requests())
                        .singleElement()
                        .satisfies(request -> assertThat(request).doesNotContain(key));
            }
        }
    }

    @Test
    void preface_inPieces_isKnown() {
        try (RawUpstream upstream = RawUpstream.answering(HELLO);
                Gateway gateway = Gateway.serving(open(upstream));
                RawClient pieces = gateway.connect()) {
            for (int i = 0; i < Http2Wire.PREFACE.length(); i++) {
                pieces.send(Http2Wire.PREFACE.substring(i, i + 1));
            }
            pieces.send(new byte[] {0, 0, 0, 4, 0, 0, 0, 0, 0});

            // The server's SETTINGS come first (RFC 9113, 3.4).
            assertThat(pieces.read(4).charAt(3)).isEqualTo((char) 4);
        }
    }

    @Test
    void preface_thatEndsOtherwise_isRefusedAsHttp11() {
        try (RawUpstream upstream = RawUpstream.answering(HELLO);
                Gateway gateway = Gateway.serving(open(upstream));
                RawClient client = gateway.connect()) {
            client.send("PRI * HTTP/2.0\r\n\r\n");
            client.send("XX\r\n\r\n");

            assertThat(client.readMessage()).startsWith("HTTP/1.1 400 ");
        }
    }

    @Test
    void upgrade_toH2c_isAnsweredOverHttp11() {
        try (RawUpstream upstream = RawUpstream.answering(HELLO);
                Gateway gateway = Gateway.serving(open(upstream));
                RawClient client = gateway.connect()) {
            String fields =
                    "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n";
            client.send("GET /pets HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n");

            assertThat(client.readMessage()).startsWith("HTTP/1.1 200 ").endsWith("hello");
            assertThat(upstream.requests().get(0))
                    .doesNotContainIgnoringCase("h2c")
                    .doesNotContain("HTTP2-Settings");
        }
    }

    @Test
    void download_slowClient_holdsTheUpstreamBack() {
        AtomicLong sent = new AtomicLong();
        int total = 64 << 20;
        try (RawUpstream upstream = RawUpstream.scripted(connection -> {
                    connection.readMessage();
                    connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + total + "\r\n\r\n");
                    byte[] block = new byte[65_536];
                    while (sent.get() < total) {
                        connection.send(block);
                        sent.addAndGet(block.length);
                    }
                    connection.readHead();
                });
                Gateway gateway = Gateway.serving(open(upstream));
                Http2Wire client = gateway.connectHttp2()) {
            int stream = client.begin(true, head("GET", "/pets"));
            client.awaitHead(stream);
            BodyTest.awaitStandstill(sent);
            assertThat(sent.get()).as("what is not read is not taken").isLessThan(total / 2);

            client.window(0, total);
            client.window(stream, total);
            assertThat(client.answer(stream).body()).hasSize(total);
            assertThat(gateway.usage().calls().get(0).responseBytes()).isEqualTo(total);
        }
    }

    @Test
    void upload_slowUpstream_holdsTheClientBack() throws InterruptedException {
        CountDownLatch go = new CountDownLatch(1);
        AtomicLong sent = new AtomicLong();
        long total = 64L << 20;
        try (RawUpstream upstream = RawUpstream.scripted(connection -> {
                    connection.readHead();
                    go.await();
                    for (long left = total; left > 0; left -= 65_536) {
                        connection.read(65_536);
                    }
                    connection.send(HELLO);
                    connection.readHead();
                });
                Gateway gateway = Gateway.serving(open(upstream));
                Http2Wire client = gateway.connectHttp2()) {
            int stream = client.begin(false, head("POST", "/pets", "content-length: " + total));
            Thread sender = new Thread(() -> client.upload(stream, total, sent));
            sender.start();
            BodyTest.awaitStandstill(sent);
            assertThat(sent.get()).as("what is not read is not taken").isLessThan(total / 2);
            go.countDown();
            sender.join();

            assertThat(client.answer(stream).body()).isEqualTo("hello");
            assertThat(gateway.usage().calls().get(0).requestBytes()).isEqualTo(total);
        }
    }

    @Test
    void drain_callInFlight_finishesAndItsClientIsSentAway() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        try (RawUpstream upstream = RawUpstream.scripted(
                        connection -> {
                            connection.readMessage();
                            asked.countDown();
                            go.await();
                            connection.send(HELLO);
                            connection.readHead();
                        },
                        connection -> {
                            connection.readMessage();
                            connection.send(HELLO);
                            connection.readHead();
                        });
                Gateway gateway = Gateway.serving(open(upstream));
                Http2Wire client = gateway.connectHttp2()) {
            int inFlight = client.begin(true, head("GET", "/pets"));
            asked.await();
            var drained = gateway.door().drain(15_000).toCompletionStage().toCompletableFuture();
            assertThat(Http2Wire.lastStream(client.awaitGoAway(1).get(0))).isEqualTo(Integer.MAX_VALUE);

            // What was on its way when the client was asked to leave is served.
            assertThat(client.get("/pets").head()).contains(":status: 200").noneMatch(f -> f.startsWith("connection"));
            assertThat(Http2Wire.lastStream(client.awaitGoAway(2).get(1))).isEqualTo(3);
            go.countDown();

            assertThat(client.answer(inFlight).body()).isEqualTo("hello");
            client.awaitClose();
            drained.get(15, TimeUnit.SECONDS);
            assertThat(gateway.usage().classes()).containsExactly(OutcomeClass.SUCCESS, OutcomeClass.SUCCESS);
        }
    }

    @Test
    void connections_ofHttp2_areCountedOnce() {
        try (RawUpstream upstream = RawUpstream.answering(HELLO);
                Gateway gateway = Gateway.serving(open(upstream))) {
            try (Http2Wire client = gateway.connectHttp2();
                    RawClient prefaceOnly = gateway.connect()) {
                prefaceOnly.send(Http2Wire.PREFACE);
                client.get("/pets");
                assertThat(gateway.counters().connections()).isEqualTo(2);
            }
            Await.until("both are gone", () -> gateway.counters().connections() == 0);
        }
    }

    @Test
    void target_tooLong_is414() {
        try (RawUpstream upstream = RawUpstream.answering(HELLO);
                Gateway gateway = Gateway.serving(open(upstream));
                Http2Wire client = gateway.connectHttp2()) {
            assertThat(client.get("/pets/" + "a".repeat(8192)).status()).isEqualTo("414");
            String[] many = new String[600];
            Arrays.setAll(many, i -> "x" + i + ": 1");
            assertThat(client.get("/pets", many).status()).isEqualTo("431");
            assertThat(client.get("/pets").status()).isEqualTo("200");
        }
    }
}
