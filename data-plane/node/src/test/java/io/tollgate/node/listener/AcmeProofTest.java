package io.tollgate.node.listener;

import static io.tollgate.node.fixture.Catalog.catalog;
import static io.tollgate.node.fixture.Catalog.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tollgate.engine.fixture.TestAuthority;
import io.tollgate.engine.fixture.TestAuthority.Issued;
import io.tollgate.node.fixture.Catalog;
import io.tollgate.node.fixture.Gateway;
import io.tollgate.node.fixture.RawUpstream;
import io.tollgate.node.fixture.TlsClient;
import io.tollgate.node.tls.HandshakeCounters.End;
import io.tollgate.node.tls.TlsStack;
import io.tollgate.proto.config.v1.ClientCertificates;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Proofs of TLS-ALPN-01 (RFC 8737) by each TLS stack that there is here, over real sockets with the JDK's client. */
class AcmeProofTest {
    private static final String ACME = "acme-tls/1";
    private static final TestAuthority ROOT = TestAuthority.root("root");
    private static final Issued SHOP = ROOT.rsaFor("shop.example.com");
    private static final Issued PROOF = ROOT.ecdsaFor("shop.example.com");

    private final RawUpstream upstream = RawUpstream.answering("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
    private final int port = freePort();

    static Stream<TlsStack> stacks() {
        return Stream.of(TlsStack.choose(), TlsStack.JDK).distinct();
    }

    @AfterEach
    void close() {
        upstream.close();
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** A listener that asks its clients for certificates: an ACME server has none. */
    private Catalog shop() {
        return catalog()
                .service("petstore", upstream.port())
                .route("pets", "/pets", "petstore")
                .open()
                .certificate("shop", SHOP)
                .trustRoot("partners", ROOT)
                .tlsListener(
                        "edge",
                        port,
                        tls -> tls.setClientCertificates(ClientCertificates.CLIENT_CERTIFICATES_REQUIRE)
                                .addTrustRootIds(id("trust-root", "partners")));
    }

    private static TlsClient client(String... protocols) {
        return TlsClient.trusting(ROOT).name("shop.example.com").protocols(protocols);
    }

    @ParameterizedTest
    @MethodSource("stacks")
    void proof_clientThatSpeaksNothingElse_seesItAndIsLeft(TlsStack stack) throws IOException {
        try (Gateway gateway = Gateway.serving(shop().acmeProof("shop", "shop.example.com", PROOF), stack)) {
            for (String version : new String[] {"TLSv1.3", "TLSv1.2"}) {
                try (TlsClient.Connection connection =
                        client(ACME).versions(version).connect(port)) {
                    assertThat(connection.shown()).isEqualTo(PROOF.certificate());
                    assertThat(connection.socket().getApplicationProtocol()).isEqualTo(ACME);
                    assertThat(connection.socket().getInputStream().read())
                            .as("the node closes")
                            .isEqualTo(-1);
                }
            }
            assertThat(shownIn(client(ACME).name("SHOP.example.com"))).isEqualTo(PROOF.certificate());
            awaitProofs(gateway, 3);
            assertThat(gateway.handshakes().count(End.TLS_1_3)).isZero();
            assertThat(upstream.requests()).isEmpty();
        }
    }

    private java.security.cert.X509Certificate shownIn(TlsClient client) throws IOException {
        try (TlsClient.Connection connection = client.connect(port)) {
            return connection.shown();
        }
    }

    private static void awaitProofs(Gateway gateway, long count) {
        long patienceNanos = java.util.concurrent.TimeUnit.SECONDS.toNanos(20);
        long startNanos = System.nanoTime();
        while (gateway.handshakes().count(End.PROOF) < count && System.nanoTime() - startNanos < patienceNanos) {
            Thread.onSpinWait();
        }
        assertThat(gateway.handshakes().count(End.PROOF)).isEqualTo(count);
    }

    @ParameterizedTest
    @MethodSource("stacks")
    void proof_requestSentWithTheHandshake_isNotAnswered(TlsStack stack) throws IOException {
        try (Gateway gateway = Gateway.serving(shop().acmeProof("shop", "shop.example.com", PROOF), stack);
                TlsClient.Connection connection = client(ACME).connect(port)) {
            try {
                connection
                        .socket()
                        .getOutputStream()
                        .write("GET /pets HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                assertThat(connection.socket().getInputStream().read()).isEqualTo(-1);
            } catch (java.net.SocketException reset) {
                assertThat(reset).hasMessageNotContaining("timed out");
            }
            awaitProofs(gateway, 1);
            assertThat(upstream.requests()).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("stacks")
    void proof_everyOtherClient_neverSeesIt(TlsStack stack) throws IOException {
        try (Gateway gateway = Gateway.serving(shop().acmeProof("shop", "shop.example.com", PROOF), stack)) {
            Issued partner = ROOT.ecdsaFor("partner");
            for (String[] protocols : new String[][] {{ACME, "http/1.1"}, {"http/1.1", ACME}, {"http/1.1"}, {}}) {
                TlsClient client = TlsClient.showing(ROOT, partner)
                        .name("shop.example.com")
                        .protocols(protocols);
                try (TlsClient.Connection connection = client.connect(port)) {
                    assertThat(connection.shown()).isEqualTo(SHOP.certificate());
                    assertThat(connection.get("/pets"))
                            .startsWith("HTTP/1.1 200 ")
                            .endsWith("hello");
                }
            }
            assertThat(gateway.handshakes().count(End.PROOF)).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("stacks")
    void proof_thatIsNotThere_endsTheHandshakeAndTheNodeGoesOn(TlsStack stack) throws IOException {
        Catalog catalog = shop().acmeProof("shop", "shop.example.com", PROOF);
        try (Gateway gateway = Gateway.serving(catalog, stack)) {
            assertThatThrownBy(() -> client(ACME).name("other.example.com").connect(port))
                    .isInstanceOf(SSLException.class)
                    .hasMessageContaining("no_application_protocol");
            assertThatThrownBy(() -> client(ACME).name(null).connect(port)).isInstanceOf(SSLException.class);
            awaitProofs(gateway, 2);
            assertThat(shownIn(client(ACME))).isEqualTo(PROOF.certificate());

            gateway.serve(shop());

            assertThatThrownBy(() -> client(ACME).connect(port)).isInstanceOf(SSLException.class);
            awaitProofs(gateway, 4);
        }
    }
}
