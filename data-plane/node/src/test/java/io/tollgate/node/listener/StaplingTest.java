package io.tollgate.node.listener;

import static io.tollgate.node.fixture.Catalog.catalog;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.google.protobuf.ByteString;
import io.tollgate.engine.fixture.TestAuthority;
import io.tollgate.engine.fixture.TestAuthority.Issued;
import io.tollgate.node.exchange.Clock;
import io.tollgate.node.fixture.Catalog;
import io.tollgate.node.fixture.Gateway;
import io.tollgate.node.fixture.TlsClient;
import io.tollgate.node.tls.TlsStack;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** OCSP responses in handshakes, as the JDK's client reads them: it checks their signature, their time and whose certificate they are for. */
class StaplingTest {
    private static final TestAuthority ROOT = TestAuthority.root("root");
    private static final TestAuthority AUTHORITY = ROOT.intermediate("authority");
    private static final Issued SHOP = AUTHORITY.ecdsaFor("shop.example.com");
    private static final Issued OTHER = AUTHORITY.rsaFor("other.example.com");

    private final int port = freePort();

    private Catalog shop(byte[] response, long nextUpdateMillis) {
        return catalog()
                .certificate(
                        "shop",
                        SHOP,
                        shop -> shop.setOcspResponse(ByteString.copyFrom(response))
                                .setOcspNextUpdateMillis(nextUpdateMillis))
                .certificate("other", OTHER)
                .tlsListener("edge", port, tls -> tls);
    }

    /** The stack that can; TlsTest says where it has to be there. */
    private static TlsStack stapling() {
        assumeThat(TlsStack.choose().canStaple()).isTrue();
        return TlsStack.choose();
    }

    private static TlsClient wanting(String version) {
        return TlsClient.wantingStaple(ROOT).name("shop.example.com").versions(version);
    }

    /** A client of its own each time: full handshakes. */
    private List<byte[]> stapled(String name) throws IOException {
        try (TlsClient.Connection connection =
                TlsClient.trusting(ROOT).name(name).connect(port)) {
            return connection.stapled();
        }
    }

    private static long in(Duration time) {
        return Gateway.CLOCK.epochMillis() + time.toMillis();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void response_given_isShownWithItsCertificateAlone(String version) throws IOException {
        byte[] good = AUTHORITY.ocspResponse(SHOP.certificate(), 5);
        try (Gateway gateway = Gateway.serving(shop(good, in(Duration.ofDays(5))), stapling())) {
            assertThat(gateway.listeners()).hasSize(1);
            try (TlsClient.Connection connection = wanting(version).connect(port)) {
                assertThat(connection.version()).isEqualTo(version);
                assertThat(connection.stapled()).singleElement().isEqualTo(good);
            }
            assertThat(stapled("other.example.com")).isEmpty();
        }
    }

    @Test
    void response_ofAnotherAuthority_isNotBelievedByTheClient() {
        byte[] forged = TestAuthority.root("forger").ocspResponse(SHOP.certificate(), 5);
        try (Gateway gateway = Gateway.serving(shop(forged, in(Duration.ofDays(5))), stapling())) {
            assertThat(gateway.listeners()).hasSize(1);
            assertThatThrownBy(() -> wanting("TLSv1.3").connect(port).close())
                    .isInstanceOf(SSLHandshakeException.class);
        }
    }

    @Test
    void response_whoseNextUpdateHasCome_isShownNoMore() throws IOException {
        AtomicLong aheadMillis = new AtomicLong();
        Clock clock = new Clock() {
            @Override
            public long nanos() {
                return System.nanoTime();
            }

            @Override
            public long epochMillis() {
                return Gateway.CLOCK.epochMillis() + aheadMillis.get();
            }
        };
        byte[] good = AUTHORITY.ocspResponse(SHOP.certificate(), 5);
        try (Gateway gateway = Gateway.serving(shop(good, in(Duration.ofDays(5))), stapling(), clock)) {
            assertThat(gateway.listeners()).hasSize(1);
            assertThat(stapled("shop.example.com")).singleElement().isEqualTo(good);

            aheadMillis.set(Duration.ofDays(6).toMillis());

            assertThat(stapled("shop.example.com")).isEmpty();
            assertThatThrownBy(() -> wanting("TLSv1.3").connect(port).close())
                    .as("the client misses it")
                    .isInstanceOf(SSLHandshakeException.class);
        }
    }

    @Test
    void response_replaced_isShownFromTheNextHandshakeOn() throws IOException {
        byte[] first = AUTHORITY.ocspResponse(SHOP.certificate(), 5);
        byte[] second = AUTHORITY.ocspResponse(SHOP.certificate(), 9);
        try (Gateway gateway = Gateway.serving(shop(first, in(Duration.ofDays(5))), stapling());
                TlsClient.Connection kept = wanting("TLSv1.3").connect(port)) {
            assertThat(stapled("shop.example.com")).singleElement().isEqualTo(first);

            gateway.serve(shop(second, in(Duration.ofDays(9))));

            assertThat(stapled("shop.example.com")).singleElement().isEqualTo(second);
            wanting("TLSv1.2").connect(port).close();
            assertThat(kept.get("/")).as("no connection closes").startsWith("HTTP/1.1 404 ");

            gateway.serve(shop(new byte[0], 0));

            assertThat(stapled("shop.example.com")).isEmpty();
        }
    }

    @Test
    void jdk_showsNone() throws IOException {
        byte[] good = AUTHORITY.ocspResponse(SHOP.certificate(), 5);
        try (Gateway gateway = Gateway.serving(shop(good, in(Duration.ofDays(5))), TlsStack.JDK)) {
            assertThat(gateway.listeners()).hasSize(1);
            assertThat(stapled("shop.example.com")).isEmpty();
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
