package io.tollgate.node.listener;

import static io.tollgate.node.fixture.Catalog.catalog;
import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.engine.fixture.TestAuthority;
import io.tollgate.node.fixture.Catalog;
import io.tollgate.node.fixture.Coded;
import io.tollgate.node.fixture.Gateway;
import io.tollgate.node.fixture.Http2Wire;
import io.tollgate.node.fixture.RawUpstream;
import io.tollgate.node.fixture.TlsClient;
import io.tollgate.proto.config.v1.Compression;
import io.tollgate.proto.config.v1.CompressionLevel;
import io.tollgate.proto.config.v1.ContentCoding;
import io.tollgate.proto.config.v1.Hsts;
import io.tollgate.proto.config.v1.HttpsRedirect;
import io.tollgate.proto.config.v1.ListenerProtocol;
import io.tollgate.proto.config.v1.ListenerTls;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Compression and what keeps callers to https, over the node's own TLS and to clients of HTTP/2. */
class SecurePoliciesTest {
    private static final TestAuthority AUTHORITY = TestAuthority.root("authority");
    private static final TestAuthority.Issued HERE = AUTHORITY.ecdsaFor("localhost");
    private static final String TEXT = "{\"name\": \"Ada\", \"kind\": \"cat\"}\n".repeat(400);
    private static final String ANSWER =
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nStrict-Transport-Security: max-age=1\r\nContent-Length: "
                    + TEXT.length() + "\r\n\r\n" + TEXT;
    private static final String HSTS = "max-age=31536000";

    private final int port = freePort();

    private Catalog secured(RawUpstream upstream) {
        return catalog()
                .open()
                .service("petstore", upstream.port())
                .route("pets", "/pets", "petstore")
                .policy(
                        "small",
                        policy -> policy.setCompression(Compression.newBuilder()
                                .addEncodings(ContentCoding.CONTENT_CODING_BR)
                                .addEncodings(ContentCoding.CONTENT_CODING_GZIP)
                                .addEncodings(ContentCoding.CONTENT_CODING_ZSTD)
                                .setLevel(CompressionLevel.COMPRESSION_LEVEL_BALANCED)
                                .addContentTypes("application/json")
                                .addContentTypes("text/event-stream")))
                .policy(
                        "https",
                        policy -> policy.setHttpsRedirect(
                                HttpsRedirect.newBuilder().setStatus(308).setPort(port)))
                .policy("strict", policy -> policy.setHsts(Hsts.newBuilder().setMaxAgeSeconds(31_536_000)))
                .certificate("here", HERE)
                .listener(
                        "edge",
                        port,
                        listener -> listener.addProtocols(ListenerProtocol.LISTENER_PROTOCOL_HTTP2)
                                .setTls(ListenerTls.getDefaultInstance()));
    }

    private HttpResponse<InputStream> call(HttpClient.Version version, String path, String coding)
            throws IOException, InterruptedException {
        HttpResponse<InputStream> answer = HttpClient.newBuilder()
                .sslContext(TlsClient.trusting(AUTHORITY).context())
                .version(version)
                .build()
                .send(
                        HttpRequest.newBuilder(URI.create("https://localhost:" + port + path))
                                .header("Accept-Encoding", coding)
                                .build(),
                        HttpResponse.BodyHandlers.ofInputStream());
        assertThat(answer.version()).isEqualTo(version);
        return answer;
    }

    static Stream<Arguments> codings() {
        return Stream.of("gzip", "br", "zstd")
                .flatMap(
                        coding -> Stream.of(HttpClient.Version.values()).map(version -> Arguments.of(coding, version)));
    }

    @ParameterizedTest
    @MethodSource("codings")
    void answer_overTls_isCompressedAndStrict(String coding, HttpClient.Version version) throws Exception {
        try (RawUpstream upstream = RawUpstream.answering(ANSWER);
                Gateway gateway = Gateway.serving(secured(upstream))) {
            assertThat(gateway.listeners()).hasSize(1);
            HttpResponse<InputStream> answer = call(version, "/pets", coding);
            byte[] body = answer.body().readAllBytes();

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().allValues("Content-Encoding")).containsExactly(coding);
            assertThat(answer.headers().allValues("Vary")).containsExactly("Accept-Encoding");
            assertThat(answer.headers().allValues("Content-Length")).isEmpty();
            assertThat(answer.headers().allValues("Strict-Transport-Security")).containsExactly(HSTS);
            assertThat(Coded.text(coding, body)).isEqualTo(TEXT);
            assertThat(body.length).isLessThan(TEXT.length() / 10);
        }
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void events_overTls_areEachReadableBeforeTheNextIsSent(HttpClient.Version version) throws Exception {
        CountDownLatch read = new CountDownLatch(1);
        try (RawUpstream upstream = RawUpstream.scripted(connection -> {
                    connection.readMessage();
                    connection.send(
                            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
                                    + "5\r\none\n\n\r\n");
                    if (read.await(20, TimeUnit.SECONDS)) {
                        connection.send("5\r\ntwo\n\n\r\n0\r\n\r\n");
                    }
                });
                Gateway gateway = Gateway.serving(secured(upstream))) {
            assertThat(gateway.listeners()).hasSize(1);
            HttpResponse<InputStream> answer = call(version, "/pets", "gzip");
            assertThat(answer.headers().allValues("Content-Encoding")).containsExactly("gzip");
            try (InputStream events = Coded.stream("gzip", answer.body())) {
                assertThat(event(events)).isEqualTo("one\n\n");
                read.countDown();
                assertThat(event(events)).isEqualTo("two\n\n");
                assertThat(events.read()).isEqualTo(-1);
            }
        }
    }

    /** Octet by octet: some decoders wait for more when they are asked for more. */
    private static String event(InputStream events) throws IOException {
        StringBuilder event = new StringBuilder();
        while (event.length() < 5) {
            event.append((char) events.read());
        }
        return event.toString();
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void answersOfTheGateway_overTls_areStrict(HttpClient.Version version) throws Exception {
        try (RawUpstream upstream = RawUpstream.answering(ANSWER);
                Gateway gateway = Gateway.serving(secured(upstream))) {
            assertThat(gateway.listeners()).hasSize(1);
            HttpResponse<InputStream> answer = call(version, "/nowhere", "identity");

            assertThat(answer.statusCode()).isEqualTo(404);
            assertThat(answer.headers().allValues("Strict-Transport-Security")).containsExactly(HSTS);
        }
    }

    @Test
    void http2InTheClear_isSentToHttpsAndToldNothingMore() {
        try (RawUpstream upstream = RawUpstream.answering(ANSWER);
                Gateway gateway = Gateway.serving(secured(upstream));
                Http2Wire client = gateway.connectHttp2()) {
            Http2Wire.Answer answer = client.get("/pets/1?x=%41");

            assertThat(answer.status()).isEqualTo("308");
            assertThat(answer.head()).contains("location: https://api.example.com:" + port + "/pets/1?x=%41");
            assertThat(answer.head()).noneMatch(field -> field.startsWith("strict-transport-security"));
            assertThat(upstream.requests()).isEmpty();
        }
    }

    private static int freePort() {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
