package io.tollgate.node.listener;

import static io.tollgate.node.fixture.Catalog.catalog;
import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.node.dial.Await;
import io.tollgate.node.exchange.Outcome;
import io.tollgate.node.exchange.OutcomeClass;
import io.tollgate.node.fixture.Bounds;
import io.tollgate.node.fixture.Catalog;
import io.tollgate.node.fixture.Gateway;
import io.tollgate.node.fixture.ManualClock;
import io.tollgate.node.fixture.RawClient;
import io.tollgate.node.fixture.RawUpstream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Bodies that are too long, too slow, or no HTTP. */
class RequestBoundsTest {
    private static final String HELLO = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

    private static Catalog open(RawUpstream upstream) {
        return catalog()
                .open()
                .service("pets", upstream.port(), service -> service.setIdleTimeoutMillis(3_600_000))
                .route("pets", "/", "pets");
    }

    @Test
    void body_announcedTooLong_is413AtOnceAndTheUpstreamIsNotCalled() {
        try (RawUpstream upstream = RawUpstream.answering(HELLO);
                Gateway gateway = Gateway.serving(open(upstream));
                RawClient client = gateway.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1073741825\r\n\r\n");

            assertThat(client.readMessage())
                    .startsWith("HTTP/1.1 413 ")
                    .containsIgnoringCase("connection: close\r\n")
                    .contains("urn:tollgate:problem:body-too-large");
            assertThat(upstream.connections()).isZero();
            assertThat(gateway.usage().classes()).containsExactly(OutcomeClass.REFUSED);
        }
    }

    @Test
    void body_thatDrips_is408AndClosedOnceItsTimeIsOver() {
        ManualClock clock = new ManualClock();
        AtomicInteger arrived = new AtomicInteger();
        CountDownLatch cut = new CountDownLatch(1);
        try (RawUpstream upstream = RawUpstream.scripted(connection -> {
                    connection.readHead();
                    while (!connection.read(1).isEmpty()) {
                        arrived.incrementAndGet();
                    }
                    cut.countDown();
                });
                Gateway gateway = Gateway.serving(open(upstream), clock);
                RawClient client = gateway.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n");
            for (int i = 0; i < 3; i++) {
                client.send("x");
                int sent = i + 1;
                Await.until("the byte is there", () -> arrived.get() == sent);
                clock.pass(10_000);
            }
            assertThat(gateway.counters().count(Outcome.REQUEST_TIMEOUT)).isZero();
            clock.pass(10);

            assertThat(client.readToEnd())
                    .startsWith("HTTP/1.1 408 ")
                    .containsIgnoringCase("connection: close\r\n")
                    .contains("urn:tollgate:problem:request-timeout");
            Await.until("the upstream is cut off", () -> cut.getCount() == 0);
            Await.until("it is told", () -> gateway.counters().count(Outcome.REQUEST_TIMEOUT) == 1);
            assertThat(gateway.usage().classes()).containsExactly(OutcomeClass.REFUSED);
        }
    }

    @Test
    void body_heldBackByTheUpstream_isNotLate() {
        ManualClock clock = new ManualClock();
        CountDownLatch go = new CountDownLatch(1);
        int total = 32 << 20;
        AtomicInteger sent = new AtomicInteger();
        try (RawUpstream upstream = RawUpstream.scripted(connection -> {
                    connection.readHead();
                    go.await();
                    connection.read(total);
                    connection.send(HELLO);
                    connection.readHead();
                });
                Gateway gateway = Gateway.serving(open(upstream), clock, Bounds.with("bodyBytesPerSecondMin", 0));
                RawClient client = gateway.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + total + "\r\n\r\n");
            Thread sender = new Thread(() -> {
                byte[] block = new byte[65_536];
                while (sent.get() < total) {
                    client.send(block);
                    sent.addAndGet(block.length);
                }
            });
            sender.start();
            int[] last = {-1};
            long[] since = {System.nanoTime()};
            Await.until("the sender stands still", () -> {
                if (last[0] != sent.get()) {
                    last[0] = sent.get();
                    since[0] = System.nanoTime();
                }
                return System.nanoTime() - since[0] > 500_000_000L;
            });
            clock.pass(60_000);
            go.countDown();

            assertThat(client.readMessage()).endsWith("hello");
        }
    }

    @Test
    void body_chunkedBecomesTooLong_is413AndTheUpstreamNeverHasItWhole() {
        StringBuffer seen = new StringBuffer();
        CountDownLatch cut = new CountDownLatch(1);
        try (RawUpstream upstream = RawUpstream.scripted(connection -> {
                    connection.readHead();
                    for (String next = connection.read(1); !next.isEmpty(); next = connection.read(1)) {
                        seen.append(next);
                    }
                    cut.countDown();
                });
                Gateway gateway = Gateway.serving(open(upstream), Gateway.CLOCK, Bounds.with("bodyBytesMax", 10));
                RawClient client = gateway.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\na\r\n0123456789\r\n");
            Await.until("what fits is there", () -> seen.toString().equals("a\r\n0123456789\r\n"));
            client.send("1\r\nX\r\n0\r\n\r\n");

            assertThat(client.readMessage())
                    .startsWith("HTTP/1.1 413 ")
                    .containsIgnoringCase("connection: close\r\n")
                    .contains("The body is longer than 10 bytes.");
            Await.until("the upstream is cut off", () -> cut.getCount() == 0);
            assertThat(seen.toString()).isEqualTo("a\r\n0123456789\r\n");
            Await.until("it is told", () -> gateway.counters().count(Outcome.BODY_TOO_LARGE) == 1);
        }
    }

    @Test
    void body_withABadChunk_is400AndTheUpstreamNeverHasItWhole() {
        StringBuffer seen = new StringBuffer();
        CountDownLatch cut = new CountDownLatch(1);
        try (RawUpstream upstream = RawUpstream.scripted(connection -> {
                    seen.append(connection.readHead());
                    for (String next = connection.read(1); !next.isEmpty(); next = connection.read(1)) {
                        seen.append(next);
                    }
                    cut.countDown();
                });
                Gateway gateway = Gateway.serving(open(upstream));
                RawClient client = gateway.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
            Await.until("the chunk is there", () -> seen.toString().endsWith("hello\r\n"));
            client.send("0x5\r\nhello\r\n0\r\n\r\nGET /hidden HTTP/1.1\r\nHost: a\r\n\r\n");

            assertThat(client.readToEnd())
                    .startsWith("HTTP/1.1 400 ")
                    .containsIgnoringCase("connection: close\r\n")
                    .doesNotContain("HTTP/1.1 200");
            Await.until("the upstream is cut off", () -> cut.getCount() == 0);
            assertThat(seen.toString()).endsWith("5\r\nhello\r\n");
            Await.until("it is told", () -> gateway.counters().count(Outcome.BAD_REQUEST) == 1);
        }
    }
}
