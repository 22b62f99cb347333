package io.tollgate.node.listener;

import io.tollgate.node.exchange.Client;
import io.tollgate.node.exchange.Exchange;
import io.vertx.core.http.HttpConnection;
import org.jspecify.annotations.Nullable;

/** One connection of a client: who it is, which request it is at, and since when it is idle. Event-loop confined. */
final class ClientConnection {
    private final HttpConnection connection;
    private final Client client;
    private @Nullable Exchange current;
    private long idleSinceNanos;
    private boolean refused;

    ClientConnection(HttpConnection connection, long nowNanos) {
        this.connection = connection;
        this.client = new Client(connection.remoteAddress().hostAddress());
        this.idleSinceNanos = nowNanos;
    }

    Client client() {
        return client;
    }

    void begin(Exchange exchange) {
        current = exchange;
    }

    /** Nothing more is read from this connection: what was sent could not be. */
    void refuse() {
        refused = true;
    }

    boolean isRefused() {
        return refused;
    }

    void end(long nowNanos) {
        current = null;
        idleSinceNanos = nowNanos;
    }

    /** The socket closed: whoever relays for it must hear. */
    void onClosed() {
        Exchange exchange = current;
        if (exchange != null) {
            exchange.clientGone();
        }
    }

    /** Closes the connection when it waits for a request (or for the rest of one's head) for too long. */
    void closeIfIdle(long nowNanos, long idleNanosMax) {
        if (current == null && nowNanos - idleSinceNanos > idleNanosMax) {
            connection.close();
        }
    }
}
