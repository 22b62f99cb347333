package io.tollgate.node.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.util.ReferenceCountUtil;
import io.tollgate.engine.listener.ListenerBounds;
import io.tollgate.node.exchange.Exchange;
import io.tollgate.node.exchange.Outcome;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Two connections that have become one WebSocket: what either side sends goes to the other as it is, and no side is read
 * faster than the other one takes it. Event-loop confined.
 *
 * <pre>
 *   client ── codec of HTTP taken out ── ClientEnd ─▶ FrameScan ─▶ Http1Connection ── decoder taken out ── service
 *                                           ◀──────── FrameScan ◀──────┘
 * </pre>
 *
 * Vert.x keeps its handler behind ClientEnd and hears nothing but the close of the connection. Whoever ends the stream from
 * here (a bound, a revocation, a change of the route, the end of the node) tells both sides by a close frame where a frame may
 * stand, and gives the client {@link #LINGER_MILLIS} to read it (RFC 6455, 7.1.1).
 */
final class UpgradeRelay {
    /** Close code: the node or the route goes away. */
    static final int GOING_AWAY = 1001;
    /** Close code: the caller may not go on. */
    static final int POLICY_VIOLATION = 1008;

    /** How long a side that was told of the end may take to read it. */
    static final long LINGER_MILLIS = 1_000;

    /** How long a side may take to read what the other one said before it closed. */
    static final long FLUSH_MILLIS = 10_000;

    private static final int CLOSE_FRAME = 0x88;
    private static final int MASKED = 0x80;

    private final ForwardedCall call;
    private final Exchange exchange;
    private final Http1Connection upstream;
    private final ListenerBounds bounds;
    private final FrameScan clientFrames;
    private final FrameScan serviceFrames = FrameScan.ofService();
    private @Nullable ChannelHandlerContext client;
    private boolean over;
    private long lastSpokenNanos;

    UpgradeRelay(ForwardedCall call, Exchange exchange, Http1Connection upstream) {
        this.call = call;
        this.exchange = exchange;
        this.upstream = upstream;
        this.bounds = exchange.bounds();
        this.clientFrames = FrameScan.ofClient(bounds.websocketFrameBytesMax());
        this.lastSpokenNanos = call.forwarder().clock().nanos();
    }

    /** Takes HTTP out of the client's connection and sends the head of the 101. */
    void start(Channel channel, ByteBuf head) {
        ChannelPipeline pipeline = channel.pipeline();
        String decoder = pipeline.context(HttpRequestDecoder.class).name();
        pipeline.addAfter(decoder, "stream", new ClientEnd());
        ChannelHandlerContext end = pipeline.context("stream");
        client = end;
        // What the decoder has read ahead comes out of it here, behind the 101.
        end.writeAndFlush(head, end.voidPromise());
        pipeline.remove(HttpResponseEncoder.class);
        pipeline.remove(decoder);
        channel.config().setAutoRead(true);
    }

    /** Whether nothing was said for too long. */
    boolean isIdle(long nowNanos) {
        return nowNanos - lastSpokenNanos > TimeUnit.MILLISECONDS.toNanos(bounds.websocketIdleTimeoutMillis());
    }

    /** Bytes of the service; released here. */
    void onUpstreamBytes(ByteBuf bytes) {
        ChannelHandlerContext to = client;
        if (over || to == null) {
            bytes.release();
            return;
        }
        lastSpokenNanos = call.forwarder().clock().nanos();
        exchange.addResponseBytes(bytes.readableBytes());
        serviceFrames.scan(bytes);
        to.write(bytes, to.voidPromise());
        if (!to.channel().isWritable()) {
            // A connection is writable again only once something of it was written.
            to.flush();
            upstream.pauseUnless(to.channel().isWritable());
        }
    }

    void onUpstreamReadComplete() {
        ChannelHandlerContext to = client;
        if (!over && to != null) {
            to.flush();
        }
    }

    void onUpstreamWritable() {
        ChannelHandlerContext from = client;
        if (!over && from != null) {
            from.channel().config().setAutoRead(true);
        }
    }

    /** The service has closed. */
    void onUpstreamClosed() {
        ChannelHandlerContext to = client;
        if (!over && to != null) {
            finish(isOrderly() ? Outcome.OK : Outcome.UPSTREAM_RESET);
            to.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(sent -> to.close());
            call.forwarder().later(FLUSH_MILLIS, to::close);
        }
    }

    /** Ends the stream and says why to both sides. */
    void end(int closeCode, Outcome outcome) {
        ChannelHandlerContext to = client;
        if (!over && to != null) {
            boolean clientHears = serviceFrames.isAtBorder() && !serviceFrames.sawClose();
            endUpstream(closeCode);
            finish(outcome);
            if (clientHears) {
                // Read on: a connection that is closed over unread bytes is reset, and the frame with it.
                to.channel().config().setAutoRead(true);
                to.writeAndFlush(closeFrame(closeCode));
                call.forwarder().later(LINGER_MILLIS, to::close);
            } else {
                to.close();
            }
        }
    }

    private void endUpstream(int closeCode) {
        boolean hears = clientFrames.isAtBorder() && !clientFrames.sawClose();
        upstream.closeAfter(hears ? maskedCloseFrame(closeCode) : Unpooled.EMPTY_BUFFER);
    }

    private void finish(Outcome outcome) {
        over = true;
        call.onTunnelOver(outcome);
    }

    private boolean isOrderly() {
        return clientFrames.sawClose() || serviceFrames.sawClose();
    }

    private static ByteBuf closeFrame(int code) {
        return Unpooled.buffer(4).writeByte(CLOSE_FRAME).writeByte(2).writeShort(code);
    }

    private static ByteBuf maskedCloseFrame(int code) {
        int mask = ThreadLocalRandom.current().nextInt();
        return Unpooled.buffer(8)
                .writeByte(CLOSE_FRAME)
                .writeByte(MASKED | 2)
                .writeInt(mask)
                .writeShort(code ^ (mask >>> 16));
    }

    /** The client's end of the stream. */
    private final class ClientEnd extends ChannelDuplexHandler {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (over || !(message instanceof ByteBuf bytes)) {
                ReferenceCountUtil.release(message);
                return;
            }
            lastSpokenNanos = call.forwarder().clock().nanos();
            boolean atBorder = clientFrames.isAtBorder();
            int wrong = clientFrames.scan(bytes);
            if (wrong != FrameScan.FINE) {
                bytes.release();
                refuse(wrong, atBorder);
                return;
            }
            exchange.addRequestBytes(bytes.readableBytes());
            upstream.write(bytes);
            if (!upstream.isWritable()) {
                upstream.flush();
                context.channel().config().setAutoRead(upstream.isWritable());
            }
        }

        private void refuse(int closeCode, boolean atBorder) {
            upstream.closeAfter(atBorder ? maskedCloseFrame(GOING_AWAY) : Unpooled.EMPTY_BUFFER);
            end(closeCode, Outcome.STREAM_REFUSED);
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            if (!over) {
                upstream.flush();
            }
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext context) {
            if (!over && context.channel().isWritable()) {
                upstream.resume();
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            if (!over) {
                upstream.closeAfter(Unpooled.EMPTY_BUFFER);
                finish(isOrderly() ? Outcome.OK : Outcome.CLIENT_GONE);
            }
            context.fireChannelInactive();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }

        /** Only the node's end closes from behind this handler. */
        @Override
        public void close(ChannelHandlerContext context, ChannelPromise promise) {
            if (over) {
                context.close(promise);
                return;
            }
            boolean hears = serviceFrames.isAtBorder() && !serviceFrames.sawClose();
            endUpstream(GOING_AWAY);
            finish(Outcome.DRAINING);
            context.writeAndFlush(hears ? closeFrame(GOING_AWAY) : Unpooled.EMPTY_BUFFER)
                    .addListener((ChannelFutureListener) sent -> context.close(promise));
        }
    }
}
