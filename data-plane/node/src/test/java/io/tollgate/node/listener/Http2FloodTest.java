package io.tollgate.node.listener;

import static io.tollgate.node.fixture.Catalog.catalog;
import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.node.dial.Await;
import io.tollgate.node.exchange.ConnectionEnd;
import io.tollgate.node.exchange.Outcome;
import io.tollgate.node.exchange.StreamRefusal;
import io.tollgate.node.fixture.Bounds;
import io.tollgate.node.fixture.Catalog;
import io.tollgate.node.fixture.Gateway;
import io.tollgate.node.fixture.Http2Wire;
import io.tollgate.node.fixture.ManualClock;
import io.tollgate.node.fixture.RawUpstream;
import java.io.UncheckedIOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Frames of HTTP/2 that cost their sender nothing end the connection when there are too many, and no other (RFC 9113, 10.5). */
class Http2FloodTest {
    private static final int PING = 6;
    private static final int CONTINUATION = 9;
    private static final byte[] NOTHING = new byte[8];

    private final RawUpstream upstream = RawUpstream.answering("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
    private final Catalog catalog =
            catalog().open().service("pets", upstream.port()).route("pets", "/", "pets");

    @Test
    void pings_moreThanMayBeInASecond_endTheConnection() {
        // Its time stands still, so that all of them come in one second.
        try (Gateway gateway = Gateway.serving(catalog, new ManualClock(), Bounds.with("http2PingsPerSecondMax", 50));
                Http2Wire good = gateway.connectHttp2();
                Http2Wire bad = gateway.connectHttp2()) {
            assertThat(bad.get("/").status()).isEqualTo("200");
            for (int i = 0; i < 50; i++) {
                bad.frame(PING, 0, 0, NOTHING);
            }
            assertThat(bad.get("/").status()).as("as many as may be").isEqualTo("200");
            bad.frame(PING, 0, 0, NOTHING);

            Await.until("it is ended", () -> gateway.counters().connectionEnds(ConnectionEnd.HTTP2_PINGS) == 1);
            Await.until("and closed", () -> gateway.gates().open() == 1);
            assertThat(good.get("/").status()).isEqualTo("200");
        }
    }

    @Test
    void settings_moreThanMayBeInASecond_endTheConnection() {
        try (Gateway gateway =
                        Gateway.serving(catalog, new ManualClock(), Bounds.with("http2SettingsPerSecondMax", 20));
                Http2Wire good = gateway.connectHttp2();
                Http2Wire bad = gateway.connectHttp2()) {
            assertThat(bad.get("/").status()).isEqualTo("200");
            flood(bad, Http2Wire.SETTINGS, new byte[0], 25);

            Await.until("it is ended", () -> gateway.counters().connectionEnds(ConnectionEnd.HTTP2_SETTINGS) == 1);
            Await.until("and closed", () -> gateway.gates().open() == 1);
            assertThat(good.get("/").status()).isEqualTo("200");
        }
    }

    @Test
    void resets_moreThanMayBeInASecond_endTheConnection() {
        try (Gateway gateway = Gateway.serving(catalog, Gateway.CLOCK, Bounds.with("http2ResetsPerSecondMax", 20));
                Http2Wire good = gateway.connectHttp2();
                Http2Wire bad = gateway.connectHttp2()) {
            attempt(() -> {
                for (int i = 0; i < 400; i++) {
                    bad.reset(bad.begin(true, Http2Wire.head("GET", "/")), 8);
                }
            });

            Await.until("it is ended", () -> gateway.counters().connectionEnds(ConnectionEnd.HTTP2_RESETS) == 1);
            Await.until("and closed", () -> gateway.gates().open() == 1);
            assertThat(good.get("/").status()).isEqualTo("200");
        }
    }

    @Test
    void continuations_manySmallOnes_endTheConnection() {
        try (Gateway gateway = Gateway.serving(catalog);
                Http2Wire good = gateway.connectHttp2();
                Http2Wire bad = gateway.connectHttp2()) {
            assertThat(bad.get("/").status()).isEqualTo("200");
            bad.frame(Http2Wire.HEADERS, 0, 3, new byte[0]);
            byte[] field = Http2Wire.block("x: y");
            attempt(() -> {
                for (int i = 0; i < 10_000; i++) {
                    bad.frame(CONTINUATION, 0, 3, i % 2 == 0 ? field : new byte[0]);
                }
            });

            assertEnded(gateway, ConnectionEnd.HTTP2_FLOOD, good);
        }
    }

    @Test
    void continuations_headWithoutEnd_endsTheConnectionAndHoldsLittle() {
        AtomicInteger taken = new AtomicInteger();
        try (Gateway gateway = Gateway.serving(catalog);
                Http2Wire good = gateway.connectHttp2();
                Http2Wire bad = gateway.connectHttp2()) {
            assertThat(bad.get("/").status()).isEqualTo("200");
            byte[] fields = Http2Wire.block("x: " + "y".repeat(16_000));
            bad.frame(Http2Wire.HEADERS, 0, 3, fields);
            attempt(() -> {
                for (int i = 0; i < 1_000; i++) {
                    bad.frame(CONTINUATION, 0, 3, fields);
                    taken.incrementAndGet();
                }
            });

            assertEnded(gateway, ConnectionEnd.HTTP2_MALFORMED, good);
            assertThat(taken).as("frames of 16 kB, most of them in the sockets").hasValueLessThan(1_000);
        }
    }

    @Test
    void data_manyEmptyFrames_endTheConnection() {
        try (Gateway gateway = Gateway.serving(catalog);
                Http2Wire good = gateway.connectHttp2();
                Http2Wire bad = gateway.connectHttp2()) {
            assertThat(bad.get("/").status()).isEqualTo("200");
            int stream = bad.begin(false, Http2Wire.head("POST", "/"));
            attempt(() -> {
                for (int i = 0; i < 1_000; i++) {
                    bad.data(stream, false, "");
                }
            });

            assertEnded(gateway, ConnectionEnd.HTTP2_FLOOD, good);
            Await.until("its call is over", () -> gateway.counters().inFlight() == 0);
        }
    }

    @Test
    void headers_emptyOnes_areResetUntilTheyEndTheConnection() {
        try (Gateway gateway = Gateway.serving(catalog);
                Http2Wire good = gateway.connectHttp2();
                Http2Wire bad = gateway.connectHttp2()) {
            assertThat(bad.get("/").status()).isEqualTo("200");
            assertThat(bad.answer(bad.begin(true)).reset()).as("PROTOCOL_ERROR").isEqualTo(1);
            assertThat(bad.get("/").status()).isEqualTo("200");
            attempt(() -> {
                for (int i = 0; i < 1_000; i++) {
                    bad.begin(true);
                }
            });

            assertEnded(gateway, ConnectionEnd.HTTP2_RESETS, good);
            assertThat(gateway.counters().streamRefusals(StreamRefusal.MALFORMED))
                    .isBetween(100L, 1_001L);
        }
    }

    /** What a flow control may never be told: by 0, or beyond 2^31-1 (RFC 9113, 6.9). */
    @ParameterizedTest
    @ValueSource(ints = {0, Integer.MAX_VALUE})
    void window_ofTheConnection_outOfRange_endsIt(int increment) {
        try (Gateway gateway = Gateway.serving(catalog);
                Http2Wire good = gateway.connectHttp2();
                Http2Wire bad = gateway.connectHttp2()) {
            assertThat(bad.get("/").status()).isEqualTo("200");
            bad.window(0, increment);

            assertThat(bad.awaitGoAway(1)).hasSize(1);
            assertEnded(gateway, ConnectionEnd.HTTP2_MALFORMED, good);
        }
    }

    @ParameterizedTest
    @CsvSource({"0,1", "2147483647,3"})
    void window_ofAStream_outOfRange_endsThatCallAlone(int increment, long code) {
        CountDownLatch asked = new CountDownLatch(1);
        try (RawUpstream quiet = RawUpstream.holding(asked, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
                Gateway gateway = Gateway.serving(
                        catalog().open().service("pets", quiet.port()).route("pets", "/", "pets"));
                Http2Wire client = gateway.connectHttp2()) {
            int stream = client.begin(true, Http2Wire.head("GET", "/"));
            assertThat(asked.await(15, TimeUnit.SECONDS)).isTrue();
            client.window(stream, increment);

            assertThat(client.answer(stream).reset()).isEqualTo(code);
            assertThat(client.get("/").status()).isEqualTo("200");
            Await.until("it is over", () -> gateway.counters().inFlight() == 0);
            assertThat(gateway.counters().count(Outcome.CLIENT_GONE)).isEqualTo(1);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void assertEnded(Gateway gateway, ConnectionEnd reason, Http2Wire good) {
        Await.until("it is ended as " + reason, () -> gateway.counters().connectionEnds(reason) == 1);
        Await.until("and closed", () -> gateway.gates().open() == 1);
        assertThat(good.get("/").status()).isEqualTo("200");
    }

    private static void flood(Http2Wire client, int type, byte[] payload, int count) {
        attempt(() -> {
            for (int i = 0; i < count; i++) {
                client.frame(type, 0, 0, payload);
            }
        });
    }

    /** The gateway need not wait for all of it. */
    private static void attempt(Runnable flood) {
        try {
            flood.run();
        } catch (UncheckedIOException e) {
            assertThat(e).hasMessageMatching(".*(?i)(broken pipe|reset|abort|closed).*");
        }
    }
}
