package io.tollgate.node.listener;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;

/**
 * Lets a request of an HTTP version that is not spoken here be answered like any other that is refused. Shared; holds nothing.
 *
 * <p>Vert.x answers it by itself, with 501, without a body, and in the client's own version. Here it becomes a request that
 * cannot be read, in the version of the answer.
 */
@ChannelHandler.Sharable
final class VersionGate extends ChannelInboundHandlerAdapter {
    /** One for all: it has no stack to tell. */
    private static final DecoderResult UNSUPPORTED = DecoderResult.failure(new UnsupportedVersion());

    private static final VersionGate GATE = new VersionGate();
    private static final String VERTX_HANDLER = "handler";

    private VersionGate() {}

    static void guard(HttpConnection connection) {
        if (connection instanceof ConnectionBase base) {
            Channel channel = base.channel();
            channel.pipeline().addBefore(VERTX_HANDLER, "version-gate", GATE);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
        if (message instanceof HttpRequest request && !isSpoken(request.protocolVersion())) {
            request.setProtocolVersion(HttpVersion.HTTP_1_1);
            request.setDecoderResult(UNSUPPORTED);
        }
        super.channelRead(context, message);
    }

    private static boolean isSpoken(HttpVersion version) {
        return version.equals(HttpVersion.HTTP_1_1) || version.equals(HttpVersion.HTTP_1_0);
    }

    private static final class UnsupportedVersion extends Exception {
        private static final long serialVersionUID = 1;

        UnsupportedVersion() {
            super("an HTTP version that is not spoken here", null, false, false);
        }
    }
}
