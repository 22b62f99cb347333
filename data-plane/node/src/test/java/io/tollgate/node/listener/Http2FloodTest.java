package io.tollgate.node.listener;

import static io.tollgate.node.fixture.Catalog.catalog;
import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.node.dial.Await;
import io.tollgate.node.exchange.ConnectionEnd;
import io.tollgate.node.fixture.Bounds;
import io.tollgate.node.fixture.Catalog;
import io.tollgate.node.fixture.Gateway;
import io.tollgate.node.fixture.Http2Wire;
import io.tollgate.node.fixture.ManualClock;
import io.tollgate.node.fixture.RawUpstream;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.Test;

/** Frames of HTTP/2 that cost their sender nothing end the connection when there are too many, and no other (RFC 9113, 10.5). */
class Http2FloodTest {
    private static final int PING = 6;
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
            try {
                for (int i = 0; i < 400; i++) {
                    bad.reset(bad.begin(true, Http2Wire.head("GET", "/")), 8);
                }
            } catch (UncheckedIOException e) {
                // The gateway did not wait for all of them.
                assertThat(e).hasMessageMatching(".*(?i)(broken pipe|reset|abort|closed).*");
            }

            Await.until("it is ended", () -> gateway.counters().connectionEnds(ConnectionEnd.HTTP2_RESETS) == 1);
            Await.until("and closed", () -> gateway.gates().open() == 1);
            assertThat(good.get("/").status()).isEqualTo("200");
        }
    }

    private static void flood(Http2Wire client, int type, byte[] payload, int count) {
        try {
            for (int i = 0; i < count; i++) {
                client.frame(type, 0, 0, payload);
            }
        } catch (UncheckedIOException e) {
            assertThat(e).hasMessageMatching(".*(?i)(broken pipe|reset|abort|closed).*");
        }
    }
}
