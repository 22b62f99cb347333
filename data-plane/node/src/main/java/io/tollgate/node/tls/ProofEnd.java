package io.tollgate.node.tls;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;

/**
 * Ends a connection to an ACME server with its handshake: by then it has seen what it came for, and nothing is ever said on it (RFC 8737,
 * 3). Event-loop confined.
 */
final class ProofEnd extends ChannelInboundHandlerAdapter {
    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        // Nobody behind hears of it: to them this is a connection whose handshake has never ended.
        if (event instanceof SslHandshakeCompletionEvent) {
            context.close();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ReferenceCountUtil.release(message);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }
}
