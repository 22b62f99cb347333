package io.tollgate.node.listener;

import static io.tollgate.node.fixture.Catalog.catalog;
import static io.tollgate.node.fixture.Catalog.perMinute;
import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.node.dial.Await;
import io.tollgate.node.exchange.Clock;
import io.tollgate.node.exchange.Outcome;
import io.tollgate.node.exchange.OutcomeClass;
import io.tollgate.node.fixture.Catalog;
import io.tollgate.node.fixture.Frames;
import io.tollgate.node.fixture.Gateway;
import io.tollgate.node.fixture.RawClient;
import io.tollgate.node.fixture.RawUpstream;
import io.tollgate.node.fixture.Wire;
import io.tollgate.proto.config.v1.ConcurrencyLimit;
import io.tollgate.proto.config.v1.Retry;
import io.tollgate.proto.config.v1.RetryCondition;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** WebSockets through the gateway (RFC 6455): the handshake, the bytes, and every way in which they end. */
class WebSocketTest {
    private static Catalog open(int port) {
        return catalog().open().service("chat", port).route("chat", "/", "chat");
    }

    /** Switches and then does what the script says. */
    private static RawUpstream switching(RawUpstream.Script then) {
        return RawUpstream.scripted(connection -> {
            connection.readMessage();
            connection.send(Frames.switched());
            then.run(connection);
        });
    }

    private static RawClient connected(Gateway gateway) {
        RawClient client = gateway.connect();
        client.send(Frames.request("/ws"));
        assertThat(client.readHead()).startsWith("HTTP/1.1 101 Switching Protocols\r\n");
        return client;
    }

    @Test
    void handshake_valid_isForwardedAndAnsweredWithItsFields() {
        AtomicReference<String> seen = new AtomicReference<>("");
        try (RawUpstream upstream = RawUpstream.scripted(connection -> {
                    seen.set(connection.readMessage());
                    connection.send(Frames.switched("Sec-WebSocket-Protocol: chat", "X-Service: a"));
                    connection.readToEnd();
                });
                Gateway gateway = Gateway.serving(open(upstream.port()));
                RawClient client = gateway.connect()) {
            client.send(Frames.request("/ws", "Sec-WebSocket-Protocol: chat, other", "Origin: https://example.com"));
            String head = client.readHead();

            assertThat(head)
                    .startsWith("HTTP/1.1 101 Switching Protocols\r\n")
                    .contains("Sec-WebSocket-Accept: " + Frames.accept(Frames.KEY) + "\r\n")
                    .contains("Sec-WebSocket-Protocol: chat\r\n")
                    .contains("X-Service: a\r\n")
                    .contains("Via: 1.1 tollgate\r\n")
                    .containsOnlyOnce("Upgrade: websocket\r\n")
                    .containsOnlyOnce("Connection: Upgrade\r\n")
                    .doesNotContainIgnoringCase("transfer-encoding");
            assertThat(seen.get())
                    .containsOnlyOnce("Upgrade: websocket\r\n")
                    .containsOnlyOnce("Connection: Upgrade\r\n")
                    .contains("Sec-WebSocket-Key: " + Frames.KEY + "\r\n")
                    .contains("Sec-WebSocket-Version: 13\r\n")
                    .contains("Sec-WebSocket-Protocol: chat, other\r\n")
                    .contains("Origin: https://example.com\r\n")
                    .contains("X-Forwarded-For: 127.0.0.1\r\n");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Upgrade: h2c",
                "Upgrade: websocket, h2c|Sec-WebSocket-Version: 12",
                "Upgrade: websocket|Sec-WebSocket-Version: 13|Sec-WebSocket-Key: short",
                "Upgrade: websocket|Sec-WebSocket-Version: 13",
                "Upgrade: websocket|Sec-WebSocket-Version: 13|Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==|"
                        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                "Upgrade: websocket|Sec-WebSocket-Version: 13|Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==|"
                        + "Content-Length: 2"
            })
    void handshake_invalid_isForwardedAsAnOrdinaryRequest(String fields) {
        try (RawUpstream upstream = RawUpstream.answering("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nplain");
                Gateway gateway = Gateway.serving(open(upstream.port()));
                RawClient client = gateway.connect()) {
            client.send("GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\n" + fields.replace("|", "\r\n")
                    + "\r\n\r\n" + (fields.contains("Content-Length") ? "ab" : ""));

            assertThat(client.readMessage()).startsWith("HTTP/1.1 200 ").endsWith("plain");
            assertThat(upstream.requests().get(0))
                    .doesNotContainIgnoringCase("upgrade:")
                    .doesNotContainIgnoringCase("connection:");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Upgrade: websocket|Connection: Upgrade|Sec-WebSocket-Accept: AAAAAAAAAAAAAAAAAAAAAAAAAAA=",
                "Upgrade: websocket|Connection: Upgrade",
                "Upgrade: h2c|Connection: Upgrade|Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
                "Connection: Upgrade|Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
                "Upgrade: websocket|Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
            })
    void answer_wrong101_is502(String fields) {
        try (RawUpstream upstream = RawUpstream.scripted(connection -> {
                    connection.readMessage();
                    connection.send(
                            "HTTP/1.1 101 Switching Protocols\r\n" + fields.replace("|", "\r\n") + "\r\n\r\nHello");
                    connection.readToEnd();
                });
                Gateway gateway = Gateway.serving(open(upstream.port()));
                RawClient client = gateway.connect()) {
            client.send(Frames.request("/ws"));

            assertThat(client.readMessage()).startsWith("HTTP/1.1 502 ").contains("upstream-protocol");
            assertThat(gateway.usage().classes()).containsExactly(OutcomeClass.FAILED);
        }
    }

    @Test
    void answer_101ToARequestThatAskedForNothing_is502() {
        try (RawUpstream upstream = switching(Wire::readToEnd);
                Gateway gateway = Gateway.serving(open(upstream.port()));
                RawClient client = gateway.connect()) {
            assertThat(client.get("/ws")).startsWith("HTTP/1.1 502 ").contains("upstream-protocol");
        }
    }

    @Test
    void answer_403_isAnOrdinaryAnswerAndTheConnectionGoesOn() {
        try (RawUpstream upstream = RawUpstream.answering("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno");
                Gateway gateway = Gateway.serving(open(upstream.port()));
                RawClient client = gateway.connect()) {
            client.send(Frames.request("/ws"));
            assertThat(client.readMessage()).startsWith("HTTP/1.1 403 ").endsWith("no");

            assertThat(client.get("/again")).startsWith("HTTP/1.1 403 ");
            assertThat(upstream.connections()).isEqualTo(1);
            assertThat(gateway.usage().classes()).containsExactly(OutcomeClass.CLIENT_ERROR, OutcomeClass.CLIENT_ERROR);
        }
    }

    @Test
    void handshake_withoutKey_isRefusedBeforeTheService() {
        try (RawUpstream upstream = switching(Wire::readToEnd);
                Gateway gateway = Gateway.serving(
                        catalog().service("chat", upstream.port()).route("chat", "/", "chat"));
                RawClient client = gateway.connect()) {
            client.send(Frames.request("/ws"));

            assertThat(client.readMessage()).startsWith("HTTP/1.1 401 ").contains("key-missing");
            assertThat(upstream.connections()).isZero();
        }
    }

    @Test
    void handshake_overTheLimit_isRefusedAndALiveStreamGoesOn() {
        Catalog catalog = catalog();
        catalog.plan("gold", perMinute(1)).consumer("acme", "gold");
        String key = catalog.key("acme");
        try (RawUpstream upstream = switching(connection -> {
                    connection.send(Frames.text(Frames.mask(connection.read(7).substring(6))));
                    connection.readToEnd();
                });
                Gateway gateway =
                        Gateway.serving(catalog.service("chat", upstream.port()).route("chat", "/", "chat"));
                RawClient first = gateway.connect();
                RawClient second = gateway.connect()) {
            first.send(Frames.request("/ws", "X-Api-Key: " + key));
            assertThat(first.readHead()).startsWith("HTTP/1.1 101 ").contains("RateLimit: ");
            second.send(Frames.request("/ws", "X-Api-Key: " + key));
            assertThat(second.readMessage()).startsWith("HTTP/1.1 429 ");

            first.send(Frames.masked("x"));
            assertThat(first.read(3)).isEqualTo(Frames.text("x"));
        }
    }

    @Test
    void bytes_bothWays_passAsTheyAreAndAreToldAtTheEnd() throws Exception {
        String ping = Frames.masked(0x89, "pi");
        String hello = Frames.masked("hello");
        AtomicReference<String> seen = new AtomicReference<>("");
        try (RawUpstream upstream = switching(connection -> {
                    seen.set(connection.read(ping.length() + hello.length()));
                    connection.send(Frames.frame(0x8a, "pi") + Frames.text("welcome"));
                    connection.read(Frames.maskedClose(1000).length());
                    connection.send(Frames.close(1000));
                });
                Gateway gateway = Gateway.serving(open(upstream.port()))) {
            try (RawClient client = connected(gateway)) {
                assertThat(gateway.usage().classes())
                        .as("counted at the handover of the 101")
                        .containsExactly(OutcomeClass.SUCCESS);
                assertThat(gateway.counters().inFlight()).isEqualTo(1);
                client.send(ping + hello);
                assertThat(client.read(4 + 9)).isEqualTo(Frames.frame(0x8a, "pi") + Frames.text("welcome"));
                assertThat(seen.get()).isEqualTo(ping + hello);
                client.send(Frames.maskedClose(1000));
                assertThat(client.readToEnd()).isEqualTo(Frames.close(1000));
            }
            Await.until("it is over", () -> gateway.counters().count(Outcome.OK) == 1);
            assertThat(gateway.counters().requestBytes()).isEqualTo(8 + 11 + 8);
            assertThat(gateway.counters().responseBytes()).isEqualTo(4 + 9 + 4);
            assertThat(gateway.usage().classes()).hasSize(1);
            assertThat(gateway.logged()).contains("\"status\":101,\"outcome\":\"ok\",\"bytes_in\":27,\"bytes_out\":17");
        }
    }

    @Test
    void bytes_behindThe101InOnePacket_followItToTheClient() {
        try (RawUpstream upstream = RawUpstream.scripted(connection -> {
                    connection.readMessage();
                    connection.send(Frames.switched() + Frames.text("at once"));
                    connection.readToEnd();
                });
                Gateway gateway = Gateway.serving(open(upstream.port()));
                RawClient client = connected(gateway)) {
            assertThat(client.read(9)).isEqualTo(Frames.text("at once"));
        }
    }

    @Test
    void client_leavesWithoutAClose_endsTheServiceSide() {
        CountDownLatch ended = new CountDownLatch(1);
        try (RawUpstream upstream = switching(connection -> {
                    connection.isClosedByPeer();
                    ended.countDown();
                });
                Gateway gateway = Gateway.serving(open(upstream.port()))) {
            connected(gateway).reset();

            Await.until("it is over", () -> ended.getCount() == 0);
            Await.until("it is over", () -> gateway.counters().count(Outcome.CLIENT_GONE) == 1);
            assertThat(gateway.usage().classes()).containsExactly(OutcomeClass.SUCCESS);
        }
    }

    @Test
    void service_closesWithoutAClose_closesTheClientAfterWhatItSaid() {
        try (RawUpstream upstream = switching(connection -> connection.send(Frames.text("last words")));
                Gateway gateway = Gateway.serving(open(upstream.port()));
                RawClient client = connected(gateway)) {
            assertThat(client.readToEnd()).isEqualTo(Frames.text("last words"));
            Await.until("it is over", () -> gateway.counters().count(Outcome.UPSTREAM_RESET) == 1);
        }
    }

    @Test
    void frame_unmasked_closesWith1002AndNeverReachesTheService() {
        CompletableFuture<String> seen = new CompletableFuture<>();
        try (RawUpstream upstream = switching(connection -> seen.complete(connection.readToEnd()));
                Gateway gateway = Gateway.serving(open(upstream.port()));
                RawClient client = connected(gateway)) {
            client.send(Frames.text("bare"));

            assertThat(client.readToEnd()).isEqualTo(Frames.close(1002));
            assertThat(Frames.codeOfMaskedClose(seen.join())).isEqualTo(1001);
            assertThat(gateway.counters().count(Outcome.STREAM_REFUSED)).isEqualTo(1);
        }
    }

    @Test
    void frame_tooLarge_closesWith1009() {
        try (RawUpstream upstream = switching(Wire::readToEnd);
                Gateway gateway = Gateway.serving(open(upstream.port()));
                RawClient client = connected(gateway)) {
            client.send(Frames.masked("fits"));
            client.send("\u0082\u00ff\0\0\0\0\u0001\0\0\u0001");

            assertThat(client.readToEnd()).isEqualTo(Frames.close(1009));
        }
    }

    @Test
    void silence_pastTheBound_closesWith1001() {
        AtomicLong ahead = new AtomicLong();
        Clock clock = new Clock() {
            @Override
            public long nanos() {
                return Gateway.CLOCK.nanos() + ahead.get();
            }

            @Override
            public long epochMillis() {
                return Gateway.CLOCK.epochMillis();
            }
        };
        CompletableFuture<String> seen = new CompletableFuture<>();
        try (RawUpstream upstream = switching(connection -> {
                    connection.send(Frames.text(Frames.mask(connection.read(7).substring(6))));
                    seen.complete(connection.readToEnd());
                });
                Gateway gateway = Gateway.serving(open(upstream.port()), clock);
                RawClient client = connected(gateway)) {
            ahead.addAndGet(TimeUnit.SECONDS.toNanos(290));
            client.send(Frames.masked("x"));
            assertThat(client.read(3)).as("not yet").isEqualTo(Frames.text("x"));
            ahead.addAndGet(TimeUnit.SECONDS.toNanos(301));

            assertThat(client.readToEnd()).isEqualTo(Frames.close(1001));
            assertThat(Frames.codeOfMaskedClose(seen.join())).isEqualTo(1001);
            assertThat(gateway.counters().count(Outcome.STREAM_IDLE)).isEqualTo(1);
        }
    }

    @Test
    void place_ofTheService_isHeldAsLongAsTheStreamLives() {
        try (RawUpstream upstream = switching(Wire::readToEnd);
                Gateway gateway = Gateway.serving(catalog()
                        .open()
                        .service(
                                "chat",
                                upstream.port(),
                                service -> service.setConcurrencyLimit(ConcurrencyLimit.newBuilder()
                                        .setCallsMax(1)
                                        .setQueueTimeoutMillis(1)
                                        .setRetryAfterSeconds(1)))
                        .route("chat", "/", "chat"));
                RawClient second = gateway.connect()) {
            try (RawClient first = connected(gateway)) {
                second.send(Frames.request("/ws"));
                assertThat(second.readMessage()).startsWith("HTTP/1.1 503 ").contains("overloaded");
                first.send(Frames.masked("still here"));
            }
            Await.until("the stream is over", () -> gateway.counters().count(Outcome.CLIENT_GONE) == 1);
            second.send(Frames.request("/ws"));
            assertThat(second.readHead()).startsWith("HTTP/1.1 101 ");
        }
    }

    @Test
    void service_whoseClientReadsNothing_isNotReadEither() {
        AtomicLong sent = new AtomicLong();
        long total = 64L << 20;
        try (RawUpstream upstream = switching(connection -> {
                    byte[] block = new byte[65_536];
                    connection.send("\u0082\u007f\0\0\0\0\u0004\0\0\0");
                    while (sent.get() < total) {
                        connection.send(block);
                        sent.addAndGet(block.length);
                    }
                    connection.readToEnd();
                });
                Gateway gateway = Gateway.serving(open(upstream.port()));
                RawClient client = connected(gateway)) {
            awaitStandstill(sent);
            assertThat(sent.get()).as("what is not read is not taken").isLessThan(total / 2);

            client.read(10);
            for (long left = total; left > 0; left -= 65_536) {
                assertThat(client.read(65_536)).hasSize(65_536);
            }
        }
    }

    @Test
    void client_whoseServiceReadsNothing_isNotReadEither() {
        CountDownLatch go = new CountDownLatch(1);
        CountDownLatch all = new CountDownLatch(1);
        AtomicLong sent = new AtomicLong();
        long total = 64L << 20;
        try (RawUpstream upstream = switching(connection -> {
                    go.await();
                    for (long left = total; left > 0; left -= 65_536) {
                        connection.read(65_536);
                    }
                    all.countDown();
                    connection.readToEnd();
                });
                Gateway gateway = Gateway.serving(open(upstream.port()));
                RawClient client = connected(gateway)) {
            Thread sender = new Thread(() -> {
                byte[] frame = new byte[65_536];
                frame[0] = (byte) 0x82;
                frame[1] = (byte) 0xff;
                int payload = frame.length - 14;
                frame[8] = (byte) (payload >> 8);
                frame[9] = (byte) payload;
                while (sent.get() < total) {
                    client.send(frame);
                    sent.addAndGet(frame.length);
                }
            });
            sender.start();
            awaitStandstill(sent);
            assertThat(sent.get()).as("what is not read is not taken").isLessThan(total / 2);
            go.countDown();

            Await.until("all of it has come", () -> all.getCount() == 0);
        }
    }

    private static void awaitStandstill(AtomicLong sent) {
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
    void drain_atItsEnd_closesWith1001() {
        CompletableFuture<String> seen = new CompletableFuture<>();
        try (RawUpstream upstream = switching(connection -> {
                    connection.send(Frames.text(Frames.mask(connection.read(7).substring(6))));
                    seen.complete(connection.readToEnd());
                });
                Gateway gateway = Gateway.serving(open(upstream.port()));
                RawClient client = connected(gateway)) {
            gateway.door().drain(1_000);
            client.send(Frames.masked("x"));
            assertThat(client.read(3)).as("it lives on meanwhile").isEqualTo(Frames.text("x"));

            assertThat(client.readToEnd()).isEqualTo(Frames.close(1001));
            assertThat(Frames.codeOfMaskedClose(seen.join())).isEqualTo(1001);
            assertThat(gateway.counters().count(Outcome.DRAINING)).isEqualTo(1);
        }
    }

    @Test
    void realClientAndService_echoTextAndBinaryOfEverySize() throws Exception {
        Vertx vertx = Vertx.vertx();
        try {
            HttpServer echo = vertx.createHttpServer(new io.vertx.core.http.HttpServerOptions()
                            .setMaxWebSocketMessageSize(4 << 20)
                            .setMaxWebSocketFrameSize(4 << 20)
                            .setPerMessageWebSocketCompressionSupported(true))
                    .webSocketHandler(socket -> socket.frameHandler(frame -> socket.writeFrame(frame)))
                    .listen(0, "127.0.0.1")
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(20, TimeUnit.SECONDS);
            try (Gateway gateway = Gateway.serving(open(echo.actualPort()))) {
                Heard heard = new Heard();
                WebSocket socket = HttpClient.newHttpClient()
                        .newWebSocketBuilder()
                        .buildAsync(URI.create("ws://127.0.0.1:" + gateway.port() + "/ws"), heard)
                        .get(20, TimeUnit.SECONDS);
                for (int size : new int[] {0, 1, 125, 126, 65_535, 65_536, 1 << 20}) {
                    byte[] message = new byte[size];
                    Arrays.fill(message, (byte) size);
                    CompletableFuture<byte[]> back = heard.next();
                    socket.sendBinary(ByteBuffer.wrap(message), true).get(20, TimeUnit.SECONDS);
                    assertThat(back.get(20, TimeUnit.SECONDS)).isEqualTo(message);
                }
                socket.sendClose(WebSocket.NORMAL_CLOSURE, "done").get(20, TimeUnit.SECONDS);
                assertThat(heard.closed.get(20, TimeUnit.SECONDS)).isEqualTo(WebSocket.NORMAL_CLOSURE);
                Await.until("it is over", () -> gateway.counters().count(Outcome.OK) == 1);
                assertThat(gateway.usage().classes()).containsExactly(OutcomeClass.SUCCESS);
            }
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void retry_whenTheServiceBreaksOffTheHandshake_isNotMade() {
        try (RawUpstream upstream = RawUpstream.scripted(Wire::readMessage);
                Gateway gateway = Gateway.serving(catalog()
                        .open()
                        .service(
                                "chat",
                                upstream.port(),
                                service -> service.setRetry(Retry.newBuilder()
                                        .setRetries(3)
                                        .setBudgetPercent(100)
                                        .setBudgetRetriesPerSecondMin(100)
                                        .addConditions(RetryCondition.RETRY_CONDITION_RESET)))
                        .route("chat", "/", "chat"));
                RawClient client = gateway.connect()) {
            client.send(Frames.request("/ws"));

            assertThat(client.readMessage()).startsWith("HTTP/1.1 502 ");
            assertThat(upstream.connections()).isEqualTo(1);
        }
    }

    /** What the real client hears. */
    private static final class Heard implements WebSocket.Listener {
        final CompletableFuture<Integer> closed = new CompletableFuture<>();
        private final java.io.ByteArrayOutputStream parts = new java.io.ByteArrayOutputStream();
        private volatile CompletableFuture<byte[]> next = new CompletableFuture<>();

        CompletableFuture<byte[]> next() {
            next = new CompletableFuture<>();
            return next;
        }

        @Override
        public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
            byte[] bytes = new byte[data.remaining()];
            data.get(bytes);
            parts.writeBytes(bytes);
            if (last) {
                byte[] whole = parts.toByteArray();
                parts.reset();
                next.complete(whole);
            }
            socket.request(1);
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            closed.complete(code);
            return CompletableFuture.completedFuture(null);
        }
    }

    @Test
    void reset_byTheService_isNoOrderlyEnd() {
        try (RawUpstream upstream = switching(Wire::reset);
                Gateway gateway = Gateway.serving(open(upstream.port()));
                RawClient client = connected(gateway)) {
            try {
                assertThat(client.readToEnd()).isEmpty();
            } catch (UncheckedIOException reset) {
                // As good an end.
            }
            Await.until("it is over", () -> gateway.counters().count(Outcome.UPSTREAM_RESET) == 1);
        }
    }
}
