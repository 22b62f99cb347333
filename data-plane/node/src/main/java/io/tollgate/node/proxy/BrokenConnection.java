package io.tollgate.node.proxy;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;

/** Breaks a client's connection off so that it cannot take the answer for whole. Immutable functions. */
final class BrokenConnection {
    private BrokenConnection() {}

    /**
     * Resets the connection. An orderly close would be the regular end of an answer without a length, and Vert.x has no
     * word for the other kind, so its channel is asked directly.
     */
    static void breakOff(HttpServerRequest request) {
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
