package io.tollgate.node.listener;

import static io.tollgate.node.fixture.Catalog.catalog;
import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.node.dial.Await;
import io.tollgate.node.exchange.Outcome;
import io.tollgate.node.exchange.OutcomeClass;
import io.tollgate.node.fixture.Catalog;
import io.tollgate.node.fixture.Gateway;
import io.tollgate.node.fixture.Http2Upstream;
import io.tollgate.node.fixture.RawClient;
import io.tollgate.node.fixture.RawUpstream;
import io.tollgate.proto.config.v1.UpstreamProtocol;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Server-sent events, as the pattern of every answer that goes on for long: nothing of it is held back. */
class EventStreamTest {
    private static final String HEAD =
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
    private static final String FIRST = "d\r\ndata: first\n\n\r\n";
    private static final String SECOND = "e\r\ndata: second\n\n\r\n";

    private static Catalog open(RawUpstream upstream) {
        return catalog().open().service("news", upstream.port()).route("news", "/", "news");
    }

    private static void ask(RawClient client, String version) {
        client.send("GET /events HTTP/" + version + "\r\nHost: a\r\nAccept: text/event-stream\r\n\r\n");
    }

    @Test
    void head_withoutABody_reachesTheClientAtOnce() {
        CountDownLatch go = new CountDownLatch(1);
        try (RawUpstream upstream = RawUpstream.scripted(connection -> {
                    connection.readMessage();
                    connection.send(HEAD);
                    go.await();
                    connection.send(FIRST + "0\r\n\r\n");
                    connection.readHead();
                });
                Gateway gateway = Gateway.serving(open(upstream));
                RawClient client = gateway.connect()) {
            ask(client, "1.1");
            assertThat(client.readHead())
                    .as("before the service sent anything of the body")
                    .startsWith("HTTP/1.1 200 OK\r\n")
                    .containsIgnoringCase("content-type: text/event-stream\r\n");
            go.countDown();
            assertThat(client.read(FIRST.length() + 5)).isEqualTo(FIRST + "0\r\n\r\n");
        }
    }

    @Test
    void head_forHttp10_reachesTheClientAtOnceAndTheCloseEndsTheBody() {
        CountDownLatch go = new CountDownLatch(1);
        try (RawUpstream upstream = RawUpstream.scripted(connection -> {
                    connection.readMessage();
                    connection.send(HEAD);
                    go.await();
                    connection.send(FIRST + "0\r\n\r\n");
                    connection.readHead();
                });
                Gateway gateway = Gateway.serving(open(upstream));
                RawClient client = gateway.connect()) {
            ask(client, "1.0");
            assertThat(client.readHead()).containsIgnoringCase("connection: close\r\n");
            go.countDown();
            assertThat(client.readToEnd()).isEqualTo("data: first\n\n");
        }
    }

    @Test
    void head_ofALengthWithoutABody_reachesTheClientAtOnce() {
        CountDownLatch go = new CountDownLatch(1);
        try (RawUpstream upstream = RawUpstream.scripted(connection -> {
                    connection.readMessage();
                    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
                    go.await();
                    connection.send("hello");
                    connection.readHead();
                });
                Gateway gateway = Gateway.serving(open(upstream));
                RawClient client = gateway.connect()) {
            ask(client, "1.1");
            assertThat(client.readHead()).containsIgnoringCase("content-length: 5\r\n");
            go.countDown();
            assertThat(client.read(5)).isEqualTo("hello");
            assertThat(gateway.usage().classes()).containsExactly(OutcomeClass.SUCCESS);
        }
    }

    @Test
    void head_ofAServiceOverHttp2_reachesTheClientAtOnce() {
        try (Http2Upstream upstream = Http2Upstream.quiet(Http2Upstream.Settings.PLAIN);
                Gateway gateway = Gateway.serving(catalog()
                        .open()
                        .service(
                                "news",
                                upstream.port(),
                                service -> service.setProtocol(UpstreamProtocol.UPSTREAM_PROTOCOL_HTTP2))
                        .route("news", "/", "news"));
                RawClient client = gateway.connect()) {
            ask(client, "1.1");
            Http2Upstream.Request request = upstream.next();
            request.head("200", false, "content-type", "text/event-stream");
            assertThat(client.readHead()).startsWith("HTTP/1.1 200 OK\r\n");
            request.data("data: first\n\n", false);
            assertThat(client.read(FIRST.length())).isEqualTo(FIRST);
        }
    }

    @Test
    void events_eachAsItComes_reachTheClientBeforeTheNextIsSent() {
        CountDownLatch go = new CountDownLatch(1);
        try (RawUpstream upstream = RawUpstream.scripted(connection -> {
                    connection.readMessage();
                    connection.send(HEAD + FIRST);
                    go.await();
                    connection.send(SECOND);
                    connection.readHead();
                });
                Gateway gateway = Gateway.serving(open(upstream));
                RawClient client = gateway.connect()) {
            ask(client, "1.1");
            client.readHead();
            assertThat(client.read(FIRST.length())).isEqualTo(FIRST);
            go.countDown();
            assertThat(client.read(SECOND.length())).isEqualTo(SECOND);
        }
    }

    @Test
    void client_leaves_endsTheServiceSide() {
        CountDownLatch left = new CountDownLatch(1);
        try (RawUpstream upstream = RawUpstream.scripted(connection -> {
                    connection.readMessage();
                    connection.send(HEAD + FIRST);
                    if (connection.isClosedByPeer()) {
                        left.countDown();
                    }
                });
                Gateway gateway = Gateway.serving(open(upstream));
                RawClient client = gateway.connect()) {
            ask(client, "1.1");
            client.readHead();
            client.read(FIRST.length());
            client.reset();

            Await.until("the service sees the end", () -> left.getCount() == 0);
            Await.until("the call is told", () -> gateway.counters().count(Outcome.CLIENT_GONE) == 1);
            assertThat(gateway.usage().classes()).containsExactly(OutcomeClass.ABORTED);
        }
    }
}
