package io.tollgate.node.proxy;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http2.Http2Error;
import io.tollgate.node.exchange.Exchange;
import io.tollgate.node.exchange.GrpcCall;
import io.tollgate.node.exchange.Outcome;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;

/** Breaks a client's connection, or its stream of one, off so that it cannot take the answer for whole. Immutable functions. */
final class BrokenConnection {
    private BrokenConnection() {}

    /** Resets what the request came over: its stream of HTTP/2 alone, or else the connection. */
    static void breakOff(Exchange exchange, Outcome outcome) {
        if (exchange.ownsConnection()) {
            breakOff(exchange.request());
        } else if (outcome != Outcome.CLIENT_GONE && exchange.isGrpc()) {
            // Its status makes clear that the answer is not whole.
            GrpcCall.tell(outcome, outcome.status(), exchange.response().trailers());
            exchange.response().end();
        } else {
            Http2Error error = outcome == Outcome.CLIENT_GONE ? Http2Error.CANCEL : Http2Error.INTERNAL_ERROR;
            exchange.response().reset(error.code());
        }
    }

    /**
     * Resets the connection. An orderly close would be the regular end of an answer without a length, and Vert.x has no
     * word for the other kind, so its channel is asked directly.
     */
    private static void breakOff(HttpServerRequest request) {
        if (request.connection() instanceof ConnectionBase connection) {
            Channel channel = connection.channel();
            if (channel.isOpen()) {
                channel.config().setOption(ChannelOption.SO_LINGER, 0);
                channel.close();
            }
        } else {
            request.connection().close();
        }
    }
}
