package io.tollgate.node.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.VoidChannelPromise;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/1.1 connection to a target; carries one call at a time. Event-loop confined.
 *
 * <p>Tells its call what arrives. Between calls nothing may arrive: a connection that speaks then is closed.
 */
final class UpstreamConnection extends ChannelInboundHandlerAdapter {
    private final TargetConnections home;
    private final Channel channel;
    private final UpstreamDecoder decoder;
    // A write that fails is known by the close that follows it.
    private final ChannelPromise silent;
    private @Nullable UpstreamListener call;
    private int calls;
    private boolean interim;
    private long idleSinceNanos;

    UpstreamConnection(TargetConnections home, Channel channel, UpstreamDecoder decoder) {
        this.home = home;
        this.channel = channel;
        this.decoder = decoder;
        this.silent = new VoidChannelPromise(channel, false);
    }

    /** From here on the connection serves this call. */
    void begin(UpstreamListener next, boolean head) {
        call = next;
        calls++;
        interim = false;
        decoder.expect(head);
    }

    /** Whether an earlier call used it: then the upstream may have closed it without our knowing. */
    boolean isReused() {
        return calls > 1;
    }

    /** Whether a byte of the answer at hand has come. */
    boolean sawByte() {
        return decoder.sawByte();
    }

    boolean isOpen() {
        return channel.isActive();
    }

    boolean isWritable() {
        return channel.isWritable();
    }

    Channel channel() {
        return channel;
    }

    long idleSinceNanos() {
        return idleSinceNanos;
    }

    void write(ByteBuf bytes) {
        channel.write(bytes, silent);
    }

    void writeAndFlush(ByteBuf bytes) {
        channel.writeAndFlush(bytes, silent);
    }

    void flush() {
        channel.flush();
    }

    void pause() {
        channel.config().setAutoRead(false);
    }

    void resume() {
        channel.config().setAutoRead(true);
    }

    /** The call is over and both messages were whole: the connection may serve another. */
    void release(long nowNanos) {
        call = null;
        if (decoder.hasSurplus()) {
            channel.close();
            return;
        }
        idleSinceNanos = nowNanos;
        channel.config().setAutoRead(true);
        home.release(this);
    }

    /** The call is over and the connection cannot be used again. */
    void close() {
        call = null;
        channel.close();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        UpstreamListener current = call;
        if (current == null) {
            ReferenceCountUtil.release(message);
            channel.close();
            return;
        }
        if (message instanceof HttpObject object && object.decoderResult().isFailure()) {
            ReferenceCountUtil.release(message);
            if (object.decoderResult().cause() instanceof PrematureChannelClosureException) {
                ended();
            } else {
                current.onBadAnswer();
            }
            return;
        }
        if (message instanceof HttpResponse response) {
            interim = response.status().code() < 200;
            current.onHead(response);
        } else if (message instanceof LastHttpContent last) {
            onLast(last);
        } else if (message instanceof HttpContent content) {
            current.onContent(content.content());
        } else {
            ReferenceCountUtil.release(message);
        }
    }

    private void onLast(LastHttpContent last) {
        UpstreamListener current = call;
        if (interim || current == null) {
            interim = false;
            last.release();
            return;
        }
        current.onLast(last);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (call != null && channel.isWritable()) {
            call.onUpstreamWritable();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        ended();
        home.onClosed(this);
    }

    /**
     * Reading failed. The call is told before the close, since the decoder takes a close for the regular end of an answer
     * without a length. (A failed write is not told here: an answer may be on its way all the same.)
     */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        ended();
        channel.close();
    }

    private void ended() {
        UpstreamListener current = call;
        call = null;
        if (current != null) {
            current.onUpstreamClosed(this);
        }
    }
}
