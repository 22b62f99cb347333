package io.tollgate.node.listener;

import static io.tollgate.node.fixture.Catalog.catalog;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.internal.PlatformDependent;
import io.tollgate.node.dial.Await;
import io.tollgate.node.exchange.ConnectionEnd;
import io.tollgate.node.exchange.Outcome;
import io.tollgate.node.fixture.Bounds;
import io.tollgate.node.fixture.Gateway;
import io.tollgate.node.fixture.ManualClock;
import io.tollgate.node.fixture.RawClient;
import io.tollgate.node.fixture.RawUpstream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Clients that send their heads and bodies byte by byte and never read an answer, some hundred of them; more with {@code
 * -Dclients=10000}, which prints what they take.
 */
class SlowClientsTest {
    private static final int CLIENTS = Integer.getInteger("clients", 300);
    private static final String ANSWER = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n" + "a".repeat(100);
    /** A body that never ends, a head that never ends, and an answer that nobody reads. */
    private static final String[] KINDS = {
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nx",
        "GET / HTTP/1.1\r\nHost: a\r\nX-Slow: ",
        "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
    };

    private static final int BODY = 0;
    private static final int HEAD = 1;
    private static final int ANSWER_UNREAD = 2;

    @Test
    void slowClients_areEndedInTimeAndNobodyElseNoticesThem() throws IOException {
        ManualClock clock = new ManualClock();
        List<SocketChannel> slow = new ArrayList<>();
        try (RawUpstream upstream = RawUpstream.answering(ANSWER);
                RawUpstream waiting = RawUpstream.scripted(connection -> connection.readToEnd());
                Gateway gateway = Gateway.serving(
                        catalog()
                                .open()
                                .service("waiting", waiting.port(), service -> service.setIdleTimeoutMillis(3_600_000))
                                .service("pets", upstream.port())
                                .route("uploads", "/", "waiting", route -> route.addMethods("POST"))
                                .route("pets", "/", "pets", route -> route.addMethods("GET")),
                        clock,
                        Bounds.with("connectionsPerAddressMax", 32_768));
                RawClient good = gateway.connect()) {
            assertThat(good.get("/")).startsWith("HTTP/1.1 200 ");
            report("before");
            for (int i = 0; i < CLIENTS; i++) {
                SocketChannel client =
                        SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), gateway.port()));
                client.write(bytes(KINDS[kind(i)]));
                slow.add(client);
            }
            for (int i = 0; i < CLIENTS; i++) {
                if (kind(i) != ANSWER_UNREAD) {
                    slow.get(i).write(bytes("y"));
                }
            }
            Await.until("all are in", () -> gateway.gates().open() == CLIENTS + 1);
            for (int i = 0; i < 50; i++) {
                assertThat(good.get("/")).startsWith("HTTP/1.1 200 ");
            }
            report("with " + CLIENTS);

            // Two looks at the heads: one finds that they have begun, one that they are late.
            long[] at = {System.nanoTime()};
            Await.until("all are ended", () -> {
                if (System.nanoTime() - at[0] > 1_500_000_000L) {
                    at[0] = System.nanoTime();
                    clock.pass(20_000);
                }
                return gateway.gates().open() <= 1;
            });
            assertThat(gateway.counters().connectionEnds(ConnectionEnd.HEADER_TIMEOUT))
                    .isBetween(1L, count(HEAD));
            assertThat(gateway.counters().count(Outcome.REQUEST_TIMEOUT)).isBetween(1L, count(BODY));
            report("after");
        } finally {
            for (SocketChannel client : slow) {
                client.close();
            }
        }
    }

    /** No more bodies than connections to the one target may carry. */
    private static int kind(int client) {
        int kind = client % KINDS.length;
        return kind == BODY && client >= 1_500 ? HEAD : kind;
    }

    private static long count(int kind) {
        return IntStream.range(0, CLIENTS)
                .filter(client -> kind(client) == kind)
                .count();
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static void report(String when) {
        if (CLIENTS > 1_000) {
            System.gc();
            Runtime runtime = Runtime.getRuntime();
            System.out.printf(
                    "%s clients: heap %d KiB, direct %d KiB%n",
                    when,
                    (runtime.totalMemory() - runtime.freeMemory()) >> 10,
                    PlatformDependent.usedDirectMemory() >> 10);
        }
    }
}
