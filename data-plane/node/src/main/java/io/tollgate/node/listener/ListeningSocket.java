package io.tollgate.node.listener;

import io.tollgate.engine.listener.ListenerRules;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One listener on one event loop: the socket, and by which rules connections come in over it. Event-loop confined.
 *
 * <p>Vert.x lets sockets of several loops, and of one loop, share an address and port. So a listener that needs a socket of
 * another kind at the same place opens the new one beside the old one, and nobody is refused in between.
 */
final class ListeningSocket {
    /** Longest request line: beyond it the answer is 414. */
    static final int REQUEST_LINE_BYTES_MAX = 8_192;
    /** Longest header section: beyond it the answer is 431. */
    static final int HEADER_BYTES_MAX = 16_384;

    /** Streams that a client may have open at once on one connection. */
    static final int HTTP2_STREAMS_MAX = 100;

    private static final int ACCEPT_BACKLOG = 4_096;
    /** How long a client may take for its PROXY protocol header. */
    private static final int PROXY_PROTOCOL_SECONDS_MAX = 5;
    /** How long the connections of a socket that is closed may go on: as long as they like. */
    private static final long LEAVING_DAYS_MAX = 365;

    private final HttpServer server;
    private ListenerRules rules;
    private Future<?> opened = Future.succeededFuture();
    private @Nullable Future<Void> left;

    ListeningSocket(Vertx vertx, ListenerRules rules, RequestHandler requests) {
        this.rules = rules;
        HttpServerOptions options = options(rules);
        HttpServer listening = vertx.createHttpServer(options);
        PriorKnowledge priorKnowledge = new PriorKnowledge(listening, options, this, requests);
        this.server = listening
                .connectionHandler(connection -> {
                    requests.onConnection(connection, this);
                    priorKnowledge.guard(connection);
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
    }

    /** Begins to listen. */
    Future<?> open() {
        // Vert.x shares one random port among the servers that ask for the same negative number.
        opened = server.listen(rules.port() == 0 ? -1 : rules.port(), rules.address());
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
     * Accepts nothing more; its connections go on until their clients leave, which their next answer asks them to.
     *
     * @return done when the last has left
     */
    Future<Void> leave() {
        Future<Void> leaving = server.shutdown(LEAVING_DAYS_MAX, TimeUnit.DAYS);
        left = leaving;
        return leaving;
    }

    /** Whether it accepts no more. */
    boolean isLeaving() {
        return left != null;
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

    private static HttpServerOptions options(ListenerRules rules) {
        return new HttpServerOptions()
                .setMaxInitialLineLength(REQUEST_LINE_BYTES_MAX)
                .setMaxHeaderSize(HEADER_BYTES_MAX)
                .setHandle100ContinueAutomatically(false)
                .setCompressionSupported(false)
                .setDecompressionSupported(false)
                .setHttp2ClearTextEnabled(false)
                .setInitialSettings(new Http2Settings()
                        .setPushEnabled(false)
                        .setMaxConcurrentStreams(HTTP2_STREAMS_MAX)
                        .setMaxHeaderListSize(HEADER_BYTES_MAX))
                .setPerFrameWebSocketCompressionSupported(false)
                .setPerMessageWebSocketCompressionSupported(false)
                .setUseProxyProtocol(rules.proxyProtocol())
                .setProxyProtocolTimeout(PROXY_PROTOCOL_SECONDS_MAX)
                .setTcpNoDelay(true)
                .setReuseAddress(true)
                .setAcceptBacklog(ACCEPT_BACKLOG)
                .setStrictThreadMode(true);
    }
}
