package io.tollgate.node.listener;

import io.tollgate.engine.listener.ListenerBounds;
import io.tollgate.engine.listener.ListenerRules;
import io.tollgate.node.tls.ServerTls;
import io.tollgate.node.tls.ServerTlsOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One listener on one event loop: the socket, and by which rules connections come in over it. Event-loop confined.
 *
 * <p>Sockets of several loops, and of one loop, share an address and port ({@link SharedSocket}). So a listener that needs one of another
 * kind at the same place opens the new one beside the old one, and nobody is refused in between.
 */
final class ListeningSocket {
    private static final int ACCEPT_BACKLOG = 4_096;
    /** How long a client may take for its PROXY protocol header. */
    private static final int PROXY_PROTOCOL_SECONDS_MAX = 5;
    /** How long a client may take for its TLS handshake. */
    private static final int HANDSHAKE_SECONDS_MAX = 10;
    /** How long the connections of a socket that is closed may go on: as long as they like. */
    private static final long LEAVING_DAYS_MAX = 365;

    private final HttpServer server;
    private final HttpServerOptions options;
    private final AcceptGates gates;
    private ListenerRules rules;
    private Future<?> opened = Future.succeededFuture();
    private @Nullable Future<Void> left;
    private boolean sendsAway;

    /** @param tls null where none is spoken */
    ListeningSocket(
            Vertx vertx, ListenerRules rules, @Nullable ServerTls tls, RequestHandler requests, AcceptGates gates) {
        this.rules = rules;
        this.gates = gates;
        this.options = options(rules, tls);
        HttpServer listening = vertx.createHttpServer(options);
        PriorKnowledge priorKnowledge = new PriorKnowledge(listening, options, this, requests);
        this.server = listening
                .connectionHandler(connection -> {
                    requests.onConnection(connection, this);
                    if (tls == null) {
                        priorKnowledge.guard(connection);
                    } else if (!rules().http1() && !RequestStreams.areOn(connection)) {
                        // It agreed on nothing by ALPN (RFC 9113, 3.2), and would speak HTTP/1.
                        connection.close();
                    }
                })
                .requestHandler(requests::onRequest)
                .invalidRequestHandler(requests::onInvalidRequest);
    }

    ListenerRules rules() {
        return rules;
    }

    /** Connections that come from now on follow these; only where {@link ListenerRules#sharesSocketWith} says so. */
    void follow(ListenerRules newRules) {
        rules = newRules;
        if (opened.succeeded()) {
            count();
        }
    }

    /** Reads requests of a connection by the rules at hand; null on one of HTTP/2. */
    @Nullable
    ClientDecoder decode(HttpConnection connection) {
        return ClientDecoder.install(connection, options, rules.bounds());
    }

    private void count() {
        ListenerRules now = rules;
        // Who comes through a proxy is counted once its header tells who it is.
        Predicate<byte[]> uncounted = now.proxyProtocol() ? proxy -> true : now::trusts;
        gates.follow(new InetSocketAddress(now.address(), actualPort()), new AcceptGate.Rules(now.bounds(), uncounted));
    }

    /** Begins to listen. */
    Future<?> open() {
        // Vert.x shares one random port among the servers that ask for the same negative number.
        Future<HttpServer> listens = rules.id().isEmpty()
                ? server.listen(rules.port() == 0 ? -1 : rules.port(), rules.address())
                : server.listen(SharedSockets.place(rules));
        opened = listens.onSuccess(listening -> count());
        return opened;
    }

    /** Done once it listens; failed when it cannot. */
    Future<?> opened() {
        return opened;
    }

    /** The port that is listened on; only once it is. */
    int actualPort() {
        return server.actualPort();
    }

    /**
     * Accepts nothing more; its connections go on until their clients leave.
     *
     * @return done when the last has left
     */
    Future<Void> leave() {
        Future<Void> leaving = server.shutdown(LEAVING_DAYS_MAX, TimeUnit.DAYS);
        left = leaving;
        return leaving;
    }

    /** Its clients are asked to leave, by their next answer; only once it accepts no more, or they would dial it again. */
    void sendAway() {
        sendsAway = true;
    }

    /** Whether its clients are asked to leave. */
    boolean isSendingAway() {
        return sendsAway;
    }

    /** Accepts nothing more, lets the calls in flight end for at most so long, then closes. */
    Future<Void> drain(long timeoutMillis) {
        Future<Void> leaving = left;
        if (leaving != null) {
            return leaving.timeout(Math.max(1, timeoutMillis), TimeUnit.MILLISECONDS)
                    .otherwiseEmpty();
        }
        Future<Void> drained = server.shutdown(Math.max(1, timeoutMillis), TimeUnit.MILLISECONDS);
        left = drained;
        return drained;
    }

    private static HttpServerOptions options(ListenerRules rules, @Nullable ServerTls tls) {
        ListenerBounds bounds = rules.bounds();
        HttpServerOptions options = new HttpServerOptions()
                .setMaxInitialLineLength(bounds.requestLineBytesMax())
                .setMaxHeaderSize(bounds.headerBytesMax())
                .setMaxWebSocketFrameSize(bounds.websocketFrameBytesMax())
                .setHttp2RstFloodMaxRstFramePerWindow(bounds.http2ResetsPerSecondMax())
                .setHttp2RstFloodWindowDuration(1)
                .setHandle100ContinueAutomatically(false)
                .setCompressionSupported(false)
                .setDecompressionSupported(false)
                .setHttp2ClearTextEnabled(false)
                .setInitialSettings(new Http2Settings()
                        .setPushEnabled(false)
                        .setMaxConcurrentStreams(bounds.http2StreamsMax())
                        .setMaxHeaderListSize(bounds.headerBytesMax()))
                .setPerFrameWebSocketCompressionSupported(false)
                .setPerMessageWebSocketCompressionSupported(false)
                .setUseProxyProtocol(rules.proxyProtocol())
                .setProxyProtocolTimeout(PROXY_PROTOCOL_SECONDS_MAX)
                .setTcpNoDelay(true)
                .setReuseAddress(true)
                .setAcceptBacklog(ACCEPT_BACKLOG)
                .setStrictThreadMode(true);
        if (tls != null) {
            options.setSsl(true)
                    .setUseAlpn(true)
                    .setSslEngineOptions(new ServerTlsOptions(tls))
                    .setKeyCertOptions(ServerTlsOptions.keys())
                    .setSslHandshakeTimeout(HANDSHAKE_SECONDS_MAX)
                    .setSslHandshakeTimeoutUnit(TimeUnit.SECONDS);
        }
        return options;
    }
}
