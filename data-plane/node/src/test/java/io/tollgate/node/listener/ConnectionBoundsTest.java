package io.tollgate.node.listener;

import static io.tollgate.node.fixture.Catalog.catalog;
import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.node.dial.Await;
import io.tollgate.node.exchange.ConnectionEnd;
import io.tollgate.node.exchange.Outcome;
import io.tollgate.node.fixture.Bounds;
import io.tollgate.node.fixture.Catalog;
import io.tollgate.node.fixture.Gateway;
import io.tollgate.node.fixture.ManualClock;
import io.tollgate.node.fixture.RawClient;
import io.tollgate.node.fixture.RawUpstream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How many connections there may be, and how long each may wait for its next request or for the rest of one. */
class ConnectionBoundsTest {
    private static final String HELLO = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

    private final RawUpstream upstream = RawUpstream.answering(HELLO);
    private final Catalog catalog =
            catalog().open().service("pets", upstream.port()).route("pets", "/", "pets");

    @Test
    void connections_beyondTheListeners_areClosedAtOnceUntilAnotherLeaves() {
        try (Gateway gateway = Gateway.serving(catalog, Gateway.CLOCK, Bounds.with("connectionsMax", 2));
                RawClient one = gateway.connect()) {
            assertThat(one.get("/")).endsWith("hello");
            try (RawClient two = gateway.connect()) {
                assertThat(two.get("/")).endsWith("hello");
                try (RawClient three = gateway.connect()) {
                    assertThat(three.isClosedByPeer()).isTrue();
                }
                assertThat(gateway.gates().refusals(ConnectionEnd.CONNECTIONS)).isEqualTo(1);
                assertThat(one.get("/")).as("who is in goes on").endsWith("hello");
            }
            Await.until("the place is free", () -> gateway.gates().open() == 1);
            try (RawClient four = gateway.connect()) {
                assertThat(four.get("/")).endsWith("hello");
            }
        }
    }

    @Test
    void connections_beyondThoseOfAnAddress_areClosedAtOnceAndOthersNot() {
        try (Gateway gateway = Gateway.serving(catalog, Gateway.CLOCK, Bounds.with("connectionsPerAddressMax", 1));
                RawClient one = gateway.connect()) {
            assertThat(one.get("/")).endsWith("hello");
            try (RawClient two = gateway.connect()) {
                assertThat(two.isClosedByPeer()).isTrue();
            }
            assertThat(gateway.gates().refusals(ConnectionEnd.ADDRESS)).isEqualTo(1);
            try (RawClient other = new RawClient(gateway.port(), "127.0.0.2")) {
                assertThat(other.get("/")).endsWith("hello");
            }
        }
    }

    @Test
    void node_full_acceptsNothingMoreAndServesWhoIsIn() {
        try (Gateway gateway = Gateway.holding(catalog, 2);
                RawClient one = gateway.connect()) {
            assertThat(one.get("/")).endsWith("hello");
            RawClient two = gateway.connect();
            assertThat(two.get("/")).endsWith("hello");
            assertThat(gateway.gates().pauses()).isEqualTo(1);
            List<RawClient> waiting = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                // The kernel completes the handshake, and nobody takes the connection from it.
                RawClient late = gateway.connect();
                late.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
                waiting.add(late);
            }
            for (int i = 0; i < 20; i++) {
                assertThat(one.get("/")).endsWith("hello");
            }
            assertThat(gateway.gates().open()).isEqualTo(2);
            two.close();
            for (RawClient late : waiting) {
                assertThat(late.readToEnd()).as("taken once there is room").endsWith("hello");
                late.close();
            }
        }
    }

    @Test
    void connection_withoutARequest_isClosedWhenItIdles() {
        ManualClock clock = new ManualClock();
        try (Gateway gateway = Gateway.serving(catalog, clock);
                RawClient client = gateway.connect()) {
            assertThat(client.get("/")).endsWith("hello");
            Await.until("the call is over", () -> gateway.counters().count(Outcome.OK) == 1);
            clock.pass(60_001);

            assertThat(client.readToEnd()).isEmpty();
            Await.until("it is told", () -> gateway.counters().connectionEnds(ConnectionEnd.IDLE) == 1);
        }
    }

    @Test
    void head_thatDrips_is408AndClosed() {
        ManualClock clock = new ManualClock();
        try (Gateway gateway = Gateway.serving(catalog, clock, Bounds.with("idleTimeoutMillis", 86_400_000));
                RawClient client = gateway.connect()) {
            assertThat(client.get("/")).endsWith("hello");
            client.send("GET / HTTP/1.1\r\nHost: a\r\nX-Slow: ");
            long[] at = {System.nanoTime()};
            Await.until("it is refused", () -> {
                // The clock goes on by three seconds for each of real time, so that each look at the connections
                // counts.
                if (System.nanoTime() - at[0] > 1_000_000_000L) {
                    at[0] = System.nanoTime();
                    clock.pass(3_000);
                    if (gateway.counters().connectionEnds(ConnectionEnd.HEADER_TIMEOUT) == 0) {
                        client.send("a");
                    }
                }
                return gateway.counters().connectionEnds(ConnectionEnd.HEADER_TIMEOUT) == 1;
            });

            assertThat(client.readMessage())
                    .startsWith("HTTP/1.1 408 ")
                    .contains("Connection: close\r\n", "urn:tollgate:problem:request-timeout");
            assertThat(client.isClosedByPeer()).isTrue();
        }
    }

    @Test
    void connection_thatHasAskedOftenEnough_endsWithItsAnswer() {
        try (Gateway gateway = Gateway.serving(catalog, Gateway.CLOCK, Bounds.with("requestsPerConnectionMax", 2));
                RawClient client = gateway.connect()) {
            assertThat(client.get("/")).doesNotContainIgnoringCase("connection: close");
            assertThat(client.get("/"))
                    .containsIgnoringCase("connection: close\r\n")
                    .endsWith("hello");

            assertThat(client.isClosedByPeer()).isTrue();
            assertThat(gateway.counters().connectionEnds(ConnectionEnd.REQUESTS))
                    .isEqualTo(1);
        }
    }

    @Test
    void head_withTooManyFieldsOrBytes_isToldItsBounds() {
        try (Gateway gateway = Gateway.serving(
                catalog,
                Gateway.CLOCK,
                Bounds.with("headerFieldsMax", 10, "headerBytesMax", 2_000, "requestLineBytesMax", 300))) {
            try (RawClient client = gateway.connect()) {
                client.send("GET / HTTP/1.1\r\nHost: a\r\n" + "X: y\r\n".repeat(9) + "\r\n");
                assertThat(client.readMessage()).startsWith("HTTP/1.1 200 ");
                client.send("GET / HTTP/1.1\r\nHost: a\r\n" + "X: y\r\n".repeat(10) + "\r\n");
                assertThat(client.readMessage())
                        .startsWith("HTTP/1.1 431 ")
                        .contains("longer than 2000 bytes or has more than 10 fields");
                assertThat(client.isClosedByPeer()).isTrue();
            }
            try (RawClient client = gateway.connect()) {
                client.send("GET / HTTP/1.1\r\nHost: a\r\nX: " + "y".repeat(2_000) + "\r\n\r\n");
                assertThat(client.readMessage()).startsWith("HTTP/1.1 431 ");
            }
            try (RawClient client = gateway.connect()) {
                client.send("GET /" + "y".repeat(300) + " HTTP/1.1\r\nHost: a\r\n\r\n");
                assertThat(client.readMessage()).startsWith("HTTP/1.0 414 ").contains("longer than 300 bytes");
            }
        }
    }
}
