package io.tollgate.node.listener;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Tells by the first bytes of a connection whether it is one of HTTP/2 (RFC 9113, 3.3), and leaves. Event-loop confined.
 *
 * <p>A connection begins as one of HTTP/1.1 and is one from its first moment: known, bounded and drained like any other.
 * With the preface of HTTP/2 its handlers are replaced before they read anything. A request of HTTP/1.1 that asks for an
 * upgrade to {@code h2c} is answered as if it had not (RFC 9113 has no such upgrade any more).
 */
final class PrefaceGate extends ChannelInboundHandlerAdapter {
    private static final ByteBuf PREFACE = Unpooled.unreleasableBuffer(Http2CodecUtil.connectionPrefaceBuf());
    private static final String FIRST_OF_HTTP1 = "httpDecoder";
    private static final String LAST_OF_VERTX = "handler";
    /** What Vert.x puts between these two for connections of any version. */
    private static final Set<String> OF_ANY_VERSION = Set.of("idle", "chunkedWriter");

    private final Supplier<ChannelHandler> http2;
    private final Runnable onSwitch;
    private final boolean http1;
    private ByteBuf held = Unpooled.EMPTY_BUFFER;

    private PrefaceGate(Supplier<ChannelHandler> http2, Runnable onSwitch, boolean http1) {
        this.http1 = http1;
        this.http2 = http2;
        this.onSwitch = onSwitch;
    }

    /**
     * Guards a connection that Vert.x has just set up; one that is of HTTP/2 already needs none.
     *
     * @param http2 makes what speaks HTTP/2
     * @param onSwitch called before the handlers are replaced
     * @param http1 whether it may go on without a preface; otherwise it is closed then
     */
    static void guard(HttpConnection connection, Supplier<ChannelHandler> http2, Runnable onSwitch, boolean http1) {
        if (connection instanceof ConnectionBase base) {
            Channel channel = base.channel();
            if (channel.pipeline().get(FIRST_OF_HTTP1) != null) {
                channel.pipeline().addBefore(FIRST_OF_HTTP1, "preface-gate", new PrefaceGate(http2, onSwitch, http1));
            }
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
        if (!(message instanceof ByteBuf bytes)) {
            super.channelRead(context, message);
            return;
        }
        ByteBuf all = held.isReadable() ? Unpooled.wrappedBuffer(held, bytes) : bytes;
        int known = Math.min(all.readableBytes(), PREFACE.readableBytes());
        if (!isPreface(all, known)) {
            if (http1) {
                leave(context, all);
            } else {
                all.release();
                held = Unpooled.EMPTY_BUFFER;
                context.close();
            }
        } else if (known < PREFACE.readableBytes()) {
            held = all;
        } else {
            becomeHttp2(context.pipeline());
            leave(context, all);
        }
    }

    private static boolean isPreface(ByteBuf bytes, int length) {
        for (int i = 0; i < length; i++) {
            if (bytes.getByte(bytes.readerIndex() + i) != PREFACE.getByte(i)) {
                return false;
            }
        }
        return true;
    }

    private void leave(ChannelHandlerContext context, ByteBuf read) {
        held = Unpooled.EMPTY_BUFFER;
        context.pipeline().remove(this);
        context.fireChannelRead(read);
    }

    private void becomeHttp2(ChannelPipeline pipeline) {
        onSwitch.run();
        List<String> names = pipeline.names();
        for (String name : names.subList(names.indexOf(FIRST_OF_HTTP1), names.indexOf(LAST_OF_VERTX))) {
            if (!OF_ANY_VERSION.contains(name)) {
                pipeline.remove(name);
            }
        }
        pipeline.replace(LAST_OF_VERTX, LAST_OF_VERTX, http2.get());
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        held.release();
    }
}
