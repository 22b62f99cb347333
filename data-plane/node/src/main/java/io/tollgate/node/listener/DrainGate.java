package io.tollgate.node.listener;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.core.net.impl.ShutdownEvent;

/**
 * Keeps the server's shutdown from the connections of clients. Shared; holds nothing.
 *
 * <p>On shutdown Vert.x closes its listening socket and then, at once, every connection that is between two requests. A
 * client that was just about to send its next one would see a reset. Here a connection ends with an answer that says
 * {@code Connection: close}, or when it has been idle for a while ({@link RequestHandler#drainIdle}); what is left at the
 * end of the drain time Vert.x closes all the same (RFC 9112, 9.6). A client of HTTP/2 is sent away by GOAWAY instead.
 */
@ChannelHandler.Sharable
final class DrainGate extends ChannelInboundHandlerAdapter {
    private static final DrainGate GATE = new DrainGate();

    private DrainGate() {}

    static void guard(HttpConnection connection) {
        if (connection instanceof ConnectionBase base
                && base.channel().pipeline().get(DrainGate.class) == null) {
            base.channel().pipeline().addFirst(GATE);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
        if (!(event instanceof ShutdownEvent)) {
            super.userEventTriggered(context, event);
        }
    }
}
