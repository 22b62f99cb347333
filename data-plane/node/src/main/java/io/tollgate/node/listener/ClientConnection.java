package io.tollgate.node.listener;

import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import io.tollgate.engine.address.IpAddress;
import io.tollgate.engine.listener.ListenerBounds;
import io.tollgate.engine.listener.ListenerRules;
import io.tollgate.node.exchange.Client;
import io.tollgate.node.exchange.ConnectionEnd;
import io.tollgate.node.exchange.Exchange;
import io.tollgate.node.exchange.ProxyChain;
import io.tollgate.node.tls.TlsHandler;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One connection of a client: who it is, which requests it is at, and since when it is idle. Event-loop confined.
 *
 * <p>One of HTTP/1.x is at one request at most; over HTTP/2 each stream is one.
 */
final class ClientConnection {
    private static final long NO_HEAD = Long.MIN_VALUE;

    private final HttpConnection connection;
    private final @Nullable ListeningSocket socket;
    private final boolean trusted;
    private final @Nullable IntObjectMap<Exchange> streams;
    private final ListenerBounds bounds;
    private final @Nullable ClientDecoder decoder;
    private Client client;
    private int requests;
    private long headSinceNanos = NO_HEAD;
    private @Nullable Exchange current;
    private @Nullable Set<Integer> refusedHeads;
    private long idleSinceNanos;
    private boolean refused;
    private Leaving leaving = Leaving.NOT;
    private long askedNanos;

    /** How far a client of HTTP/2 has been sent away (RFC 9113, 6.8). */
    private enum Leaving {
        NOT,
        /** It is asked to open no more streams; those that are on their way are still served. */
        ASKED,
        /** It knows the last stream that is. */
        TOLD
    }

    /** @param socket over which it came in; null when that is not known any more */
    ClientConnection(HttpConnection connection, @Nullable ListeningSocket socket, long nowNanos) {
        this.connection = connection;
        this.socket = socket;
        this.streams = RequestStreams.areOn(connection) ? new IntObjectHashMap<>() : null;
        this.client = new Client(
                connection.remoteAddress().hostAddress(),
                connection.isSsl(),
                connection instanceof ConnectionBase base ? TlsHandler.client(base.channel()) : null,
                this::isLeaving);
        this.trusted = socket != null && isTrusted(socket.rules(), client.address());
        this.bounds = socket == null ? ListenerBounds.DEFAULTS : socket.rules().bounds();
        this.decoder = socket == null ? null : socket.decode(connection);
        this.idleSinceNanos = nowNanos;
    }

    private static boolean isTrusted(ListenerRules rules, String peer) {
        byte[] address = rules.trustedProxies().isEmpty() ? null : IpAddress.parse(peer);
        return address != null && rules.trusts(address);
    }

    /** The socket over which it came in; null when that is not known any more. */
    @Nullable
    ListeningSocket socket() {
        return socket;
    }

    /** The peer, as one that asks for this host: requests over HTTP/2 are at once and may ask for several. */
    Client client(HttpServerRequest request) {
        if (streams != null) {
            String field = request.headers().get(HttpHeaders.HOST);
            if (!client.knowsHost(field == null ? "" : field)) {
                client = client.anew();
            }
        }
        return client;
    }

    /** What is believed of where this request came from; null where only the connection tells. */
    @Nullable
    ProxyChain proxies(MultiMap headers) {
        ListeningSocket from = socket;
        return trusted && from != null ? ProxyChain.read(headers, from.rules()) : null;
    }

    /** Whether its client is asked to leave: the listener is not there any more, or it has asked often enough. */
    private boolean isLeaving() {
        return isSpent() || (socket != null && socket.isSendingAway());
    }

    private boolean isSpent() {
        return bounds.requestsPerConnectionMax() > 0 && requests >= bounds.requestsPerConnectionMax();
    }

    ListenerBounds bounds() {
        return bounds;
    }

    /** Takes one request more; true when it is the last one that it takes. */
    boolean begin(Exchange exchange) {
        if (streams == null) {
            current = exchange;
            headSinceNanos = NO_HEAD;
        } else {
            streams.put(exchange.request().streamId(), exchange);
        }
        requests++;
        return requests == bounds.requestsPerConnectionMax();
    }

    /** The request of this stream; null when it is over. */
    @Nullable
    Exchange exchange(int streamId) {
        return streams == null ? null : streams.get(streamId);
    }

    /** The head of this stream has more fields than may be. */
    void refuseHead(int streamId) {
        if (refusedHeads == null) {
            refusedHeads = new HashSet<>();
        }
        refusedHeads.add(streamId);
    }

    /** Whether the head of this request was refused; says so once. */
    boolean takeRefusedHead(HttpServerRequest request) {
        return refusedHeads != null && refusedHeads.remove(request.streamId());
    }

    /** Nothing more is read from this connection: what was sent could not be. */
    void refuse() {
        refused = true;
    }

    boolean isRefused() {
        return refused;
    }

    void end(Exchange exchange, long nowNanos) {
        if (streams == null) {
            current = null;
        } else {
            streams.remove(exchange.request().streamId());
        }
        idleSinceNanos = nowNanos;
    }

    /** The socket closed: whoever relays for it must hear. */
    void onClosed() {
        Exchange exchange = current;
        if (exchange != null) {
            exchange.clientGone();
        }
        if (streams != null) {
            // Copied: who hears that its client is gone leaves the map.
            List.copyOf(streams.values()).forEach(Exchange::clientGone);
        }
    }

    /**
     * Closes the connection when it waits for a request, or for the rest of a head, for too long; says which, or null.
     *
     * @param leavingAll whether all clients are asked to leave
     */
    @Nullable
    ConnectionEnd closeIfIdle(long nowNanos, boolean leavingAll) {
        if (isLeaving()) {
            sendAway(nowNanos);
        }
        // Streams that a client opened before it was asked to leave may be on their way.
        boolean waits = streams == null ? current == null : streams.isEmpty() && leaving != Leaving.ASKED;
        if (!waits) {
            return null;
        }
        boolean asked = leavingAll || isLeaving();
        if (isHeadLate(nowNanos)) {
            LateHead.refuse(connection);
            return ConnectionEnd.HEADER_TIMEOUT;
        }
        long boundNanos = asked
                ? Math.min(RequestHandler.DRAIN_IDLE_NANOS_MAX, millisToNanos(bounds.idleTimeoutMillis()))
                : millisToNanos(bounds.idleTimeoutMillis());
        if (nowNanos - idleSinceNanos <= boundNanos) {
            return null;
        }
        connection.close();
        return asked ? null : ConnectionEnd.IDLE;
    }

    // When a head began is looked up here, once a second, rather than with each read.
    private boolean isHeadLate(long nowNanos) {
        ClientDecoder reads = decoder;
        if (reads == null || !reads.isHeadBegun()) {
            headSinceNanos = NO_HEAD;
            return false;
        }
        if (headSinceNanos == NO_HEAD) {
            headSinceNanos = nowNanos;
        }
        return nowNanos - headSinceNanos > millisToNanos(bounds.headerTimeoutMillis());
    }

    private static long millisToNanos(long millis) {
        return millis * 1_000_000;
    }

    /**
     * Sends a client of HTTP/2 away, called often: at first it is asked to open no more streams, and once those that were on
     * their way have come, it is told which one was the last.
     */
    void sendAway(long nowNanos) {
        if (streams == null) {
            return;
        }
        if (leaving == Leaving.NOT) {
            leaving = Leaving.ASKED;
            askedNanos = nowNanos;
            connection.goAway(0, Integer.MAX_VALUE);
        } else if (leaving == Leaving.ASKED && nowNanos - askedNanos > RequestHandler.DRAIN_IDLE_NANOS_MAX) {
            leaving = Leaving.TOLD;
            connection.goAway(0);
        }
    }
}
