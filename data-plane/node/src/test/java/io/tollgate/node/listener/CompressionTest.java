package io.tollgate.node.listener;

import static io.tollgate.node.fixture.Catalog.catalog;
import static io.tollgate.node.fixture.Catalog.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tollgate.node.coding.BodyEncoder;
import io.tollgate.node.dial.Await;
import io.tollgate.node.exchange.OutcomeClass;
import io.tollgate.node.fixture.Catalog;
import io.tollgate.node.fixture.Coded;
import io.tollgate.node.fixture.CountedCalls;
import io.tollgate.node.fixture.Gateway;
import io.tollgate.node.fixture.Http2Wire;
import io.tollgate.node.fixture.RawClient;
import io.tollgate.node.fixture.RawUpstream;
import io.tollgate.proto.config.v1.Attachment;
import io.tollgate.proto.config.v1.AttachmentKind;
import io.tollgate.proto.config.v1.Compression;
import io.tollgate.proto.config.v1.CompressionLevel;
import io.tollgate.proto.config.v1.ContentCoding;
import io.tollgate.proto.config.v1.FixedAnswer;
import io.tollgate.proto.config.v1.HeaderField;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that the gateway compresses, and those that it leaves alone. */
class CompressionTest {
    private static final String TEXT = "{\"pet\":\"dog\",\"age\":7},\n".repeat(3_000);

    private static Compression.Builder compression() {
        return Compression.newBuilder()
                .addEncodings(ContentCoding.CONTENT_CODING_ZSTD)
                .addEncodings(ContentCoding.CONTENT_CODING_BR)
                .addEncodings(ContentCoding.CONTENT_CODING_GZIP)
                .setLevel(CompressionLevel.COMPRESSION_LEVEL_BALANCED)
                .addContentTypes("text/*")
                .addContentTypes("application/json")
                .addContentTypes("application/*+json")
                .setBytesMin(1024);
    }

    private static Catalog open(RawUpstream upstream, Compression.Builder compression) {
        return catalog()
                .open()
                .service("pets", upstream.port())
                .route("pets", "/", "pets")
                .policy("small", policy -> policy.setCompression(compression));
    }

    private static String answer(String body, String... fields) {
        return "HTTP/1.1 200 OK\r\n" + RawClient.lines(fields) + "Content-Length: " + body.length() + "\r\n\r\n" + body;
    }

    private static HttpResponse<byte[]> call(Gateway gateway, String method, String... fields) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + "/pets"))
                .method(method, HttpRequest.BodyPublishers.noBody());
        for (int i = 0; i < fields.length; i += 2) {
            request.header(fields[i], fields[i + 1]);
        }
        try {
            return HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .build()
                    .send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static String field(HttpResponse<?> answer, String name) {
        return String.join(" | ", answer.headers().allValues(name));
    }

    private static void awaitNoneOpen() throws InterruptedException {
        Await.until("every encoder gave its memory back", () -> BodyEncoder.open() == 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "br", "zstd"})
    void answer_acceptedCoding_isCompressedAndSaysSo(String coding) {
        String answer = answer(
                TEXT,
                "Content-Type: application/json; charset=utf-8",
                "ETag: \"v1\"",
                "Vary: Origin",
                "Accept-Ranges: bytes");
        try (RawUpstream upstream = RawUpstream.answering(answer);
                Gateway gateway = Gateway.serving(open(upstream, compression()))) {
            HttpResponse<byte[]> got = call(gateway, "GET", "Accept-Encoding", coding);

            assertThat(got.statusCode()).isEqualTo(200);
            assertThat(field(got, "Content-Encoding")).isEqualTo(coding);
            assertThat(Coded.text(coding, got.body())).isEqualTo(TEXT);
            assertThat(got.body().length).isLessThan(TEXT.length() / 10);
            assertThat(field(got, "ETag")).isEqualTo("W/\"v1\"");
            assertThat(field(got, "Vary")).isEqualTo("Origin, Accept-Encoding");
            assertThat(field(got, "Content-Length")).isEmpty();
            assertThat(field(got, "Accept-Ranges")).isEmpty();
            assertThat(field(got, "Content-Type")).isEqualTo("application/json; charset=utf-8");
            // What is counted is what the client got.
            assertThat(gateway.usage().calls()).singleElement().satisfies(counted -> {
                assertThat(counted.outcomeClass()).isEqualTo(OutcomeClass.SUCCESS);
                assertThat(counted.responseBytes()).isEqualTo(got.body().length);
            });
            assertThat(BodyEncoder.open()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "br", "zstd"})
    void answer_overHttp2_isCompressedStreamByStream(String coding) {
        try (RawUpstream upstream = RawUpstream.answering(answer(TEXT, "Content-Type: text/plain", "ETag: \"v1\""));
                Gateway gateway = Gateway.serving(open(upstream, compression()));
                Http2Wire client = gateway.connectHttp2()) {
            int coded = client.begin(true, Http2Wire.head("GET", "/pets", "accept-encoding: " + coding));
            int plain = client.begin(true, Http2Wire.head("GET", "/pets", "accept-encoding: identity"));
            client.window(plain, TEXT.length());
            client.window(0, 2 * TEXT.length());

            Http2Wire.Answer answer = client.answer(coded);
            assertThat(answer.head())
                    .contains(":status: 200", "content-encoding: " + coding, "etag: W/\"v1\"", "vary: Accept-Encoding")
                    .noneMatch(field -> field.startsWith("content-length") || field.startsWith("transfer-encoding"));
            byte[] body = answer.body().getBytes(StandardCharsets.ISO_8859_1);
            assertThat(Coded.text(coding, body)).isEqualTo(TEXT);
            assertThat(body.length).isLessThan(TEXT.length() / 10);
            assertThat(client.answer(plain).body()).isEqualTo(TEXT);
            assertThat(client.so(plain).head()).noneMatch(field -> field.startsWith("content-encoding"));
            Await.until("both are counted", () -> gateway.usage().calls().size() == 2);
            assertThat(gateway.usage().calls())
                    .extracting(CountedCalls.Call::responseBytes)
                    .containsExactlyInAnyOrder((long) body.length, (long) TEXT.length());
            assertThat(BodyEncoder.open()).isZero();
        }
    }

    @Test
    void stream_resetOverHttp2_givesTheMemoryBack() throws InterruptedException {
        Semaphore more = new Semaphore(0);
        try (RawUpstream upstream = RawUpstream.scripted(connection -> {
                    connection.readMessage();
                    connection.send("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: "
                            + 2 * TEXT.length() + "\r\n\r\n" + TEXT);
                    more.acquire();
                });
                Gateway gateway = Gateway.serving(open(upstream, compression()));
                Http2Wire client = gateway.connectHttp2()) {
            int stream = client.begin(true, Http2Wire.head("GET", "/pets", "accept-encoding: br"));
            assertThat(client.awaitHead(stream).head()).contains("content-encoding: br");
            assertThat(BodyEncoder.open()).isEqualTo(1);
            client.reset(stream, 8);

            awaitNoneOpen();
            more.release();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = CompressionLevel.class,
            names = {"COMPRESSION_LEVEL_FASTEST", "COMPRESSION_LEVEL_SMALLEST"})
    void answer_everyLevel_isReadable(CompressionLevel level) {
        try (RawUpstream upstream = RawUpstream.answering(answer(TEXT, "Content-Type: text/plain"));
                Gateway gateway = Gateway.serving(open(upstream, compression().setLevel(level)))) {
            for (String coding : new String[] {"gzip", "br", "zstd"}) {
                HttpResponse<byte[]> got = call(gateway, "GET", "Accept-Encoding", coding);
                assertThat(Coded.text(coding, got.body())).isEqualTo(TEXT);
            }
        }
    }

    @Test
    void answer_equalWeights_followThePolicy() {
        try (RawUpstream upstream = RawUpstream.answering(answer(TEXT, "Content-Type: text/plain"));
                Gateway gateway = Gateway.serving(open(
                        upstream,
                        compression()
                                .clearEncodings()
                                .addEncodings(ContentCoding.CONTENT_CODING_BR)
                                .addEncodings(ContentCoding.CONTENT_CODING_GZIP)))) {
            assertThat(field(call(gateway, "GET", "Accept-Encoding", "gzip, zstd, br"), "Content-Encoding"))
                    .isEqualTo("br");
            assertThat(field(call(gateway, "GET", "Accept-Encoding", "gzip, br;q=0.9"), "Content-Encoding"))
                    .isEqualTo("gzip");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "deflate", "identity", "gzip;q=0", "identity, gzip;q=0.9"})
    void answer_clientThatDoesNotWantIt_isPlainButVaries(String accepted) {
        try (RawUpstream upstream = RawUpstream.answering(answer(TEXT, "Content-Type: text/plain", "ETag: \"v1\""));
                Gateway gateway = Gateway.serving(open(upstream, compression()))) {
            HttpResponse<byte[]> got =
                    accepted.isEmpty() ? call(gateway, "GET") : call(gateway, "GET", "Accept-Encoding", accepted);

            assertThat(field(got, "Content-Encoding")).isEmpty();
            assertThat(field(got, "Vary")).isEqualTo("Accept-Encoding");
            assertThat(field(got, "ETag")).isEqualTo("\"v1\"");
            assertThat(field(got, "Content-Length")).isEqualTo(Integer.toString(TEXT.length()));
            assertThat(new String(got.body(), StandardCharsets.ISO_8859_1)).isEqualTo(TEXT);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Content-Encoding: br",
                "Content-Encoding: identity",
                "Cache-Control: public, No-Transform",
                "Content-Digest: sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:",
                "Repr-Digest: sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:",
                "Content-Range: bytes 0-65999/*"
            })
    void answer_thatNobodyMayChange_passesAsItIs(String field) {
        try (RawUpstream upstream =
                        RawUpstream.answering(answer(TEXT, "Content-Type: text/plain", "ETag: \"v1\"", field));
                Gateway gateway = Gateway.serving(open(upstream, compression()))) {
            HttpResponse<byte[]> got = call(gateway, "GET", "Accept-Encoding", "gzip, br, zstd");

            String name = field.substring(0, field.indexOf(':'));
            assertThat(field(got, name)).isEqualTo(field.substring(name.length() + 2));
            assertThat(field(got, "ETag")).isEqualTo("\"v1\"");
            assertThat(field(got, "Vary")).isEmpty();
            assertThat(field(got, "Content-Encoding")).isIn("", "br", "identity");
            assertThat(new String(got.body(), StandardCharsets.ISO_8859_1)).isEqualTo(TEXT);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"image/png", "text/event-stream", "application/grpc", "application/octet-stream"})
    void answer_ofAnotherType_passesAsItIs(String type) {
        try (RawUpstream upstream = RawUpstream.answering(answer(TEXT, "Content-Type: " + type));
                Gateway gateway = Gateway.serving(open(upstream, compression()))) {
            HttpResponse<byte[]> got = call(gateway, "GET", "Accept-Encoding", "gzip");

            assertThat(field(got, "Content-Encoding")).isEmpty();
            assertThat(field(got, "Vary")).isEmpty();
        }
    }

    @Test
    void answer_clientThatForbidsTransforming_passesAsItIs() {
        try (RawUpstream upstream = RawUpstream.answering(answer(TEXT, "Content-Type: text/plain"));
                Gateway gateway = Gateway.serving(open(upstream, compression()))) {
            HttpResponse<byte[]> got = call(gateway, "GET", "Accept-Encoding", "gzip", "Cache-Control", "no-transform");

            assertThat(field(got, "Content-Encoding")).isEmpty();
        }
    }

    @Test
    void answer_short_isCompressedOnlyWhereIdentityIsRefused() {
        String body = "a".repeat(1_023);
        try (RawUpstream upstream = RawUpstream.answering(answer(body, "Content-Type: text/plain"));
                Gateway gateway = Gateway.serving(open(upstream, compression()))) {
            assertThat(field(call(gateway, "GET", "Accept-Encoding", "gzip"), "Content-Encoding"))
                    .isEmpty();
            HttpResponse<byte[]> refused = call(gateway, "GET", "Accept-Encoding", "gzip, identity;q=0");
            assertThat(field(refused, "Content-Encoding")).isEqualTo("gzip");
            assertThat(Coded.text("gzip", refused.body())).isEqualTo(body);
        }
    }

    @Test
    void answer_part_passesAsItIs() {
        String part = "HTTP/1.1 206 Partial Content\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n"
                + "Content-Range: bytes 0-4/9000\r\n\r\nhello";
        try (RawUpstream upstream = RawUpstream.answering(part);
                Gateway gateway = Gateway.serving(open(upstream, compression().setBytesMin(0)))) {
            HttpResponse<byte[]> got = call(gateway, "GET", "Accept-Encoding", "gzip", "Range", "bytes=0-4");

            assertThat(got.statusCode()).isEqualTo(206);
            assertThat(field(got, "Content-Encoding")).isEmpty();
            assertThat(new String(got.body(), StandardCharsets.ISO_8859_1)).isEqualTo("hello");
        }
    }

    @Test
    void head_saysWhatGetSays_andNoLength() {
        String head = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nETag: \"v1\"\r\nContent-Length: 9000\r\n\r\n";
        try (RawUpstream upstream = RawUpstream.answering(head);
                Gateway gateway = Gateway.serving(open(upstream, compression()));
                RawClient client = gateway.connect()) {
            for (int i = 0; i < 2; i++) {
                client.send("HEAD /pets HTTP/1.1\r\nHost: a\r\nAccept-Encoding: br\r\n\r\n");
                assertThat(client.readHead())
                        .startsWith("HTTP/1.1 200 ")
                        .containsIgnoringCase("Content-Encoding: br\r\n")
                        .containsIgnoringCase("ETag: W/\"v1\"\r\n")
                        .containsIgnoringCase("Vary: Accept-Encoding\r\n")
                        .doesNotContainIgnoringCase("Content-Length");
            }
            assertThat(BodyEncoder.open()).isZero();
        }
    }

    @Test
    void notModified_hasTheValidatorOfTheCompressedAnswer() {
        try (RawUpstream upstream = RawUpstream.answering("HTTP/1.1 304 Not Modified\r\nETag: \"v1\"\r\n\r\n");
                Gateway gateway = Gateway.serving(open(upstream, compression()))) {
            HttpResponse<byte[]> got = call(gateway, "GET", "Accept-Encoding", "gzip", "If-None-Match", "W/\"v1\"");

            assertThat(got.statusCode()).isEqualTo(304);
            assertThat(field(got, "ETag")).isEqualTo("W/\"v1\"");
            assertThat(field(got, "Vary")).isEqualTo("Accept-Encoding");
            assertThat(upstream.requests()).singleElement().asString().contains("W/\"v1\"");
        }
    }

    @Test
    void answer_ofUnknownLengthWithTrailers_isCompressedAndKeepsThem() {
        String chunked = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "5\r\nhello\r\n6\r\n world\r\n0\r\nX-Sum: 11\r\n\r\n";
        try (RawUpstream upstream = RawUpstream.answering(chunked);
                Gateway gateway = Gateway.serving(open(upstream, compression()));
                RawClient client = gateway.connect()) {
            client.send("GET /pets HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\n\r\n");
            assertThat(client.readHead()).containsIgnoringCase("Content-Encoding: gzip\r\n");
            ChunkedBody body = new ChunkedBody(client);
            assertThat(Coded.text("gzip", readAll(body))).isEqualTo("hello world");
            assertThat(client.readHead()).containsIgnoringCase("X-Sum: 11\r\n");
        }
    }

    @Test
    void answer_toHttp10_endsWithTheConnection() {
        try (RawUpstream upstream = RawUpstream.answering(answer(TEXT, "Content-Type: text/plain"));
                Gateway gateway = Gateway.serving(open(upstream, compression()));
                RawClient client = gateway.connect()) {
            client.send("GET /pets HTTP/1.0\r\nHost: a\r\nAccept-Encoding: gzip\r\nConnection: keep-alive\r\n\r\n");
            assertThat(client.readHead())
                    .containsIgnoringCase("Content-Encoding: gzip\r\n")
                    .containsIgnoringCase("Connection: close\r\n")
                    .doesNotContainIgnoringCase("Transfer-Encoding");
            assertThat(Coded.text("gzip", client.readToEnd().getBytes(StandardCharsets.ISO_8859_1)))
                    .isEqualTo(TEXT);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "br", "zstd"})
    void stream_eachPart_isReadableBeforeTheNextIsSent(String coding) throws IOException {
        Semaphore read = new Semaphore(0);
        try (RawUpstream upstream = RawUpstream.scripted(connection -> {
                    connection.readMessage();
                    connection.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
                            + "Transfer-Encoding: chunked\r\n\r\n");
                    for (int i = 0; i < 5; i++) {
                        connection.send("9\r\ndata: " + i + "\n\n\r\n");
                        read.acquire();
                    }
                    connection.send("0\r\n\r\n");
                    connection.readHead();
                });
                Gateway gateway = Gateway.serving(open(upstream, compression().addContentTypes("text/event-stream")));
                RawClient client = gateway.connect()) {
            client.send("GET /pets HTTP/1.1\r\nHost: a\r\nAccept-Encoding: " + coding + "\r\n\r\n");
            assertThat(client.readHead()).containsIgnoringCase("Content-Encoding: " + coding + "\r\n");
            InputStream events = Coded.stream(coding, new ChunkedBody(client));
            for (int i = 0; i < 5; i++) {
                // Octet by octet: some decoders wait for more when they are asked for more.
                StringBuilder event = new StringBuilder();
                while (event.length() < 9) {
                    event.append((char) events.read());
                }
                assertThat(event.toString()).isEqualTo("data: " + i + "\n\n");
                assertThat(BodyEncoder.open()).isEqualTo(1);
                read.release();
            }
            assertThat(events.read()).isEqualTo(-1);
        }
        assertThat(BodyEncoder.open()).isZero();
    }

    @Test
    void stream_clientGone_givesTheMemoryBack() throws InterruptedException {
        Semaphore never = new Semaphore(0);
        try (RawUpstream upstream = RawUpstream.scripted(connection -> {
                    connection.readMessage();
                    connection.send("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n"
                            + "5\r\nhello\r\n");
                    never.acquire();
                });
                Gateway gateway = Gateway.serving(open(upstream, compression()))) {
            try (RawClient client = gateway.connect()) {
                client.send("GET /pets HTTP/1.1\r\nHost: a\r\nAccept-Encoding: zstd\r\n\r\n");
                client.readHead();
                assertThat(BodyEncoder.open()).isEqualTo(1);
            }
            awaitNoneOpen();
            never.release();
        }
    }

    @Test
    void stream_upstreamBreaksOff_isCutAndGivesTheMemoryBack() throws InterruptedException {
        try (RawUpstream upstream = RawUpstream.scripted(connection -> {
                    connection.readMessage();
                    connection.send("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 9000\r\n\r\nhello");
                    connection.reset();
                });
                Gateway gateway = Gateway.serving(open(upstream, compression()));
                RawClient client = gateway.connect()) {
            client.send("GET /pets HTTP/1.1\r\nHost: a\r\nAccept-Encoding: br\r\n\r\n");
            assertThatThrownBy(() -> {
                        client.readHead();
                        readAll(new ChunkedBody(client));
                    })
                    .as("a cut answer never looks whole")
                    .isInstanceOfAny(IOException.class, java.io.UncheckedIOException.class);
            awaitNoneOpen();
        }
    }

    @Test
    void download_slowClient_holdsTheUpstreamBack() {
        AtomicLong sent = new AtomicLong();
        long total = 64L << 20;
        byte[] noise = new byte[65_536];
        new Random(7).nextBytes(noise);
        try (RawUpstream upstream = RawUpstream.scripted(connection -> {
                    connection.readMessage();
                    connection.send(
                            "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: " + total + "\r\n\r\n");
                    while (sent.get() < total) {
                        connection.send(noise);
                        sent.addAndGet(noise.length);
                    }
                    connection.readHead();
                });
                Gateway gateway = Gateway.serving(
                        open(upstream, compression().setLevel(CompressionLevel.COMPRESSION_LEVEL_FASTEST)));
                RawClient client = gateway.connect()) {
            client.send("GET /pets HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\n\r\n");
            client.readHead();
            BodyTest.awaitStandstill(sent);
            assertThat(sent.get()).as("what is not read is not taken").isLessThan(total / 2);
        }
    }

    @Test
    void fixedAnswer_isCompressedWithItsLength() {
        try (Gateway gateway = Gateway.serving(catalog()
                .open()
                .action(
                        "fixed",
                        "/pets",
                        route -> route.setFixedAnswer(FixedAnswer.newBuilder()
                                .setStatus(200)
                                .addHeaders(HeaderField.newBuilder()
                                        .setName("Content-Type")
                                        .setValue("text/plain"))
                                .setBody("a".repeat(4_000))))
                .policy("small", policy -> policy.setCompression(compression())))) {
            HttpResponse<byte[]> got = call(gateway, "GET", "Accept-Encoding", "zstd");

            assertThat(field(got, "Content-Encoding")).isEqualTo("zstd");
            assertThat(field(got, "Content-Length")).isEqualTo(Integer.toString(got.body().length));
            assertThat(Coded.text("zstd", got.body())).isEqualTo("a".repeat(4_000));
            assertThat(BodyEncoder.open()).isZero();
        }
    }

    @Test
    void place_mostSpecific_wins() {
        try (RawUpstream upstream = RawUpstream.answering(answer(TEXT, "Content-Type: text/plain"));
                Gateway gateway = Gateway.serving(open(upstream, compression())
                        .policy(
                                "none",
                                policy -> policy.setAttachment(Attachment.newBuilder()
                                                .setKind(AttachmentKind.ATTACHMENT_KIND_ROUTE)
                                                .setObjectId(id("route", "pets")))
                                        .setCompression(Compression.newBuilder()
                                                .setLevel(CompressionLevel.COMPRESSION_LEVEL_BALANCED))))) {
            HttpResponse<byte[]> got = call(gateway, "GET", "Accept-Encoding", "gzip");

            assertThat(field(got, "Content-Encoding")).isEmpty();
            assertThat(field(got, "Vary")).isEmpty();
        }
    }

    private static byte[] readAll(InputStream body) {
        try {
            return body.readAllBytes();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** A body in chunks, read no further than asked. */
    private static final class ChunkedBody extends InputStream {
        private final RawClient client;
        private int left;
        private boolean ended;

        ChunkedBody(RawClient client) {
            this.client = client;
        }

        @Override
        public int read() throws IOException {
            if (left == 0 && !ended) {
                StringBuilder line = new StringBuilder();
                while (line.indexOf("\r\n") < 0) {
                    String next = client.read(1);
                    if (next.isEmpty()) {
                        throw new java.io.EOFException("inside a body");
                    }
                    line.append(next);
                }
                left = Integer.parseInt(line.toString().trim(), 16);
                ended = left == 0;
            }
            if (ended) {
                return -1;
            }
            String octet = client.read(1);
            if (octet.isEmpty()) {
                throw new java.io.EOFException("inside a chunk");
            }
            left--;
            if (left == 0) {
                client.read(2);
            }
            return octet.charAt(0);
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            int octet = length == 0 ? -1 : read();
            if (octet < 0) {
                return length == 0 ? 0 : -1;
            }
            into[offset] = (byte) octet;
            return 1;
        }

        @Override
        public int available() {
            return left;
        }
    }
}
