package io.tollgate.node.listener;

import static io.tollgate.node.fixture.Catalog.catalog;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tollgate.node.dial.Await;
import io.tollgate.node.exchange.Outcome;
import io.tollgate.node.exchange.OutcomeClass;
import io.tollgate.node.fixture.Catalog;
import io.tollgate.node.fixture.Gateway;
import io.tollgate.node.fixture.RawClient;
import io.tollgate.node.fixture.RawUpstream;
import io.tollgate.node.fixture.Wire;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Upstreams that refuse, vanish, stall or talk nonsense, and clients that go away. */
class MisbehavingUpstreamTest {
    private static final String HELLO = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

    private static Catalog open(int port) {
        return catalog().open().service("pets", port).route("pets", "/", "pets");
    }

    private static Catalog impatient(int port) {
        return catalog()
                .open()
                .service(
                        "pets",
                        port,
                        service -> service.setResponseTimeoutMillis(150).setIdleTimeoutMillis(150))
                .route("pets", "/", "pets");
    }

    @Test
    void connect_refused_is502WithProxyStatus() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        try (Gateway gateway = Gateway.serving(open(port));
                RawClient client = gateway.connect()) {
            String answer = client.get("/");

            assertThat(answer).startsWith("HTTP/1.1 502 ").contains("urn:tollgate:problem:upstream-connect");
            assertThat(answer).contains("Proxy-Status: tollgate; error=connection_refused\r\n");
            assertThat(gateway.usage().classes()).containsExactly(OutcomeClass.FAILED);
            assertThat(client.get("/")).as("the connection goes on").startsWith("HTTP/1.1 502 ");
        }
    }

    @Test
    void connect_unknownHost_is502() {
        Catalog catalog = catalog()
                .open()
                .service(
                        "pets",
                        1,
                        service -> service.setTargets(
                                0, service.getTargets(0).toBuilder().setHost("nowhere.invalid")))
                .route("pets", "/", "pets");
        try (Gateway gateway = Gateway.serving(catalog);
                RawClient client = gateway.connect()) {
            assertThat(client.get("/"))
                    .startsWith("HTTP/1.1 502 ")
                    .contains("Proxy-Status: tollgate; error=dns_error\r\n")
                    .contains("urn:tollgate:problem:upstream-unresolved");
        }
    }

    @Test
    void upstream_closesBeforeHead_is502Reset() {
        try (RawUpstream upstream = RawUpstream.scripted(Wire::readMessage);
                Gateway gateway = Gateway.serving(open(upstream.port()));
                RawClient client = gateway.connect()) {
            assertThat(client.get("/")).startsWith("HTTP/1.1 502 ").contains("upstream-reset");
            assertThat(upstream.connections())
                    .as("a fresh connection is not tried again")
                    .isEqualTo(1);
            assertThat(gateway.usage().classes()).containsExactly(OutcomeClass.FAILED);
        }
    }

    @Test
    void upstream_closesInsideHead_is502Reset() {
        try (RawUpstream upstream = RawUpstream.scripted(connection -> {
                    connection.readMessage();
                    connection.send("HTTP/1.1 200 OK\r\nContent-");
                });
                Gateway gateway = Gateway.serving(open(upstream.port()));
                RawClient client = gateway.connect()) {
            assertThat(client.get("/")).startsWith("HTTP/1.1 502 ").contains("upstream-reset");
        }
    }

    @Test
    void upstream_closesInsideBodyWithLength_breaksTheClientOff() {
        try (RawUpstream upstream = RawUpstream.scripted(connection -> {
                    connection.readMessage();
                    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
                });
                Gateway gateway = Gateway.serving(open(upstream.port()));
                RawClient client = gateway.connect()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");

            assertThat(readAll(client)).doesNotContain("502");
            assertThat(gateway.usage().classes()).containsExactly(OutcomeClass.FAILED);
        }
    }

    @Test
    void upstream_closesInsideChunks_neverEndsTheChunksForTheClient() {
        try (RawUpstream upstream = RawUpstream.scripted(connection -> {
                    connection.readMessage();
                    connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n");
                });
                Gateway gateway = Gateway.serving(open(upstream.port()));
                RawClient client = gateway.connect()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");

            assertThat(readAll(client)).doesNotContain("0\r\n\r\n");
            assertThat(gateway.usage().classes()).containsExactly(OutcomeClass.FAILED);
        }
    }

    @Test
    void upstream_resetsInsideBodyWithoutLength_isResetForAnOldClientToo() {
        CountDownLatch seen = new CountDownLatch(1);
        try (RawUpstream upstream = RawUpstream.scripted(connection -> {
                    connection.readMessage();
                    connection.send("HTTP/1.1 200 OK\r\n\r\nhalf");
                    seen.await();
                    connection.reset();
                });
                Gateway gateway = Gateway.serving(open(upstream.port()));
                RawClient client = gateway.connect()) {
            client.send("GET / HTTP/1.0\r\n\r\n");
            assertThat(client.readHead()).startsWith("HTTP/1.0 200 ");
            assertThat(client.read(4)).isEqualTo("half");
            seen.countDown();

            assertThatThrownBy(client::readToEnd).isInstanceOf(UncheckedIOException.class);
            assertThat(gateway.usage().classes()).containsExactly(OutcomeClass.FAILED);
        }
    }

    @Test
    void upstream_talksNonsense_is502Protocol() {
        try (RawUpstream upstream = RawUpstream.scripted(connection -> {
                    connection.readMessage();
                    connection.send("SSH-2.0-OpenSSH_9.9\r\n\r\n");
                    connection.readHead();
                });
                Gateway gateway = Gateway.serving(open(upstream.port()));
                RawClient client = gateway.connect()) {
            assertThat(client.get("/"))
                    .startsWith("HTTP/1.1 502 ")
                    .contains("upstream-protocol", "Proxy-Status: tollgate; error=http_protocol_error");
        }
    }

    @Test
    void upstream_unknownTransferCoding_is502Protocol() {
        try (RawUpstream upstream =
                        RawUpstream.answering("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n");
                Gateway gateway = Gateway.serving(open(upstream.port()));
                RawClient client = gateway.connect()) {
            assertThat(client.get("/")).startsWith("HTTP/1.1 502 ").contains("upstream-protocol");
        }
    }

    @Test
    void upstream_switchesProtocols_is502Protocol() {
        try (RawUpstream upstream = RawUpstream.answering(
                        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: chat\r\nConnection: Upgrade\r\n\r\n");
                Gateway gateway = Gateway.serving(open(upstream.port()));
                RawClient client = gateway.connect()) {
            assertThat(client.get("/", "Connection: Upgrade", "Upgrade: chat"))
                    .startsWith("HTTP/1.1 502 ")
                    .contains("upstream-protocol");
            assertThat(upstream.requests().get(0)).doesNotContainIgnoringCase("upgrade");
        }
    }

    @Test
    void upstream_silent_is504() {
        try (RawUpstream upstream = RawUpstream.scripted(connection -> {
                    connection.readMessage();
                    connection.readHead();
                });
                Gateway gateway = Gateway.serving(impatient(upstream.port()));
                RawClient client = gateway.connect()) {
            assertThat(client.get("/"))
                    .startsWith("HTTP/1.1 504 ")
                    .contains("upstream-timeout", "Proxy-Status: tollgate; error=http_response_timeout");
            assertThat(gateway.usage().classes()).containsExactly(OutcomeClass.FAILED);
        }
    }

    @Test
    void upstream_stallsInsideBody_breaksTheClientOff() {
        try (RawUpstream upstream = RawUpstream.scripted(connection -> {
                    connection.readMessage();
                    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
                    connection.readHead();
                });
                Gateway gateway = Gateway.serving(impatient(upstream.port()));
                RawClient client = gateway.connect()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");

            assertThat(readAll(client)).doesNotContain("504");
            assertThat(gateway.usage().classes()).containsExactly(OutcomeClass.FAILED);
            Await.until("the outcome is told", () -> gateway.counters().count(Outcome.UPSTREAM_TIMEOUT) == 1);
        }
    }

    @Test
    void pooledConnection_closedByUpstream_isReplacedOnceForAGet() {
        try (RawUpstream upstream = RawUpstream.scripted(
                        connection -> {
                            connection.readMessage();
                            connection.send(HELLO);
                            // The second request meets a connection that is closed without an answer.
                            connection.readMessage();
                        },
                        connection -> {
                            connection.readMessage();
                            connection.send(HELLO);
                            connection.readHead();
                        });
                Gateway gateway = Gateway.serving(open(upstream.port()));
                RawClient client = gateway.connect()) {
            assertThat(client.get("/")).endsWith("hello");
            assertThat(client.get("/")).endsWith("hello");

            assertThat(upstream.connections()).isEqualTo(2);
            assertThat(gateway.usage().classes()).containsExactly(OutcomeClass.SUCCESS, OutcomeClass.SUCCESS);
        }
    }

    @Test
    void pooledConnection_closedByUpstream_isNotReplacedForAPost() {
        try (RawUpstream upstream = RawUpstream.scripted(connection -> {
                    connection.readMessage();
                    connection.send(HELLO);
                    connection.readMessage();
                });
                Gateway gateway = Gateway.serving(open(upstream.port()));
                RawClient client = gateway.connect()) {
            assertThat(client.get("/")).endsWith("hello");
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi");

            assertThat(client.readMessage()).startsWith("HTTP/1.1 502 ").contains("upstream-reset");
            assertThat(upstream.connections()).isEqualTo(1);
        }
    }

    @Test
    void client_goesAwayWhileWaiting_resetsTheUpstreamAndCountsAborted() {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        try (RawUpstream upstream = RawUpstream.scripted(connection -> {
                    connection.readMessage();
                    asked.countDown();
                    if (connection.isClosedByPeer()) {
                        closed.countDown();
                    }
                });
                Gateway gateway = Gateway.serving(open(upstream.port()))) {
            try (RawClient client = gateway.connect()) {
                client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
                await(asked);
            }
            await(closed);
            Await.until(
                    "the call is counted",
                    () -> gateway.usage().classes().equals(java.util.List.of(OutcomeClass.ABORTED)));
            Await.until("the outcome is told", () -> gateway.counters().count(Outcome.CLIENT_GONE) == 1);
        }
    }

    @Test
    void client_goesAwayInsideAnswer_countsAborted() {
        try (RawUpstream upstream = RawUpstream.scripted(connection -> {
                    connection.readMessage();
                    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n");
                    byte[] block = new byte[65_536];
                    while (true) {
                        connection.send(block);
                    }
                });
                Gateway gateway = Gateway.serving(open(upstream.port()))) {
            try (RawClient client = gateway.connect()) {
                client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
                client.readHead();
                client.read(1000);
            }
            Await.until(
                    "the call is counted",
                    () -> gateway.usage().classes().equals(java.util.List.of(OutcomeClass.ABORTED)));
        }
    }

    private static String readAll(RawClient client) {
        StringBuilder all = new StringBuilder();
        try {
            String next = client.read(1);
            while (!next.isEmpty()) {
                all.append(next);
                next = client.read(1);
            }
        } catch (UncheckedIOException e) {
            // A reset is what the test is about: nothing more can be read.
            return all.toString();
        }
        return all.toString();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(15, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
