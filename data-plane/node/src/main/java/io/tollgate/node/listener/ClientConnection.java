package io.tollgate.node.listener;

import io.tollgate.engine.listener.IpAddress;
import io.tollgate.engine.listener.ListenerRules;
import io.tollgate.node.exchange.Client;
import io.tollgate.node.exchange.Exchange;
import io.tollgate.node.exchange.ProxyChain;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpConnection;
import org.jspecify.annotations.Nullable;

/** One connection of a client: who it is, which request it is at, and since when it is idle. Event-loop confined. */
final class ClientConnection {
    private final HttpConnection connection;
    private final @Nullable ListeningSocket socket;
    private final boolean trusted;
    private final Client client;
    private @Nullable Exchange current;
    private long idleSinceNanos;
    private boolean refused;

    /** @param socket over which it came in; null when that is not known any more */
    ClientConnection(HttpConnection connection, @Nullable ListeningSocket socket, long nowNanos) {
        this.connection = connection;
        this.socket = socket;
        this.client = new Client(connection.remoteAddress().hostAddress(), connection.isSsl(), this::isLeaving);
        this.trusted = socket != null && isTrusted(socket.rules(), client.address());
        this.idleSinceNanos = nowNanos;
    }

    private static boolean isTrusted(ListenerRules rules, String peer) {
        byte[] address = rules.trustedProxies().isEmpty() ? null : IpAddress.parse(peer);
        return address != null && rules.trusts(address);
    }

    Client client() {
        return client;
    }

    /** What is believed of where this request came from; null where only the connection tells. */
    @Nullable
    ProxyChain proxies(MultiMap headers) {
        ListeningSocket from = socket;
        return trusted && from != null ? ProxyChain.read(headers, from.rules()) : null;
    }

    /** Whether its client is asked to leave: the listener is not there any more. */
    private boolean isLeaving() {
        return socket != null && socket.isLeaving();
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
        long bound = isLeaving() ? Math.min(idleNanosMax, RequestHandler.DRAIN_IDLE_NANOS_MAX) : idleNanosMax;
        if (current == null && nowNanos - idleSinceNanos > bound) {
            connection.close();
        }
    }
}
