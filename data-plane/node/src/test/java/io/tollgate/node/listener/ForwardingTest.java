package io.tollgate.node.listener;

import static io.tollgate.node.fixture.Catalog.catalog;
import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.node.dial.Await;
import io.tollgate.node.exchange.Outcome;
import io.tollgate.node.exchange.OutcomeClass;
import io.tollgate.node.fixture.Catalog;
import io.tollgate.node.fixture.Gateway;
import io.tollgate.node.fixture.RawClient;
import io.tollgate.node.fixture.RawUpstream;
import java.io.UncheckedIOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What a well-behaved call looks like on both sides. */
class ForwardingTest {
    private static final String HELLO = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello";

    private static Catalog open(RawUpstream upstream) {
        return catalog().open().service("pets", upstream.port()).route("pets", "/pets", "pets");
    }

    @Test
    void get_simple_isRelayedAndCountedOnce() {
        try (RawUpstream upstream = RawUpstream.answering(HELLO);
                Gateway gateway = Gateway.serving(open(upstream));
                RawClient client = gateway.connect()) {
            String answer = client.get("/pets/7?color=red%20brown");

            assertThat(answer).startsWith("HTTP/1.1 200 OK\r\n").endsWith("\r\n\r\nhello");
            assertThat(answer).contains("Via: 1.1 tollgate\r\n", "Content-Type: text/plain\r\n");
            assertThat(upstream.requests()).singleElement().satisfies(request -> {
                assertThat(request).startsWith("GET /pets/7?color=red%20brown HTTP/1.1\r\n");
                assertThat(request).contains("Host: 127.0.0.1:" + upstream.port() + "\r\n");
                assertThat(request).contains("Via: 1.1 tollgate\r\n", "X-Forwarded-For: 127.0.0.1\r\n");
                assertThat(request).contains("X-Forwarded-Host: api.example.com\r\n", "X-Forwarded-Proto: http\r\n");
                assertThat(request).contains("Forwarded: for=127.0.0.1;host=\"api.example.com\";proto=http\r\n");
            });
            assertThat(gateway.usage().classes()).containsExactly(OutcomeClass.SUCCESS);
        }
    }

    @Test
    void head_hopByHopFields_endHere() {
        try (RawUpstream upstream = RawUpstream.answering("HTTP/1.1 200 OK\r\nConnection: X-Private\r\nX-Private: 1\r\n"
                        + "Keep-Alive: timeout=5\r\nX-Public: 2\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\n"
                        + "Content-Length: 0\r\n\r\n");
                Gateway gateway = Gateway.serving(open(upstream));
                RawClient client = gateway.connect()) {
            String answer = client.get(
                    "/pets",
                    "Connection: X-Secret, keep-alive",
                    "X-Secret: 1",
                    "Keep-Alive: timeout=5",
                    "Proxy-Authorization: Basic x",
                    "Upgrade: h2c",
                    "TE: gzip",
                    "X-Forwarded-For: 6.6.6.6",
                    "Forwarded: for=6.6.6.6",
                    "Via: 1.0 fred",
                    "X-Open: 2");

            assertThat(upstream.requests()).singleElement().satisfies(request -> {
                assertThat(request)
                        .doesNotContain("X-Secret")
                        .doesNotContain("Keep-Alive")
                        .doesNotContain("Proxy-Authorization")
                        .doesNotContain("Upgrade")
                        .doesNotContain("TE:")
                        .doesNotContain("6.6.6.6");
                assertThat(request).contains("X-Open: 2\r\n", "Via: 1.0 fred\r\n", "Via: 1.1 tollgate\r\n");
            });
            assertThat(answer).doesNotContain("X-Private").doesNotContain("Keep-Alive");
            assertThat(answer).contains("X-Public: 2\r\n", "Set-Cookie: a=1\r\n", "Set-Cookie: b=2\r\n");
        }
    }

    @Test
    void earlyHints_hopByHopFields_endHereToo() {
        try (RawUpstream upstream = RawUpstream.answering(
                        "HTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\nConnection: X-Private\r\nX-Private: 1\r\n"
                                + "Keep-Alive: timeout=5\r\n\r\n" + HELLO);
                Gateway gateway = Gateway.serving(open(upstream));
                RawClient client = gateway.connect()) {
            String hints = client.get("/pets");

            assertThat(hints).startsWith("HTTP/1.1 103 ").contains("Link: </style.css>\r\n");
            assertThat(hints)
                    .doesNotContainIgnoringCase("x-private")
                    .doesNotContainIgnoringCase("connection")
                    .doesNotContainIgnoringCase("keep-alive");
            assertThat(client.readMessage()).startsWith("HTTP/1.1 200 ").endsWith("hello");
        }
    }

    @Test
    void via_ofAnOldUpstream_namesTheVersionThatItSpoke() {
        try (RawUpstream upstream = RawUpstream.answering("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n");
                Gateway gateway = Gateway.serving(open(upstream));
                RawClient client = gateway.connect()) {
            assertThat(client.get("/pets")).startsWith("HTTP/1.1 200 ").contains("Via: 1.0 tollgate\r\n");
        }
    }

    @Test
    void path_rewrittenAndPrefixed_isWhatTheUpstreamSees() {
        try (RawUpstream upstream = RawUpstream.answering(HELLO);
                Gateway gateway = Gateway.serving(catalog()
                        .open()
                        .service(
                                "pets",
                                upstream.port(),
                                service -> service.setPathPrefix("/v2").setPreserveHost(true))
                        .route(
                                "pets",
                                "/pets",
                                "pets",
                                route -> route.setRewrite(io.tollgate.proto.config.v1.PathRewrite.newBuilder()
                                        .setReplacePrefix("/animals"))));
                RawClient client = gateway.connect()) {
            assertThat(client.get("//pets/./x/../%37?q=a//b")).startsWith("HTTP/1.1 200 ");

            assertThat(upstream.requests())
                    .singleElement()
                    .asString()
                    .startsWith("GET /v2/animals/7?q=a//b HTTP/1.1\r\n")
                    .contains("Host: api.example.com\r\n");
        }
    }

    @Test
    void host_upperCaseAndPort_matchesTheRoute() {
        try (RawUpstream upstream = RawUpstream.answering(HELLO);
                Gateway gateway = Gateway.serving(catalog()
                        .open()
                        .service("pets", upstream.port())
                        .route("pets", "/", "pets", route -> route.addHosts("api.example.com")));
                RawClient client = gateway.connect()) {
            client.send("GET / HTTP/1.1\r\nHost: API.Example.COM:8080\r\n\r\n");
            assertThat(client.readMessage()).startsWith("HTTP/1.1 200 ");
            client.send("GET / HTTP/1.1\r\nHost: other.example.com\r\n\r\n");
            assertThat(client.readMessage()).startsWith("HTTP/1.1 404 ");
        }
    }

    @Test
    void requests_pipelined_areAnsweredInOrder() {
        try (RawUpstream upstream = RawUpstream.answering(HELLO);
                Gateway gateway = Gateway.serving(open(upstream));
                RawClient client = gateway.connect()) {
            client.send("GET /pets/1 HTTP/1.1\r\nHost: a\r\n\r\nGET /none HTTP/1.1\r\nHost: a\r\n\r\n"
                    + "GET /pets/2 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");

            assertThat(client.readMessage()).startsWith("HTTP/1.1 200 ");
            assertThat(client.readMessage()).startsWith("HTTP/1.1 404 ");
            assertThat(client.readToEnd()).startsWith("HTTP/1.1 200 ").endsWith("hello");
            assertThat(upstream.connections()).isEqualTo(1);
        }
    }

    @Test
    void answer_upstreamStatus_decidesTheClass() {
        try (RawUpstream upstream = RawUpstream.scripted(connection -> {
                    for (String status : new String[] {"302 Found", "404 Gone Fishing", "500 Oops"}) {
                        connection.readMessage();
                        connection.send("HTTP/1.1 " + status + "\r\nContent-Length: 0\r\n\r\n");
                    }
                    connection.readHead();
                });
                Gateway gateway = Gateway.serving(open(upstream));
                RawClient client = gateway.connect()) {
            assertThat(client.get("/pets")).startsWith("HTTP/1.1 302 Found\r\n");
            assertThat(client.get("/pets")).startsWith("HTTP/1.1 404 Gone Fishing\r\n");
            assertThat(client.get("/pets")).startsWith("HTTP/1.1 500 Oops\r\n");
            assertThat(gateway.usage().classes())
                    .containsExactly(OutcomeClass.SUCCESS, OutcomeClass.CLIENT_ERROR, OutcomeClass.SERVER_ERROR);
        }
    }

    @Test
    void log_line_tellsTheCallAndNoSecret() throws InterruptedException {
        Catalog catalog;
        try (RawUpstream upstream = RawUpstream.answering(HELLO)) {
            catalog = catalog()
                    .service("pets", upstream.port())
                    .route("pets", "/pets", "pets")
                    .plan("gold")
                    .consumer("acme", "gold");
            String key = catalog.key("acme");
            try (Gateway gateway = Gateway.serving(catalog);
                    RawClient client = gateway.connect()) {
                assertThat(client.get("/pets?api_key=" + key)).startsWith("HTTP/1.1 200 ");
                Await.until("the request ended", () -> gateway.counters().count(Outcome.OK) == 1);

                assertThat(gateway.logged())
                        .contains("\"method\":\"GET\"", "\"path\":\"/pets\"", "\"route\":\"pets\"")
                        .contains("\"consumer\":\"acme\"", "\"plan\":\"gold\"", "\"status\":200", "\"outcome\":\"ok\"")
                        .contains("\"bytes_out\":5", "\"upstream\":\"127.0.0.1:" + upstream.port() + "\"")
                        .doesNotContain(key);
            }
        }
    }

    @Test
    void drain_callInFlight_finishesBeforeTheDoorCloses() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        try (RawUpstream upstream = RawUpstream.scripted(connection -> {
                    connection.readMessage();
                    asked.countDown();
                    go.await();
                    connection.send(HELLO);
                    connection.readHead();
                });
                Gateway gateway = Gateway.serving(open(upstream));
                RawClient client = gateway.connect()) {
            int port = gateway.port();
            client.send("GET /pets HTTP/1.1\r\nHost: a\r\n\r\n");
            asked.await();
            var drained = gateway.door().drain(15_000).toCompletionStage().toCompletableFuture();
            Await.until("nobody else gets in", () -> isRefused(port));
            go.countDown();

            assertThat(client.readToEnd()).startsWith("HTTP/1.1 200 ").endsWith("hello");
            drained.get(15, TimeUnit.SECONDS);
            assertThat(gateway.usage().classes()).containsExactly(OutcomeClass.SUCCESS);
        }
    }

    private static boolean isRefused(int port) {
        try (RawClient late = new RawClient(port)) {
            return late.isClosedByPeer();
        } catch (UncheckedIOException e) {
            return true;
        }
    }
}
