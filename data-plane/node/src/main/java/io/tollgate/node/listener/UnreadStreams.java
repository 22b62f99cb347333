package io.tollgate.node.listener;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Stream;
import java.util.concurrent.TimeUnit;

/**
 * Tells a client that still sends its body when its answer is out whole to stop (RFC 9113, 8.1). Event-loop confined.
 *
 * <p>What is already on its way is waited for, for a moment: most bodies are.
 */
final class UnreadStreams extends Http2ConnectionAdapter {
    /** How long a client may go on to send what nobody reads. */
    static final long MILLIS_MAX = 200;

    private final Http2ConnectionHandler http2;
    private final Channel channel;

    UnreadStreams(Http2ConnectionHandler http2, Channel channel) {
        this.http2 = http2;
        this.channel = channel;
    }

    @Override
    public void onStreamHalfClosed(Http2Stream stream) {
        if (stream.state() == Http2Stream.State.HALF_CLOSED_LOCAL) {
            channel.eventLoop().schedule(() -> stop(stream), MILLIS_MAX, TimeUnit.MILLISECONDS);
        }
    }

    private void stop(Http2Stream stream) {
        ChannelHandlerContext context = channel.pipeline().context(http2);
        if (context != null && stream.state() == Http2Stream.State.HALF_CLOSED_LOCAL) {
            http2.encoder().writeRstStream(context, stream.id(), Http2Error.NO_ERROR.code(), context.newPromise());
            context.flush();
        }
    }
}
