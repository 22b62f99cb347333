package io.tollgate.node.listener;

import static io.tollgate.node.fixture.Catalog.catalog;
import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.node.dial.Await;
import io.tollgate.node.exchange.ConnectionEnd;
import io.tollgate.node.fixture.Catalog;
import io.tollgate.node.fixture.Gateway;
import io.tollgate.node.fixture.RawClient;
import io.tollgate.node.fixture.RawUpstream;
import io.tollgate.proto.config.v1.ForwardedHeader;
import io.tollgate.proto.config.v1.Listener;
import io.tollgate.proto.config.v1.ListenerBounds;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ListenersTest {
    private static final String HELLO = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

    private final RawUpstream upstream = RawUpstream.answering(HELLO);
    private final Catalog catalog = catalog()
            .service("petstore", upstream.port())
            .route("pets", "/pets", "petstore")
            .open();
    private final Gateway gateway = Gateway.serving(catalog);

    @AfterEach
    void close() {
        gateway.close();
        upstream.close();
    }

    @Test
    void listener_added_isListenedOnBesideTheOwn() {
        int port = freePort();
        gateway.serve(catalog.listener("edge", port));

        try (RawClient there = new RawClient(port);
                RawClient own = gateway.connect()) {
            assertThat(there.get("/pets")).startsWith("HTTP/1.1 200 ").endsWith("hello");
            assertThat(own.get("/pets")).startsWith("HTTP/1.1 200 ").endsWith("hello");
        }
        assertThat(gateway.listeners()).singleElement().satisfies(state -> {
            assertThat(state.rules().name()).isEqualTo("edge");
            assertThat(state.failure()).isNull();
        });
    }

    @Test
    void listener_removed_refusesNewConnectionsAndKeepsOldOnes() throws Exception {
        int port = freePort();
        gateway.serve(catalog.listener("edge", port));
        try (RawClient client = new RawClient(port)) {
            assertThat(client.get("/pets")).startsWith("HTTP/1.1 200 ").doesNotContain("Connection: close");

            gateway.serve(catalog.remove("listener", "edge"));

            assertThat(isRefused(port)).isTrue();
            assertThat(client.get("/pets"))
                    .as("its client is asked to leave")
                    .startsWith("HTTP/1.1 200 ")
                    .containsIgnoringCase("connection: close");
            assertThat(client.isClosedByPeer()).isTrue();
        }
        assertThat(gateway.listeners()).isEmpty();
    }

    @Test
    void listener_removed_idleConnectionsEndSoon() {
        int port = freePort();
        gateway.serve(catalog.listener("edge", port));
        try (RawClient client = new RawClient(port)) {
            assertThat(client.get("/pets")).startsWith("HTTP/1.1 200 ");

            gateway.serve(catalog.remove("listener", "edge"));

            assertThat(client.isClosedByPeer()).isTrue();
        }
    }

    @Test
    void listener_removed_callInFlightEndsWhole() throws Exception {
        int port = freePort();
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch removed = new CountDownLatch(1);
        try (RawUpstream slow = RawUpstream.scripted(connection -> {
                    connection.readMessage();
                    asked.countDown();
                    removed.await();
                    connection.send(HELLO);
                });
                Gateway other =
                        Gateway.serving(catalog.service("petstore", slow.port()).listener("edge", port));
                RawClient client = new RawClient(port)) {
            client.send("GET /pets HTTP/1.1\r\nHost: api.example.com\r\n\r\n");
            assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();

            other.serve(catalog.remove("listener", "edge"));
            removed.countDown();

            assertThat(client.readMessage()).startsWith("HTTP/1.1 200 ").endsWith("hello");
        }
    }

    @Test
    void listener_disabled_isClosed() {
        int port = freePort();
        gateway.serve(catalog.listener("edge", port));
        gateway.serve(catalog.listener("edge", port, edge -> edge.setEnabled(false)));

        Await.until("nobody listens any more", () -> isRefused(port));
    }

    @Test
    void listener_moved_isOpenAtTheNewPlaceOnly() {
        int before = freePort();
        int after = freePort();
        gateway.serve(catalog.listener("edge", before));
        gateway.serve(catalog.listener("edge", after));

        assertThat(isRefused(before)).isTrue();
        try (RawClient client = new RawClient(after)) {
            assertThat(client.get("/pets")).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void listener_otherKindOfSocketAtTheSamePlace_hasNoGapAndKeepsConnections() {
        int port = freePort();
        gateway.serve(catalog.listener("edge", port));
        try (RawClient old = new RawClient(port)) {
            assertThat(old.get("/pets")).startsWith("HTTP/1.1 200 ");
            for (int change = 0; change < 20; change++) {
                boolean proxied = change % 2 == 0;
                gateway.serve(catalog.listener("edge", port, edge -> edge.setProxyProtocol(proxied)));
                try (RawClient fresh = new RawClient(port)) {
                    if (proxied) {
                        fresh.send("PROXY TCP4 203.0.113.9 127.0.0.1 4711 80\r\n");
                    }
                    assertThat(fresh.get("/pets")).startsWith("HTTP/1.1 200 ");
                    String request = upstream.requests().get(upstream.requests().size() - 1);
                    assertThat(request)
                            .contains("X-Forwarded-For: " + (proxied ? "203.0.113.9" : "127.0.0.1") + "\r\n");
                }
            }
            assertThat(gateway.listeners())
                    .singleElement()
                    .satisfies(state -> assertThat(state.failure()).isNull());
        }
    }

    @Test
    void listener_placeThatIsTaken_isToldAndOpenedOnceItIsFree() throws Exception {
        int port;
        try (ServerSocket taken = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            port = taken.getLocalPort();
            gateway.serve(catalog.listener("edge", port));

            assertThat(gateway.listeners())
                    .singleElement()
                    .satisfies(state -> assertThat(state.failure()).containsIgnoringCase("address already in use"));
            try (RawClient own = gateway.connect()) {
                assertThat(own.get("/pets")).as("all else is served").startsWith("HTTP/1.1 200 ");
            }
        }
        gateway.retryListeners();

        try (RawClient client = connected(port)) {
            assertThat(client.get("/pets")).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void listener_atThePlaceOfTheNodesOwn_isToldAndTakesNoCalls() {
        gateway.serve(catalog.listener("edge", gateway.port()));

        assertThat(gateway.listeners())
                .singleElement()
                .satisfies(state -> assertThat(state.failure()).containsIgnoringCase("address already in use"));
        try (RawClient own = gateway.connect()) {
            assertThat(own.get("/pets")).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void proxyProtocol_version2_saysWhoTheClientIs() {
        int port = freePort();
        gateway.serve(catalog.listener("edge", port, edge -> edge.setProxyProtocol(true)));
        try (RawClient client = new RawClient(port)) {
            client.send(new byte[] {
                0x0d,
                0x0a,
                0x0d,
                0x0a,
                0x00,
                0x0d,
                0x0a,
                0x51,
                0x55,
                0x49,
                0x54,
                0x0a, // signature
                0x21,
                0x11,
                0x00,
                0x0c, // version 2, PROXY; TCP over IPv4; 12 bytes
                (byte) 203,
                0,
                113,
                9,
                127,
                0,
                0,
                1,
                0x12,
                0x67,
                0x00,
                0x50
            });
            assertThat(client.get("/pets")).startsWith("HTTP/1.1 200 ");
            assertThat(upstream.requests())
                    .singleElement()
                    .satisfies(request -> assertThat(request)
                            .contains("X-Forwarded-For: 203.0.113.9\r\n", "Forwarded: for=203.0.113.9;"));
        }
    }

    @Test
    void proxyProtocol_connectionsOfAnAddress_areCountedByTheHeaders() {
        int port = freePort();
        gateway.serve(catalog.listener(
                "edge",
                port,
                edge -> edge.setProxyProtocol(true)
                        .setBounds(ListenerBounds.newBuilder().setConnectionsPerAddressMax(1))));
        try (RawClient one = proxied(port, "203.0.113.9");
                RawClient other = proxied(port, "203.0.113.10")) {
            assertThat(one.get("/pets")).startsWith("HTTP/1.1 200 ");
            assertThat(other.get("/pets"))
                    .as("the balancer's own address counts for nobody")
                    .startsWith("HTTP/1.1 200 ");
            try (RawClient again = proxied(port, "203.0.113.9")) {
                assertThat(again.isClosedByPeer()).isTrue();
            }
            assertThat(gateway.gates().refusals(ConnectionEnd.ADDRESS)).isEqualTo(1);
            assertThat(one.get("/pets")).startsWith("HTTP/1.1 200 ");
        }
        Await.until("both have left", () -> gateway.gates().open() == 0);
        try (RawClient later = proxied(port, "203.0.113.9")) {
            assertThat(later.get("/pets")).as("its place is free again").startsWith("HTTP/1.1 200 ");
        }
    }

    private static RawClient proxied(int port, String address) {
        RawClient client = new RawClient(port);
        client.send("PROXY TCP4 " + address + " 127.0.0.1 4711 80\r\n");
        return client;
    }

    @Test
    void proxyProtocol_absent_closesTheConnection() {
        int port = freePort();
        gateway.serve(catalog.listener("edge", port, edge -> edge.setProxyProtocol(true)));
        try (RawClient client = new RawClient(port)) {
            client.send("GET /pets HTTP/1.1\r\nHost: api.example.com\r\n\r\n");

            assertThat(client.isClosedByPeer()).isTrue();
            assertThat(upstream.requests()).isEmpty();
        }
    }

    @Test
    void trustedProxies_peerIsOne_itsWordIsPassedOn() {
        String request = forwarded(
                edge -> edge.addTrustedProxies("127.0.0.0/8").addTrustedProxies("10.0.0.0/8"),
                "X-Forwarded-For: 6.6.6.6, 203.0.113.9, 10.0.0.2",
                "X-Forwarded-Proto: https",
                "X-Forwarded-Host: www.example.com",
                "Forwarded: for=6.6.6.6");

        assertThat(request)
                .contains("X-Forwarded-For: 203.0.113.9, 10.0.0.2, 127.0.0.1\r\n")
                .contains(
                        "Forwarded: for=203.0.113.9, for=10.0.0.2, for=127.0.0.1;host=\"api.example.com\";proto=http\r\n")
                .contains("X-Forwarded-Proto: https\r\n", "X-Forwarded-Host: www.example.com\r\n")
                .doesNotContain("6.6.6.6");
    }

    @Test
    void trustedProxies_forwardedHeader_isReadInstead() {
        String request = forwarded(
                edge -> edge.addTrustedProxies("127.0.0.1")
                        .setForwardedHeader(ForwardedHeader.FORWARDED_HEADER_FORWARDED),
                "Forwarded: for=203.0.113.9;proto=https",
                "X-Forwarded-For: 6.6.6.6");

        assertThat(request)
                .contains("X-Forwarded-For: 203.0.113.9, 127.0.0.1\r\n", "X-Forwarded-Proto: https\r\n")
                .doesNotContain("6.6.6.6");
    }

    @Test
    void trustedProxies_peerIsNone_itsWordIsDropped() {
        String request = forwarded(
                edge -> edge.addTrustedProxies("10.0.0.0/8"),
                "X-Forwarded-For: 203.0.113.9",
                "X-Forwarded-Proto: https",
                "Forwarded: for=203.0.113.9");

        assertThat(request)
                .contains("X-Forwarded-For: 127.0.0.1\r\n", "X-Forwarded-Proto: http\r\n")
                .doesNotContain("203.0.113.9");
    }

    @Test
    void trustedProxies_clientBehind_isWhoIsLimitedAndLogged() throws Exception {
        int port = freePort();
        gateway.serve(catalog.listener("edge", port, edge -> edge.addTrustedProxies("127.0.0.1"))
                .policy(
                        "slow",
                        policy -> policy.setRateLimit(io.tollgate.proto.config.v1.RateLimit.newBuilder()
                                .addWindows(Catalog.perMinute(1)))));
        try (RawClient client = new RawClient(port)) {
            assertThat(client.get("/pets", "X-Forwarded-For: 203.0.113.9")).startsWith("HTTP/1.1 200 ");
            assertThat(client.get("/pets", "X-Forwarded-For: 203.0.113.9")).startsWith("HTTP/1.1 429 ");
            assertThat(client.get("/pets", "X-Forwarded-For: 203.0.113.8")).startsWith("HTTP/1.1 200 ");
        }
        assertThat(gateway.logged()).contains("\"client\":\"203.0.113.9\"", "\"client\":\"203.0.113.8\"");
    }

    private String forwarded(UnaryOperator<Listener.Builder> edge, String... fields) {
        int port = freePort();
        gateway.serve(catalog.listener("edge", port, edge));
        try (RawClient client = new RawClient(port)) {
            assertThat(client.get("/pets", fields)).startsWith("HTTP/1.1 200 ");
        }
        return upstream.requests().get(0);
    }

    /** Connects as soon as somebody listens there. */
    private static RawClient connected(int port) {
        for (int tries = 0; tries < 1_000; tries++) {
            if (!isRefused(port)) {
                return new RawClient(port);
            }
            Thread.onSpinWait();
        }
        throw new AssertionError("nobody listens on " + port);
    }

    private static boolean isRefused(int port) {
        try (Socket probe = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return !probe.isConnected();
        } catch (ConnectException e) {
            return true;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static int freePort() {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
