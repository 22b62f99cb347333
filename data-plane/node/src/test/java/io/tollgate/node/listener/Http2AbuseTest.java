package io.tollgate.node.listener;

import static io.tollgate.node.fixture.Catalog.catalog;
import static io.tollgate.node.fixture.Http2Wire.head;
import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.node.dial.Await;
import io.tollgate.node.exchange.StreamRefusal;
import io.tollgate.node.fixture.Bounds;
import io.tollgate.node.fixture.Gateway;
import io.tollgate.node.fixture.Http2Wire;
import io.tollgate.node.fixture.RawUpstream;
import java.io.ByteArrayOutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is no request of HTTP/2, or could be read as two behind the gateway, never gets there (RFC 9113, 8.1.1 and 10.3). */
class Http2AbuseTest {
    private static final int PROTOCOL_ERROR = 1;
    private static final String HELLO = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

    /** A GET with these pseudo-header fields. */
    private static String[] fields(String... fields) {
        return fields;
    }

    static Stream<Arguments> heads() {
        List<Arguments> heads = new ArrayList<>();
        add(heads, "no method", ":scheme: http", ":authority: a", ":path: /");
        add(heads, "no scheme", ":method: GET", ":authority: a", ":path: /");
        add(heads, "no path", ":method: GET", ":scheme: http", ":authority: a");
        add(heads, "empty path", ":method: GET", ":scheme: http", ":authority: a", ":path: ");
        add(heads, "path without a slash", ":method: GET", ":scheme: http", ":authority: a", ":path: pets");
        add(heads, "path in absolute form", ":method: GET", ":scheme: http", ":authority: a", ":path: http://a/pets");
        add(heads, "asterisk for GET", ":method: GET", ":scheme: http", ":authority: a", ":path: *");
        add(heads, "path with a space", ":method: GET", ":scheme: http", ":authority: a", ":path: / HTTP/1.1");
        add(heads, "path with a line", ":method: GET", ":scheme: http", ":authority: a", ":path: /\r\nX: 1");
        add(heads, "method with a space", ":method: GET /x", ":scheme: http", ":authority: a", ":path: /");
        add(heads, "method with a line", ":method: GET\r\nX: 1", ":scheme: http", ":authority: a", ":path: /");
        add(heads, "method that is empty", ":method: ", ":scheme: http", ":authority: a", ":path: /");
        add(heads, "scheme of others", ":method: GET", ":scheme: ftp", ":authority: a", ":path: /");
        add(heads, "scheme with a line", ":method: GET", ":scheme: http\r\nX: 1", ":authority: a", ":path: /");
        add(heads, "no authority", ":method: GET", ":scheme: http", ":path: /");
        add(heads, "empty authority", ":method: GET", ":scheme: http", ":authority: ", ":path: /");
        add(heads, "authority with a user", ":method: GET", ":scheme: http", ":authority: u@a", ":path: /");
        add(heads, "authority with a line", ":method: GET", ":scheme: http", ":authority: a\r\nX: 1", ":path: /");
        add(heads, "authority with a path", ":method: GET", ":scheme: http", ":authority: a/b", ":path: /");
        add(heads, "method twice", ":method: GET", ":method: GET", ":scheme: http", ":authority: a", ":path: /");
        add(heads, "path twice", ":method: GET", ":scheme: http", ":authority: a", ":path: /", ":path: /x");
        add(heads, "authority twice", ":method: GET", ":scheme: http", ":authority: a", ":authority: a", ":path: /");
        add(heads, "late pseudo", ":method: GET", ":scheme: http", ":authority: a", "x: 1", ":path: /");
        add(heads, "unknown pseudo", ":method: GET", ":scheme: http", ":authority: a", ":path: /", ":x: 1");
        add(heads, "pseudo of answers", ":method: GET", ":scheme: http", ":authority: a", ":path: /", ":status: 200");
        add(heads, "protocol", ":method: CONNECT", ":protocol: x", ":scheme: http", ":authority: a", ":path: /");
        add(heads, "connect", ":method: CONNECT", ":authority: a:443");
        more(heads, "upper-case name", "X-Upper: 1");
        more(heads, "name with a space", "x y: 1");
        more(heads, "name with a colon", "x:y: 1");
        more(heads, "name with a line", "x\r\ny: 1");
        more(heads, "name with NUL", "x\0: 1");
        more(heads, "connection", "connection: close");
        more(heads, "keep-alive", "keep-alive: timeout=5");
        more(heads, "proxy-connection", "proxy-connection: close");
        more(heads, "upgrade", "upgrade: h2c");
        more(heads, "transfer-encoding", "transfer-encoding: chunked");
        more(heads, "te of others", "te: gzip");
        more(heads, "te of several", "te: trailers, gzip");
        more(heads, "value with a line", "x: 1\r\nHost: evil");
        more(heads, "value with CR", "x: 1\r2");
        more(heads, "value with LF", "x: 1\n2");
        more(heads, "value with NUL", "x: 1\0002");
        more(heads, "value after a space", "x:  1");
        more(heads, "value before a space", "x: 1 ");
        more(heads, "value before a tab", "x: 1\t");
        more(heads, "two lengths", "content-length: 0", "content-length: 1");
        more(heads, "length that is none", "content-length: x");
        more(heads, "negative length", "content-length: -1");
        more(heads, "signed length", "content-length: +0");
        more(heads, "length without a body", "content-length: 5");
        more(heads, "another host", "host: evil.example.com");
        more(heads, "another port", "host: api.example.com:81");
        more(heads, "two hosts", "host: api.example.com", "host: api.example.com");
        return heads.stream();
    }

    private static void add(List<Arguments> heads, String what, String... fields) {
        heads.add(Arguments.of(what, fields));
    }

    private static void more(List<Arguments> heads, String what, String... fields) {
        heads.add(Arguments.of(what, head("GET", "/pets", fields)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("heads")
    void head_malformed_isRefusedAndReachesNobody(String what, String[] fields) {
        try (RawUpstream upstream = RawUpstream.answering(HELLO);
                Gateway gateway = Gateway.serving(
                        catalog().open().service("pets", upstream.port()).route("all", "/", "pets"));
                Http2Wire client = gateway.connectHttp2()) {
            Http2Wire.Answer refused = client.answer(client.begin(true, fields));

            assertThat(refused.status().equals("400") || refused.reset() > 0 || client.isOver())
                    .as("400, or the stream or connection is broken off: %s", refused.head())
                    .isTrue();
            assertThat(upstream.requests()).isEmpty();
            if (!client.isOver()) {
                assertThat(client.get("/pets").status()).as("others go on").isEqualTo("200");
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("uncounted")
    void stream_refusedBeforeItIsARequest_isCountedAndItsBodyHarmsNobody(String what, String[] fields) {
        try (RawUpstream upstream = RawUpstream.answering(HELLO);
                Gateway gateway = Gateway.serving(
                        catalog().open().service("pets", upstream.port()).route("all", "/", "pets"));
                Http2Wire client = gateway.connectHttp2()) {
            int stream = client.begin(false, fields);
            client.data(stream, false, "abc");
            client.data(stream, true, "def");

            assertThat(client.answer(stream).reset()).isEqualTo(PROTOCOL_ERROR);
            assertThat(client.get("/pets").status()).as("others go on").isEqualTo("200");
            assertThat(gateway.counters().streamRefusals(StreamRefusal.MALFORMED))
                    .as("once")
                    .isEqualTo(1);
            assertThat(upstream.requests()).hasSize(1);
        }
    }

    static Stream<Arguments> uncounted() {
        return Stream.of(
                Arguments.of("not read by the codec", head("POST", "/pets", "X-Upper: 1")),
                Arguments.of("length that is none", head("POST", "/pets", "content-length: x")),
                Arguments.of("method that is no token", head("GE T", "/pets")));
    }

    @Test
    void connections_brokenWhileTheirStreamsAreReset_areNotLogged() throws InterruptedException {
        List<LogRecord> logged = new CopyOnWriteArrayList<>();
        Handler log = handler(logged);
        Logger netty = Logger.getLogger("io.netty");
        netty.addHandler(log);
        try (RawUpstream upstream = RawUpstream.answering(HELLO);
                Gateway gateway = Gateway.serving(
                        catalog().open().service("pets", upstream.port()).route("all", "/", "pets"),
                        Gateway.CLOCK,
                        Bounds.with("http2ResetsPerSecondMax", 1_000_000))) {
            byte[] block = Http2Wire.block(head("POST", "/pets", "content-length: 5"));
            ByteArrayOutputStream malformed = new ByteArrayOutputStream();
            for (int stream = 1; stream < 100_000; stream += 2) {
                malformed.writeBytes(Http2Wire.bytes(
                        Http2Wire.HEADERS, Http2Wire.END_HEADERS | Http2Wire.END_STREAM, stream, block));
            }
            for (int i = 0; i < 10; i++) {
                long before = gateway.counters().streamRefusals(StreamRefusal.MALFORMED);
                try (Http2Wire client = gateway.connectHttp2()) {
                    Thread sender = new Thread(() -> sendAsFarAsItGoes(client, malformed.toByteArray()));
                    sender.start();
                    Await.until(
                            "its streams are being reset",
                            () -> gateway.counters().streamRefusals(StreamRefusal.MALFORMED) > before + 100);
                    // It never reads: the node has resets to write when the connection is gone.
                    client.reset();
                    sender.join();
                }
            }
            Await.until("all are gone", () -> gateway.gates().open() == 0);
            assertThat(logged).extracting(LogRecord::getMessage).isEmpty();
        } finally {
            netty.removeHandler(log);
        }
    }

    private static void sendAsFarAsItGoes(Http2Wire client, byte[] bytes) {
        try {
            client.send(bytes);
        } catch (UncheckedIOException e) {
            // The test closed the connection meanwhile.
            assertThat(e).hasMessageMatching(".*(?i)(broken pipe|reset|abort|closed).*");
        }
    }

    private static Handler handler(List<LogRecord> logged) {
        return new Handler() {
            @Override
            public void publish(LogRecord line) {
                logged.add(line);
            }

            @Override
            public void flush() {
                // Nothing is held back.
            }

            @Override
            public void close() {
                // Nothing is open.
            }
        };
    }

    @Test
    void hosts_thatAgree_passAsOne() {
        try (RawUpstream upstream = RawUpstream.answering(HELLO);
                Gateway gateway = Gateway.serving(
                        catalog().open().service("pets", upstream.port()).route("all", "/", "pets"));
                Http2Wire client = gateway.connectHttp2()) {
            assertThat(List.of(
                            client.get("/pets", "host: API.example.com"),
                            client.get("/pets", "host: api.example.com:80"),
                            client.answer(client.begin(
                                    true, ":method: GET", ":scheme: http", ":path: /", "host: api.example.com"))))
                    .allSatisfy(answer -> assertThat(answer.status()).isEqualTo("200"));
            assertThat(upstream.requests())
                    .allSatisfy(request -> assertThat(request)
                            .containsOnlyOnce("\r\nHost: ")
                            .contains("\r\nX-Forwarded-Host: api.example.com\r\n"));
        }
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void body_ofAnotherLength_neverMakesAWholeRequest(String what, String length, List<String> data) {
        List<String> whole = new CopyOnWriteArrayList<>();
        try (RawUpstream upstream = RawUpstream.scripted(connection -> {
                    String head = connection.readHead();
                    if (connection.read(Integer.parseInt(length)).length() == Integer.parseInt(length)) {
                        whole.add(head);
                    }
                });
                Gateway gateway = Gateway.serving(
                        catalog().open().service("pets", upstream.port()).route("all", "/", "pets"));
                Http2Wire client = gateway.connectHttp2()) {
            int stream = client.begin(false, head("POST", "/pets", "content-length: " + length));
            for (int i = 0; i < data.size(); i++) {
                client.data(stream, i == data.size() - 1, data.get(i));
            }

            assertThat(client.answer(stream).reset()).isPositive();
            Await.until("nothing is left", () -> gateway.counters().inFlight() == 0);
            assertThat(whole).isEmpty();
        }
    }

    static Stream<Arguments> bodies() {
        return Stream.of(
                Arguments.of("too short", "6", List.of("abc", "de")),
                Arguments.of("too long at once", "3", List.of("abcd")),
                Arguments.of("too long later", "6", List.of("abc", "defGET / HTTP/1.1\r\n\r\n")));
    }

    @ParameterizedTest
    @MethodSource("trailers")
    void trailers_malformed_breakTheCallOff(String what, String[] fields) {
        try (RawUpstream upstream = RawUpstream.answering(HELLO);
                Gateway gateway = Gateway.serving(
                        catalog().open().service("pets", upstream.port()).route("all", "/", "pets"));
                Http2Wire client = gateway.connectHttp2()) {
            int stream = client.begin(false, head("POST", "/pets"));
            client.data(stream, false, "abc");
            client.headers(stream, true, fields);

            Http2Wire.Answer answer = client.answer(stream);
            assertThat(answer.reset() > 0 || client.isOver()).isTrue();
            assertThat(upstream.requests())
                    .as("no request that is whole")
                    .noneMatch(request -> request.endsWith("\r\n0\r\n\r\n"));
        }
    }

    static Stream<Arguments> trailers() {
        return Stream.of(
                Arguments.of("pseudo", fields(":path: /x")),
                Arguments.of("line", fields("x: 1\r\n\r\nGET / HTTP/1.1")),
                Arguments.of("space at the end", fields("x: 1 ")),
                Arguments.of("upper case", fields("X: 1")));
    }

    @Test
    void headers_afterTheEnd_areAnError() {
        try (RawUpstream upstream = RawUpstream.scripted(connection -> {
                    connection.readMessage();
                    connection.readToEnd();
                });
                Gateway gateway = Gateway.serving(
                        catalog().open().service("pets", upstream.port()).route("all", "/", "pets"));
                Http2Wire client = gateway.connectHttp2()) {
            int stream = client.begin(true, head("GET", "/pets"));
            client.headers(stream, true, head("GET", "/pets/again"));

            assertThat(client.awaitReset(stream).reset()).isPositive();
        }
    }

    @Test
    void streams_everyMalformedHeadAtOnce_leaveNothingBehind() {
        try (RawUpstream upstream = RawUpstream.answering(HELLO);
                Gateway gateway = Gateway.serving(
                        catalog().open().service("pets", upstream.port()).route("all", "/", "pets"))) {
            heads().forEach(head -> {
                try (Http2Wire client = gateway.connectHttp2()) {
                    client.answer(client.begin(true, (String[]) head.get()[1]));
                }
            });

            Await.until(
                    "nothing is left",
                    () -> gateway.counters().inFlight() == 0
                            && gateway.counters().connections() == 0);
            assertThat(upstream.requests()).isEmpty();
        }
    }
}
