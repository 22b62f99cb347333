package io.tollgate.node.listener;

import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.tollgate.engine.listener.ListenerBounds;
import io.tollgate.node.exchange.Clock;
import io.tollgate.node.exchange.ConnectionEnd;
import io.vertx.core.http.HttpConnection;
import java.util.function.Consumer;

/**
 * Ends a connection of HTTP/2 whose client sends more frames that cost it nothing, and this node an answer each, than one that
 * works would (RFC 9113, 10.5). Event-loop confined.
 *
 * <p>What else floods or breaks a connection the codec sees, and ends it; here it is told why.
 */
final class FrameFloods {
    private static final long SECOND_NANOS = 1_000_000_000;

    private final HttpConnection connection;
    private final Clock clock;
    private final Consumer<ConnectionEnd> onEnd;
    private boolean ended;

    private FrameFloods(HttpConnection connection, Clock clock, Consumer<ConnectionEnd> onEnd) {
        this.connection = connection;
        this.clock = clock;
        this.onEnd = onEnd;
    }

    /**
     * @param onEnd is told why, once
     * @return is to be told of each stream that is reset for what its client sent: the codec counts only those that clients reset
     */
    static Runnable guard(
            HttpConnection connection, ListenerBounds bounds, Clock clock, Consumer<ConnectionEnd> onEnd) {
        FrameFloods floods = new FrameFloods(connection, clock, onEnd);
        Rate settings = floods.new Rate(bounds.http2SettingsPerSecondMax(), ConnectionEnd.HTTP2_SETTINGS);
        Rate pings = floods.new Rate(bounds.http2PingsPerSecondMax(), ConnectionEnd.HTTP2_PINGS);
        connection.remoteSettingsHandler(frame -> settings.one());
        connection.pingHandler(frame -> pings.one());
        connection.exceptionHandler(broken -> {
            if (broken instanceof Http2Exception error) {
                floods.told(reason(error));
            }
        });
        return floods.new Rate(bounds.http2ResetsPerSecondMax(), ConnectionEnd.HTTP2_RESETS)::one;
    }

    // The codec tells its bounds apart by words only.
    private static ConnectionEnd reason(Http2Exception error) {
        if (error.error() != Http2Error.ENHANCE_YOUR_CALM) {
            return ConnectionEnd.HTTP2_MALFORMED;
        }
        return String.valueOf(error.getMessage()).contains("RST frames")
                ? ConnectionEnd.HTTP2_RESETS
                : ConnectionEnd.HTTP2_FLOOD;
    }

    private void told(ConnectionEnd reason) {
        if (!ended) {
            ended = true;
            onEnd.accept(reason);
        }
    }

    private final class Rate {
        private final int perSecondMax;
        private final ConnectionEnd reason;
        private long secondStartNanos;
        private int seen;

        Rate(int perSecondMax, ConnectionEnd reason) {
            this.perSecondMax = perSecondMax;
            this.reason = reason;
            this.secondStartNanos = clock.nanos();
        }

        void one() {
            if (++seen <= perSecondMax) {
                return;
            }
            long nowNanos = clock.nanos();
            if (nowNanos - secondStartNanos > SECOND_NANOS) {
                secondStartNanos = nowNanos;
                seen = 1;
            } else if (!ended) {
                told(reason);
                connection.goAway(Http2Error.ENHANCE_YOUR_CALM.code());
                connection.close();
            }
        }
    }
}
