package io.tollgate.node.listener;

import static io.tollgate.node.fixture.Catalog.catalog;
import static io.tollgate.node.fixture.Http2Wire.head;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.internal.PlatformDependent;
import io.tollgate.node.dial.Await;
import io.tollgate.node.exchange.ConnectionEnd;
import io.tollgate.node.exchange.Outcome;
import io.tollgate.node.exchange.OutcomeClass;
import io.tollgate.node.exchange.StreamRefusal;
import io.tollgate.node.fixture.Bounds;
import io.tollgate.node.fixture.Catalog;
import io.tollgate.node.fixture.Gateway;
import io.tollgate.node.fixture.Http2Wire;
import io.tollgate.node.fixture.ManualClock;
import io.tollgate.node.fixture.RawUpstream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The bounds of a listener, asked for over HTTP/2: beyond each of them a call is refused, and the others on its connection go on. */
class Http2BoundsTest {
    private static final String HELLO = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
    private static final int REFUSED_STREAM = 7;
    private static final int CANCEL = 8;
    /** SETTINGS_INITIAL_WINDOW_SIZE (RFC 9113, 6.5.2). */
    private static final short INITIAL_WINDOW = 4;

    private static Catalog open(RawUpstream upstream) {
        return catalog().open().service("pets", upstream.port()).route("pets", "/", "pets");
    }

    /** Answers each request once it is let, which all connections wait for. */
    private static RawUpstream waiting(CountDownLatch let) {
        return RawUpstream.scripted(connection -> {
            for (String head = connection.readHead(); !head.isEmpty(); head = connection.readHead()) {
                let.await();
                connection.send(HELLO);
            }
        });
    }

    @Test
    void streams_beyondThoseAtOnce_areRefusedWithTheirBodiesAndNoOtherIs() {
        CountDownLatch let = new CountDownLatch(1);
        try (RawUpstream upstream = waiting(let);
                Gateway gateway = Gateway.serving(open(upstream), Gateway.CLOCK, Bounds.with("http2StreamsMax", 3));
                Http2Wire client = gateway.connectHttp2()) {
            List<Integer> served = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                served.add(client.begin(true, head("GET", "/")));
            }
            int beyond = client.begin(false, head("POST", "/"));
            client.data(beyond, false, "a");
            client.data(beyond, true, "b");

            assertThat(client.answer(beyond).reset()).isEqualTo(REFUSED_STREAM);
            assertThat(gateway.counters().streamRefusals(StreamRefusal.STREAMS)).isEqualTo(1);
            let.countDown();
            assertThat(served)
                    .allSatisfy(
                            stream -> assertThat(client.answer(stream).body()).isEqualTo("hello"));
            assertThat(client.get("/").status()).as("there is room again").isEqualTo("200");
            assertThat(gateway.counters().streamRefusals(StreamRefusal.STREAMS)).isEqualTo(1);
            Await.until("four were served", () -> gateway.counters().count(Outcome.OK) == 4);
        }
    }

    @Test
    void requests_asManyAsAConnectionMayCarry_finishAndTheClientIsSentAway() {
        CountDownLatch let = new CountDownLatch(1);
        try (RawUpstream upstream = waiting(let);
                Gateway gateway =
                        Gateway.serving(open(upstream), Gateway.CLOCK, Bounds.with("requestsPerConnectionMax", 2));
                Http2Wire client = gateway.connectHttp2()) {
            int first = client.begin(true, head("GET", "/"));
            int second = client.begin(true, head("GET", "/"));

            assertThat(Http2Wire.lastStream(client.awaitGoAway(1).get(0)))
                    .as("asked to open no more")
                    .isEqualTo(Integer.MAX_VALUE);
            assertThat(Http2Wire.lastStream(client.awaitGoAway(2).get(1)))
                    .as("told the last")
                    .isEqualTo(second);
            let.countDown();
            assertThat(client.answer(first).body()).isEqualTo("hello");
            assertThat(client.answer(second).body()).isEqualTo("hello");
            client.awaitClose();
            assertThat(gateway.counters().connectionEnds(ConnectionEnd.REQUESTS))
                    .isEqualTo(1);
            assertThat(gateway.usage().classes()).containsExactly(OutcomeClass.SUCCESS, OutcomeClass.SUCCESS);
        }
    }

    @Test
    void head_withTooManyFields_is431AndTheOthersGoOn() {
        try (RawUpstream upstream = RawUpstream.answering(HELLO);
                Gateway gateway = Gateway.serving(open(upstream), Gateway.CLOCK, Bounds.with("headerFieldsMax", 10));
                Http2Wire client = gateway.connectHttp2()) {
            assertThat(client.get("/", fields(10)).status()).isEqualTo("200");

            Http2Wire.Answer refusal = client.get("/", fields(11));
            assertThat(refusal.status()).isEqualTo("431");
            assertThat(refusal.body()).contains("urn:tollgate:problem:header-too-large", "more than 10 fields");
            assertThat(gateway.counters().count(Outcome.HEADER_TOO_LARGE)).isEqualTo(1);

            int stream = client.begin(false, head("POST", "/"));
            client.data(stream, false, "abc");
            client.headers(stream, true, fields(11));
            assertThat(client.answer(stream).reset()).as("trailers").isPositive();
            assertThat(client.get("/").status()).isEqualTo("200");
            assertThat(upstream.requests()).noneMatch(request -> request.contains("x-11"));
        }
    }

    @Test
    void head_withTooManyBytes_is431AndCountedAndTheOthersGoOn() {
        try (RawUpstream upstream = RawUpstream.answering(HELLO);
                Gateway gateway = Gateway.serving(open(upstream), Gateway.CLOCK, Bounds.with("headerBytesMax", 2_000));
                Http2Wire client = gateway.connectHttp2()) {
            assertThat(client.get("/", "x-1: " + "y".repeat(1_500)).status()).isEqualTo("200");

            int stream = client.begin(false, head("POST", "/", "x-1: " + "y".repeat(2_000)));
            client.data(stream, true, "abc");
            assertThat(client.answer(stream).status()).isEqualTo("431");
            Await.until("it is counted", () -> gateway.counters().streamRefusals(StreamRefusal.HEADER_TOO_LARGE) == 1);
            assertThat(client.get("/").status()).isEqualTo("200");
            assertThat(upstream.requests()).hasSize(2);
        }
    }

    private static String[] fields(int count) {
        return IntStream.rangeClosed(1, count).mapToObj(i -> "x-" + i + ": y").toArray(String[]::new);
    }

    @Test
    void body_tooLong_is413AndNeverWholeAtTheService() {
        List<String> whole = new java.util.concurrent.CopyOnWriteArrayList<>();
        try (RawUpstream upstream = RawUpstream.scripted(connection -> {
                    for (String message = connection.readMessage(); !message.isEmpty(); ) {
                        if (message.startsWith("GET") || message.endsWith("0\r\n\r\n")) {
                            whole.add(message);
                            connection.send(HELLO);
                        }
                        message = connection.readMessage();
                    }
                });
                Gateway gateway = Gateway.serving(open(upstream), Gateway.CLOCK, Bounds.with("bodyBytesMax", 10));
                Http2Wire client = gateway.connectHttp2()) {
            int announced = client.begin(false, head("POST", "/announced", "content-length: 11"));
            assertThat(client.answer(announced).status()).as("at once").isEqualTo("413");

            int stream = client.begin(false, head("POST", "/grows"));
            client.data(stream, false, "0123456789");
            client.data(stream, false, "0");
            Http2Wire.Answer refusal = client.answer(stream);
            assertThat(refusal.status()).isEqualTo("413");
            assertThat(refusal.body()).contains("urn:tollgate:problem:body-too-large");
            assertThat(client.awaitReset(stream).reset()).as("NO_ERROR").isZero();
            assertThat(gateway.counters().count(Outcome.BODY_TOO_LARGE)).isEqualTo(2);
            assertThat(client.get("/good").status()).isEqualTo("200");
            assertThat(whole).singleElement().asString().startsWith("GET /good ");
        }
    }

    @Test
    void answers_thatAreNeverTaken_holdLittleAndEnd() {
        int streams = 100;
        int answerBytes = 32 << 20;
        AtomicLong sent = new AtomicLong();
        try (RawUpstream upstream = RawUpstream.scripted(connection -> {
                    connection.readHead();
                    connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + answerBytes + "\r\n\r\n");
                    byte[] block = new byte[65_536];
                    for (int left = answerBytes; left > 0; left -= block.length) {
                        connection.send(block);
                        sent.addAndGet(block.length);
                    }
                    connection.readHead();
                });
                RawUpstream other = RawUpstream.answering(HELLO);
                Gateway gateway = Gateway.serving(catalog()
                        .open()
                        .service("pets", upstream.port(), service -> service.setIdleTimeoutMillis(2_000))
                        .service("other", other.port())
                        .route("other", "/other", "other")
                        .route("pets", "/", "pets"));
                Http2Wire good = gateway.connectHttp2();
                Http2Wire client = new Http2Wire(
                        gateway.port(),
                        ByteBuffer.allocate(6)
                                .putShort(INITIAL_WINDOW)
                                .putInt(1)
                                .array())) {
            assertThat(good.get("/other").status()).isEqualTo("200");
            long directBefore = PlatformDependent.usedDirectMemory();
            for (int i = 0; i < streams; i++) {
                client.begin(true, head("GET", "/"));
            }
            BodyTest.awaitStandstill(sent);
            long direct = PlatformDependent.usedDirectMemory() - directBefore;

            assertThat(sent.get()).as("what is not taken is not read").isLessThan((long) streams * answerBytes / 2);
            assertThat(direct).as("direct memory").isLessThan((long) streams * 100_000);
            assertThat(good.get("/other").status()).as("others go on").isEqualTo("200");
            for (int i = 0; i < streams; i++) {
                assertThat(client.awaitReset(2 * i + 1).reset()).isEqualTo(CANCEL);
                assertThat(client.so(2 * i + 1).body()).hasSizeLessThanOrEqualTo(1);
            }
            Await.until("nothing is left", () -> gateway.counters().inFlight() == 0);
            assertThat(client.isOver()).as("the connection idles").isFalse();
        }
    }

    @Test
    void head_thatNeverEnds_isAnIdleConnection() {
        ManualClock clock = new ManualClock();
        try (RawUpstream upstream = RawUpstream.answering(HELLO);
                Gateway gateway = Gateway.serving(open(upstream), clock);
                Http2Wire client = gateway.connectHttp2()) {
            assertThat(client.get("/").status()).isEqualTo("200");
            Await.until("the call is over", () -> gateway.counters().count(Outcome.OK) == 1);
            client.frame(Http2Wire.HEADERS, Http2Wire.END_STREAM, 3, Http2Wire.block(":method: GET"));
            clock.pass(60_001);

            client.awaitClose();
            Await.until("it is told", () -> gateway.counters().connectionEnds(ConnectionEnd.IDLE) == 1);
        }
    }
}
