package io.tollgate.node.listener;

import static io.tollgate.node.fixture.Catalog.catalog;
import static io.tollgate.node.fixture.Catalog.id;
import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.engine.fixture.TestAuthority;
import io.tollgate.engine.fixture.TestAuthority.Issued;
import io.tollgate.engine.tls.PeerCertificate;
import io.tollgate.node.accesslog.LogSettings;
import io.tollgate.node.fixture.Gateway;
import io.tollgate.node.fixture.RawUpstream;
import io.tollgate.node.fixture.TlsClient;
import io.tollgate.node.tls.TlsStack;
import io.tollgate.proto.config.v1.ClientCertificates;
import io.tollgate.proto.config.v1.Listener;
import io.tollgate.proto.config.v1.ListenerProtocol;
import io.tollgate.proto.config.v1.ListenerTls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a request knows of the certificate that its client showed, by each TLS stack that there is here: read from the access log. */
class ClientCertificateTest {
    private static final String HELLO = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
    private static final TestAuthority ROOT = TestAuthority.root("root");
    private static final TestAuthority AUTHORITY = ROOT.intermediate("authority");
    private static final Issued HERE = AUTHORITY.ecdsaFor("localhost");
    private static final Issued PARTNER = AUTHORITY.ecdsaFor("partner");
    private static final String NOTHING = "{\"status\":200}";

    private final RawUpstream upstream = RawUpstream.answering(HELLO);
    private final int port = freePort();
    private @Nullable Gateway gateway;

    static Stream<TlsStack> stacks() {
        return Stream.of(TlsStack.choose(), TlsStack.JDK).distinct();
    }

    @AfterEach
    void close() {
        if (gateway != null) {
            gateway.close();
        }
        upstream.close();
    }

    private void serve(TlsStack stack, ClientCertificates how, UnaryOperator<Listener.Builder> more) {
        LogSettings logged = LogSettings.parse(
                "stdout",
                key -> Map.of(
                                "TOLLGATE_ACCESS_LOG_FIELDS",
                                "client_certificate_subject,client_certificate_fingerprint,status")
                        .getOrDefault(key, ""));
        gateway = Gateway.serving(
                catalog()
                        .service("petstore", upstream.port())
                        .route("pets", "/pets", "petstore")
                        .open()
                        .certificate("here", HERE)
                        .trustRoot("partners", ROOT)
                        .listener(
                                "edge",
                                port,
                                listener -> more.apply(listener)
                                        .addProtocols(ListenerProtocol.LISTENER_PROTOCOL_HTTP2)
                                        .setTls(ListenerTls.newBuilder()
                                                .setClientCertificates(how)
                                                .addTrustRootIds(id("trust-root", "partners")))),
                stack,
                logged);
    }

    private List<String> logged() throws InterruptedException {
        assertThat(gateway).isNotNull();
        return gateway.logged().lines().toList();
    }

    private static String of(Issued issued) {
        PeerCertificate expected = PeerCertificate.of(issued.chain());
        return "{\"client_certificate_subject\":\"" + expected.subject() + "\",\"client_certificate_fingerprint\":\""
                + expected.fingerprintSha256() + "\",\"status\":200}";
    }

    private void call(TlsClient client, HttpClient.Version version, String... fields) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("https://localhost:" + port + "/pets"));
        if (fields.length > 0) {
            request.headers(fields);
        }
        HttpResponse<String> answer = HttpClient.newBuilder()
                .sslContext(client.context())
                .version(version)
                .build()
                .send(request.build(), HttpResponse.BodyHandlers.ofString());
        assertThat(answer.version()).isEqualTo(version);
        assertThat(answer.statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @MethodSource("stacks")
    void required_eachRequestOfTheConnectionKnowsIt(TlsStack stack) throws Exception {
        serve(stack, ClientCertificates.CLIENT_CERTIFICATES_REQUIRE, edge -> edge);
        TlsClient client = TlsClient.showing(ROOT, PARTNER);

        call(client, HttpClient.Version.HTTP_1_1);
        call(client, HttpClient.Version.HTTP_2);
        try (TlsClient.Connection kept = client.versions("TLSv1.2").connect(port)) {
            kept.get("/pets");
            kept.get("/pets");
        }

        assertThat(logged()).hasSize(4).containsOnly(of(PARTNER));
    }

    @ParameterizedTest
    @MethodSource("stacks")
    void requested_isKnownOfThoseThatShowIt(TlsStack stack) throws Exception {
        serve(stack, ClientCertificates.CLIENT_CERTIFICATES_REQUEST, edge -> edge);

        call(TlsClient.showing(ROOT, PARTNER), HttpClient.Version.HTTP_1_1);
        call(TlsClient.trusting(ROOT), HttpClient.Version.HTTP_1_1, "X-Client-Cert", "CN=partner");
        call(TlsClient.trusting(ROOT), HttpClient.Version.HTTP_2, "X-Client-Cert", "CN=partner");

        assertThat(logged()).containsExactly(of(PARTNER), NOTHING, NOTHING);
    }

    @ParameterizedTest
    @MethodSource("stacks")
    void sessionResumed_isKnownAsBefore(TlsStack stack) throws Exception {
        serve(stack, ClientCertificates.CLIENT_CERTIFICATES_REQUIRE, edge -> edge);
        for (String version : List.of("TLSv1.2", "TLSv1.3")) {
            TlsClient client = TlsClient.showing(ROOT, PARTNER).versions(version);
            long first = session(client);
            while (System.currentTimeMillis() <= first) {
                Thread.onSpinWait();
            }
            assertThat(session(client)).as(version + " is resumed").isEqualTo(first);
        }

        assertThat(logged()).hasSize(4).containsOnly(of(PARTNER));
    }

    /** When the session of a call began. */
    private long session(TlsClient client) throws IOException {
        try (TlsClient.Connection connection = client.connect(port)) {
            assertThat(connection.get("/pets")).startsWith("HTTP/1.1 200 ");
            return connection.socket().getSession().getCreationTime();
        }
    }

    @ParameterizedTest
    @MethodSource("stacks")
    void proxyThatIsBelieved_itsOwnIsNotTheCallers(TlsStack stack) throws Exception {
        serve(stack, ClientCertificates.CLIENT_CERTIFICATES_REQUIRE, edge -> edge.addTrustedProxies("127.0.0.1"));

        call(TlsClient.showing(ROOT, PARTNER), HttpClient.Version.HTTP_1_1, "X-Forwarded-For", "203.0.113.9");

        assertThat(logged()).containsExactly(NOTHING);
    }

    private static int freePort() {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
