package io.tollgate.node.listener;

import static io.tollgate.node.fixture.Catalog.catalog;
import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.node.dial.Await;
import io.tollgate.node.exchange.OutcomeClass;
import io.tollgate.node.fixture.Catalog;
import io.tollgate.node.fixture.Gateway;
import io.tollgate.node.fixture.RawClient;
import io.tollgate.node.fixture.RawUpstream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Bodies in both directions: framing, back-pressure, expectations, answers that come early. */
class BodyTest {
    private static final String HELLO = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
    private static final String CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n"
            + "5\r\nhello\r\n0\r\nX-Sum: 42\r\n\r\n";

    private static Catalog open(RawUpstream upstream) {
        return catalog().open().service("pets", upstream.port()).route("pets", "/", "pets");
    }

    @Test
    void post_withLength_isRelayedAndMeasured() {
        try (RawUpstream upstream = RawUpstream.answering(HELLO);
                Gateway gateway = Gateway.serving(open(upstream));
                RawClient client = gateway.connect()) {
            client.send("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\nhello ");
            client.send("world");

            assertThat(client.readMessage()).endsWith("hello");
            assertThat(upstream.requests())
                    .singleElement()
                    .asString()
                    .contains("Content-Length: 11\r\n")
                    .endsWith("\r\n\r\nhello world");
            assertThat(gateway.usage().calls()).singleElement().satisfies(call -> {
                assertThat(call.requestBytes()).isEqualTo(11);
                assertThat(call.responseBytes()).isEqualTo(5);
            });
            assertThat(client.get("/again")).as("the connection goes on").endsWith("hello");
            assertThat(upstream.connections()).as("so does the one behind").isEqualTo(1);
        }
    }

    @Test
    void post_chunked_staysChunked() {
        try (RawUpstream upstream = RawUpstream.answering(HELLO);
                Gateway gateway = Gateway.serving(open(upstream));
                RawClient client = gateway.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n");

            assertThat(client.readMessage()).endsWith("hello");
            assertThat(upstream.requests())
                    .singleElement()
                    .asString()
                    .contains("Transfer-Encoding: chunked\r\n")
                    .endsWith("\r\n\r\n5\r\nhello\r\n0\r\n\r\n");
        }
    }

    @Test
    void answer_chunkedWithTrailers_passesWhole() {
        try (RawUpstream upstream = RawUpstream.scripted(connection -> {
                    connection.readMessage();
                    connection.send(CHUNKED);
                    connection.readHead();
                });
                Gateway gateway = Gateway.serving(open(upstream));
                RawClient client = gateway.connect()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\nTE: trailers\r\nConnection: TE\r\n\r\n");

            assertThat(client.readHead()).contains("Transfer-Encoding: chunked\r\n", "Trailer: X-Sum\r\n");
            String body = client.read("5\r\nhello\r\n0\r\nX-Sum: 42\r\n\r\n".length());
            assertThat(body).isEqualTo("5\r\nhello\r\n0\r\nX-Sum: 42\r\n\r\n");
            assertThat(gateway.usage().classes()).containsExactly(OutcomeClass.SUCCESS);
        }
    }

    @Test
    void answer_chunkedToHttp10_isPlainAndEndsWithTheConnection() {
        try (RawUpstream upstream = RawUpstream.scripted(connection -> {
                    connection.readMessage();
                    connection.send(CHUNKED);
                    connection.readHead();
                });
                Gateway gateway = Gateway.serving(open(upstream));
                RawClient client = gateway.connect()) {
            client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");

            String answer = client.readToEnd();
            assertThat(answer).startsWith("HTTP/1.0 200 OK\r\n").endsWith("\r\n\r\nhello");
            assertThat(answer).doesNotContainIgnoringCase("chunked").doesNotContainIgnoringCase("keep-alive");
            assertThat(gateway.usage().classes()).containsExactly(OutcomeClass.SUCCESS);
        }
    }

    @Test
    void answer_untilClose_becomesChunked() {
        try (RawUpstream upstream = RawUpstream.scripted(connection -> {
                    connection.readMessage();
                    connection.send("HTTP/1.0 200 OK\r\n\r\nhello");
                });
                Gateway gateway = Gateway.serving(open(upstream));
                RawClient client = gateway.connect()) {
            assertThat(client.get("/"))
                    .contains("Transfer-Encoding: chunked\r\n")
                    .endsWith("5\r\nhello\r\n0\r\n\r\n");
            assertThat(gateway.usage().classes()).containsExactly(OutcomeClass.SUCCESS);
        }
    }

    @Test
    void head_withLength_hasNoBodyAndKeepsTheLength() {
        try (RawUpstream upstream = RawUpstream.answering("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
                Gateway gateway = Gateway.serving(open(upstream));
                RawClient client = gateway.connect()) {
            client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.readHead()).startsWith("HTTP/1.1 200 OK\r\n").contains("Content-Length: 5\r\n");

            client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.readHead()).as("nothing stands between").startsWith("HTTP/1.1 200 OK\r\n");
            assertThat(upstream.connections()).isEqualTo(1);
        }
    }

    @Test
    void answer_withoutContent_hasNoBody() {
        try (RawUpstream upstream = RawUpstream.scripted(connection -> {
                    connection.readMessage();
                    connection.send("HTTP/1.1 204 No Content\r\n\r\n");
                    connection.readMessage();
                    connection.send("HTTP/1.1 304 Not Modified\r\nETag: \"a\"\r\nContent-Length: 99\r\n\r\n");
                    connection.readMessage();
                    connection.send(HELLO);
                });
                Gateway gateway = Gateway.serving(open(upstream));
                RawClient client = gateway.connect()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.readHead())
                    .startsWith("HTTP/1.1 204 No Content\r\n")
                    .doesNotContainIgnoringCase("content-length")
                    .doesNotContainIgnoringCase("transfer-encoding");
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.readHead())
                    .startsWith("HTTP/1.1 304 Not Modified\r\n")
                    .contains("ETag: \"a\"\r\n");
            assertThat(client.get("/")).endsWith("hello");
            assertThat(upstream.connections()).isEqualTo(1);
        }
    }

    @Test
    void expectContinue_isAnsweredOnlyWhenTheUpstreamWantsTheBody() {
        CountDownLatch go = new CountDownLatch(1);
        try (RawUpstream upstream = RawUpstream.scripted(connection -> {
                    String head = connection.readHead();
                    assertThat(head).contains("Expect: 100-continue\r\n");
                    go.await();
                    connection.send("HTTP/1.1 100 Continue\r\n\r\n");
                    assertThat(connection.read(5)).isEqualTo("world");
                    connection.send(HELLO);
                    connection.readHead();
                });
                Gateway gateway = Gateway.serving(open(upstream));
                RawClient client = gateway.connect()) {
            client.send("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
            go.countDown();
            assertThat(client.readHead()).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
            client.send("world");

            assertThat(client.readMessage()).startsWith("HTTP/1.1 200 OK\r\n").endsWith("hello");
        }
    }

    @Test
    void expectContinue_upstreamThatNeverHeardOfIt_getsTheBodyAfterAWhile() {
        try (RawUpstream upstream = RawUpstream.answering(HELLO);
                Gateway gateway = Gateway.serving(open(upstream));
                RawClient client = gateway.connect()) {
            client.send("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
            assertThat(client.readHead()).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
            client.send("world");
            assertThat(client.readMessage()).endsWith("hello");
        }
    }

    @Test
    void expectContinue_refused_isAnsweredWithout100AndCloses() {
        Catalog keyed = catalog().service("pets", 1).route("pets", "/", "pets");
        try (Gateway gateway = Gateway.serving(keyed);
                RawClient client = gateway.connect()) {
            client.send("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");

            assertThat(client.readMessage()).startsWith("HTTP/1.1 401 ").containsIgnoringCase("connection: close\r\n");
        }
    }

    @Test
    void refused_withBody_keepsTheConnectionInStep() {
        Catalog keyed = catalog().service("pets", 1).route("pets", "/", "pets");
        try (Gateway gateway = Gateway.serving(keyed);
                RawClient client = gateway.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n");
            assertThat(client.readMessage()).startsWith("HTTP/1.1 401 ");
            client.send("GET /");
            assertThat(client.get("/"))
                    .as("the body is not taken for a request")
                    .startsWith("HTTP/1.1 401 ");
        }
    }

    @Test
    void answer_beforeTheBodyIsComplete_isRelayedWithoutHanging() {
        try (RawUpstream upstream = RawUpstream.scripted(connection -> {
                    connection.readHead();
                    connection.send("HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\n\r\nbig");
                    connection.isClosedByPeer();
                });
                Gateway gateway = Gateway.serving(open(upstream));
                RawClient client = gateway.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nfirst");

            assertThat(client.readMessage())
                    .startsWith("HTTP/1.1 413 Content Too Large\r\n")
                    .endsWith("big");
            assertThat(gateway.usage().classes()).containsExactly(OutcomeClass.CLIENT_ERROR);
            client.send("x".repeat(95));
            client.send("GET /refused-anyway#x HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.readMessage()).as("what was left is drained").startsWith("HTTP/1.1 400 ");
        }
    }

    @Test
    void client_goesAwayInsideItsBody_isCountedAborted() {
        try (RawUpstream upstream = RawUpstream.scripted(connection -> connection.readToEnd());
                Gateway gateway = Gateway.serving(open(upstream))) {
            try (RawClient client = gateway.connect()) {
                client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nfirst");
                Await.until("the upstream is called", () -> upstream.connections() == 1);
            }
            Await.until(
                    "the call is counted",
                    () -> gateway.usage().classes().equals(java.util.List.of(OutcomeClass.ABORTED)));
        }
    }

    @Test
    void upload_slowUpstream_holdsTheClientBack() {
        CountDownLatch go = new CountDownLatch(1);
        AtomicLong sent = new AtomicLong();
        long total = 64L << 20;
        try (RawUpstream upstream = RawUpstream.scripted(connection -> {
                    connection.readHead();
                    go.await();
                    for (long left = total; left > 0; left -= 65_536) {
                        connection.read(65_536);
                    }
                    connection.send(HELLO);
                    connection.readHead();
                });
                Gateway gateway = Gateway.serving(open(upstream));
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
            awaitStandstill(sent);
            assertThat(sent.get()).as("what is not read is not taken").isLessThan(total / 2);
            go.countDown();

            assertThat(client.readMessage()).endsWith("hello");
            assertThat(gateway.usage().calls().get(0).requestBytes()).isEqualTo(total);
        }
    }

    static void awaitStandstill(AtomicLong sent) {
        long[] last = {-1, System.nanoTime()};
        Await.until("the sender stands still for half a second", () -> {
            long now = sent.get();
            if (now != last[0]) {
                last[0] = now;
                last[1] = System.nanoTime();
            }
            return System.nanoTime() - last[1] > 500_000_000L;
        });
    }

    @Test
    void download_slowClient_holdsTheUpstreamBack() {
        AtomicLong sent = new AtomicLong();
        long total = 64L << 20;
        try (RawUpstream upstream = RawUpstream.scripted(connection -> {
                    connection.readMessage();
                    connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + total + "\r\n\r\n");
                    byte[] block = new byte[65_536];
                    while (sent.get() < total) {
                        connection.send(block);
                        sent.addAndGet(block.length);
                    }
                    connection.readHead();
                });
                Gateway gateway = Gateway.serving(open(upstream));
                RawClient client = gateway.connect()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            client.readHead();
            awaitStandstill(sent);
            assertThat(sent.get()).as("what is not read is not taken").isLessThan(total / 2);

            for (long left = total; left > 0; left -= 65_536) {
                assertThat(client.read(65_536)).hasSize(65_536);
            }
            Await.until("the call is counted", () -> gateway.usage().calls().size() == 1);
            assertThat(gateway.usage().calls().get(0).responseBytes()).isEqualTo(total);
        }
    }
}
