package io.tollgate.node.listener;

import static io.tollgate.node.fixture.Catalog.catalog;
import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.engine.upstream.LimitRules;
import io.tollgate.engine.upstream.Upstream;
import io.tollgate.node.dial.Await;
import io.tollgate.node.exchange.Clock;
import io.tollgate.node.fixture.Catalog;
import io.tollgate.node.fixture.Gateway;
import io.tollgate.node.fixture.RawClient;
import io.tollgate.node.fixture.RawUpstream;
import io.tollgate.proto.config.v1.ConcurrencyLimit;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** A concurrency limit that follows what calls tell of the service, through the whole node. */
class AdaptiveLimitTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final String BUSY = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 4\r\n\r\nbusy";

    /** A body whose end is seen: what comes before it may arrive while the gateway still reads. */
    private static final String CHUNKS = "1\r\nx\r\n0\r\n\r\n";

    private static Catalog adaptive(Catalog catalog, int port, int callsMax) {
        return catalog.service(
                        "pets",
                        port,
                        service -> service.setConcurrencyLimit(ConcurrencyLimit.newBuilder()
                                .setCallsMax(callsMax)
                                .setAdaptive(true)
                                .setCallsMin(1)
                                .setQueueTimeoutMillis(1_000)
                                .setRetryAfterSeconds(1)))
                .route("pets", "/pets", "pets");
    }

    /** Places that there are: the next revision has the state of the one that is served. */
    private static int places(Catalog catalog) {
        Upstream pets = catalog.compile().upstreams().values().iterator().next();
        LimitRules limit = pets.rules().limit();
        if (limit == null) {
            throw new AssertionError("no limit");
        }
        return pets.state().places().limiter().limit(limit);
    }

    @Test
    void serviceThatIsOverloaded_getsFewerCalls_untilItIsBack_acrossRevisions() {
        AtomicBoolean overloaded = new AtomicBoolean(true);
        try (RawUpstream upstream = RawUpstream.scripted(connection -> {
            while (!connection.readMessage().isEmpty()) {
                connection.send(overloaded.get() ? BUSY : OK);
            }
        })) {
            Catalog catalog = adaptive(catalog().open(), upstream.port(), 100);
            try (Gateway gateway = Gateway.serving(catalog);
                    RawClient client = gateway.connect()) {
                assertThat(places(catalog)).isEqualTo(20);
                Await.until("it is down at its least", () -> {
                    assertThat(client.get("/pets")).startsWith("HTTP/1.1 503 ").endsWith("busy");
                    return places(catalog) == 1;
                });
                overloaded.set(false);
                gateway.serve(adaptive(catalog, upstream.port(), 200));
                assertThat(places(catalog)).as("what was learnt is kept").isEqualTo(1);
                Await.until("one caller has twice what it uses", () -> {
                    assertThat(client.get("/pets")).startsWith("HTTP/1.1 200 ");
                    return places(catalog) >= 2;
                });
            }
        }
    }

    @Test
    void serviceThatRefusesConnections_getsFewerCalls() throws IOException {
        int dead;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            dead = socket.getLocalPort();
        }
        Catalog catalog = adaptive(catalog().open(), dead, 100);
        try (Gateway gateway = Gateway.serving(catalog);
                RawClient client = gateway.connect()) {
            Await.until("fewer than at first", () -> {
                assertThat(client.get("/pets")).startsWith("HTTP/1.1 502 ");
                return places(catalog) < 20;
            });
        }
    }

    /** Its calls do not ask how long they took, but how long the service did once it had the request. */
    @Test
    void slowUploads_sayNothingOfTheService_andSlowAnswersToThemDo() {
        assertThat(placesAfterPosts(1_000, 0))
                .as("twice those that one caller uses")
                .isEqualTo(4);
        assertThat(placesAfterPosts(0, 1_000)).as("held where it was").isEqualTo(2);
    }

    /** Places after posts that took the client and then the service so long, by a service that was fast before; from 2. */
    private static int placesAfterPosts(int uploadMillis, int answerMillis) {
        AtomicLong nowMillis = new AtomicLong();
        Semaphore headsRead = new Semaphore(0);
        try (RawUpstream upstream = RawUpstream.scripted(connection -> {
            for (String head = connection.readHead(); !head.isEmpty(); head = connection.readHead()) {
                if (head.startsWith("POST ")) {
                    nowMillis.addAndGet(uploadMillis);
                    headsRead.release();
                    connection.read(CHUNKS.length());
                    nowMillis.addAndGet(answerMillis);
                } else {
                    nowMillis.addAndGet(20);
                }
                connection.send(OK);
            }
        })) {
            Catalog catalog = adaptive(catalog().open(), upstream.port(), 2);
            try (Gateway gateway = Gateway.serving(catalog, chosen(nowMillis));
                    RawClient client = gateway.connect()) {
                for (int i = 0; i < 50; i++) {
                    assertThat(client.get("/pets")).startsWith("HTTP/1.1 200 ");
                }
                assertThat(places(catalog)).isEqualTo(2);
                gateway.serve(adaptive(catalog, upstream.port(), 100));
                for (int i = 0; i < 50; i++) {
                    client.send("POST /pets HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
                    headsRead.acquireUninterruptibly();
                    client.send(CHUNKS);
                    assertThat(client.readMessage()).startsWith("HTTP/1.1 200 ");
                }
                return places(catalog);
            }
        }
    }

    private static Clock chosen(AtomicLong nowMillis) {
        return new Clock() {
            @Override
            public long nanos() {
                return nowMillis.get() * 1_000_000;
            }

            @Override
            public long epochMillis() {
                return 1_800_000_000_000L + nowMillis.get();
            }
        };
    }
}
