package io.vertx.core.http.impl;

import io.netty.handler.codec.http2.Http2Stream;
import io.vertx.core.http.HttpConnection;

/**
 * Stands at a stream of the codec where Vert.x keeps its request, while there is none and perhaps never will be one. Event-loop
 * confined; one for all such streams of a connection.
 *
 * <p>Vert.x takes it for granted that each open stream has a request. Without this the end of a connection on which a stream is just being
 * reset, since its head is malformed, fails with a NullPointerException: no GOAWAY, nobody is told why, and the log has a stack trace that any
 * client can write there. Stands in the package of Vert.x, which keeps the place to itself (decision 0009).
 */
public final class Http2NoRequest {
    private final Http2ServerConnection connection;
    private final Nobody nobody;

    public Http2NoRequest(HttpConnection connection) {
        this.connection = (Http2ServerConnection) connection;
        this.nobody = new Nobody(this.connection);
    }

    /** The stream has no request yet. */
    public void put(Http2Stream stream) {
        stream.setProperty(connection.streamKey, nobody);
    }

    /** It is about to have one. */
    public void remove(Http2Stream stream) {
        stream.removeProperty(connection.streamKey);
    }

    private static final class Nobody extends VertxHttp2Stream<Http2ServerConnection> {
        Nobody(Http2ServerConnection connection) {
            super(connection, connection.context());
        }

        @Override
        void onClose() {
            // Nobody waits for it.
        }

        @Override
        void onException(Throwable cause) {
            // Nobody waits for it.
        }

        @Override
        void onReset(long code) {
            // Nobody waits for it.
        }

        @Override
        void onWritabilityChanged() {
            // Nobody writes.
        }

        @Override
        void handleException(Throwable cause) {
            // Nobody waits for it.
        }
    }
}
