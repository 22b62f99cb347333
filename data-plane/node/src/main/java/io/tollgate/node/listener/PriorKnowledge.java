package io.tollgate.node.listener;

import io.netty.channel.ChannelHandler;
import io.tollgate.engine.listener.ListenerRules;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.impl.Http2Switch;
import io.vertx.core.net.impl.ConnectionBase;

/**
 * HTTP/2 for clients that know that it is spoken here, on a socket that also takes HTTP/1.1: without TLS, or over TLS whose
 * handshake names no protocol (RFC 9113, 3.3). Event-loop confined.
 *
 * @param server whose connections are meant
 * @param options of it; those of HTTP/2 hold here too
 * @param socket over which they come
 * @param requests takes the connections and requests
 */
record PriorKnowledge(HttpServer server, HttpServerOptions options, ListeningSocket socket, RequestHandler requests) {
    /** Lets this connection, just accepted, be one of HTTP/2 if its first bytes say so. */
    void guard(HttpConnection connection) {
        ListenerRules rules = socket.rules();
        if (rules.http2()) {
            PrefaceGate.guard(
                    connection, () -> speaker(connection), () -> requests.onSwitch(connection), rules.http1());
        }
    }

    private ChannelHandler speaker(HttpConnection connection) {
        return Http2Switch.handler(
                ((ConnectionBase) connection).context(),
                server,
                options,
                speaking -> requests.onConnection(speaking, socket),
                requests::onRequest);
    }
}
