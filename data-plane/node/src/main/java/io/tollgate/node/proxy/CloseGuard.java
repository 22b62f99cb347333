package io.tollgate.node.proxy;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import javax.net.ssl.SSLException;

/**
 * Sees to it that an answer of HTTP/1.1 without a length, which ends with the connection, is only whole when TLS says so: anybody on the
 * way can close a connection (RFC 9112, 9.8). Behind the decoder, on connections over TLS only. Event-loop confined.
 */
final class CloseGuard extends ChannelInboundHandlerAdapter {
    private boolean untilClose;
    private boolean closed;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof HttpResponse head) {
            untilClose = !HttpUtil.isContentLengthSet(head) && !HttpUtil.isTransferEncodingChunked(head);
        }
        boolean cut = message instanceof LastHttpContent
                && untilClose
                && !closed
                && !context.channel().isActive();
        if (cut) {
            ReferenceCountUtil.release(message);
            context.fireExceptionCaught(new SSLException("closed by somebody else than the target"));
        } else {
            context.fireChannelRead(message);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event == SslCloseCompletionEvent.SUCCESS) {
            closed = true;
            // The target says nothing more; that it still listens is of no use.
            context.close();
        }
        context.fireUserEventTriggered(event);
    }
}
