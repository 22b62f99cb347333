package io.tollgate.node.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.VoidChannelPromise;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.ReferenceCountUtil;
import io.tollgate.engine.upstream.Upstream;
import io.tollgate.node.exchange.Exchange;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/1.1 connection to a target; carries one call at a time, or in the end one stream. Event-loop confined.
 *
 * <p>Tells its call what arrives. Between calls nothing may arrive: a connection that speaks then is closed.
 */
final class Http1Connection extends ChannelInboundHandlerAdapter implements UpstreamConnection {
    private static final byte[] LAST_CHUNK = "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] LINE_END = "\r\n".getBytes(StandardCharsets.US_ASCII);

    private final TargetConnections home;
    private final Channel channel;
    private final UpstreamDecoder decoder;
    // A write that fails is known by the close that follows it.
    private final ChannelPromise silent;
    private @Nullable UpstreamListener call;
    private int calls;
    private boolean interim;
    private boolean chunked;
    private @Nullable UpgradeRelay stream;
    private boolean closing;
    private long idleSinceNanos;

    Http1Connection(TargetConnections home, Channel channel, UpstreamDecoder decoder) {
        this.home = home;
        this.channel = channel;
        this.decoder = decoder;
        this.silent = new VoidChannelPromise(channel, false);
    }

    @Override
    public void begin(UpstreamListener next, boolean head) {
        call = next;
        calls++;
        interim = false;
        decoder.expect(head);
    }

    @Override
    public boolean isReused() {
        return calls > 1;
    }

    @Override
    public boolean sawByte() {
        return decoder.sawByte();
    }

    /** HTTP/1.1 has no word for it. */
    @Override
    public boolean isUnprocessed() {
        return false;
    }

    boolean isOpen() {
        return channel.isActive();
    }

    @Override
    public boolean isWritable() {
        return channel.isWritable();
    }

    long idleSinceNanos() {
        return idleSinceNanos;
    }

    @Override
    public void send(RequestHead head, Exchange exchange, Upstream upstream, String targetHostField) {
        chunked = exchange.body().isChunked();
        writeAndFlush(head.upgradableBytes(exchange, upstream, targetHostField).toBuffer(channel.alloc()));
    }

    @Override
    public void send(HeldRequest request) {
        chunked = request.framing().isChunked();
        ByteBuf body = request.body();
        channel.write(request.http1().retain(), silent);
        if (body != null && body.isReadable()) {
            sendBody(body.retain());
        }
        if (body != null) {
            endBody();
        }
        channel.flush();
    }

    @Override
    public void sendBody(ByteBuf content) {
        if (chunked) {
            channel.write(
                    Unpooled.copiedBuffer(
                            Integer.toHexString(content.readableBytes()) + "\r\n", StandardCharsets.US_ASCII),
                    silent);
            channel.write(content, silent);
            writeAndFlush(Unpooled.wrappedBuffer(LINE_END));
        } else {
            writeAndFlush(content);
        }
    }

    @Override
    public void endBody() {
        if (chunked) {
            writeAndFlush(Unpooled.wrappedBuffer(LAST_CHUNK));
        }
    }

    @Override
    public void endBody(Http2Headers trailers) {
        if (chunked) {
            HeadWriter writer = new HeadWriter().beginLastChunk();
            trailers.forEach(field -> writer.copy(field.getKey(), field.getValue()));
            writer.endLine();
            writeAndFlush(writer.toBuffer(channel.alloc()));
        }
    }

    private void writeAndFlush(ByteBuf bytes) {
        channel.writeAndFlush(bytes, silent);
    }

    @Override
    public void pause() {
        channel.config().setAutoRead(false);
    }

    @Override
    public void resume() {
        channel.config().setAutoRead(true);
    }

    /**
     * From here on the connection belongs to a stream and carries bytes, for as long as it is open; the pool forgets it. Called
     * with the head of the 101 at hand: the bytes begin after it.
     */
    void upgrade(UpgradeRelay relay) {
        call = null;
        stream = relay;
        home.detach();
    }

    /** Writes bytes of a stream. */
    void write(ByteBuf bytes) {
        channel.write(bytes, silent);
    }

    void flush() {
        channel.flush();
    }

    /** Stops reading, but for {@code writable}: then there is no need to. */
    void pauseUnless(boolean writable) {
        channel.config().setAutoRead(writable);
    }

    /** The stream is over: closes once these bytes are out, or have had their time. */
    void closeAfter(ByteBuf last) {
        if (closing) {
            last.release();
            return;
        }
        closing = true;
        channel.writeAndFlush(last).addListener(ChannelFutureListener.CLOSE);
        channel.eventLoop().schedule(() -> channel.close(), UpgradeRelay.FLUSH_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    public void release(long nowNanos) {
        call = null;
        if (decoder.hasSurplus()) {
            channel.close();
            return;
        }
        idleSinceNanos = nowNanos;
        channel.config().setAutoRead(true);
        home.release(this);
    }

    @Override
    public void close() {
        call = null;
        channel.close();
    }

    /** It is closed in any case. */
    @Override
    public void suspect() {}

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        UpgradeRelay upgraded = stream;
        if (upgraded != null) {
            onStream(upgraded, message);
            return;
        }
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

    private void onStream(UpgradeRelay upgraded, Object message) {
        if (message instanceof ByteBuf bytes) {
            upgraded.onUpstreamBytes(bytes);
        } else {
            // The end of the 101: what the decoder has read of what follows comes out of it as bytes.
            ReferenceCountUtil.release(message);
            channel.pipeline().remove(decoder);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        UpgradeRelay upgraded = stream;
        UpstreamListener current = call;
        if (upgraded != null) {
            upgraded.onUpstreamReadComplete();
        } else if (current != null) {
            current.onReadComplete();
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
        if (!channel.isWritable()) {
            return;
        }
        if (stream != null) {
            stream.onUpstreamWritable();
        } else if (call != null) {
            call.onUpstreamWritable();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        boolean pooled = stream == null;
        ended();
        if (pooled) {
            home.onClosed(this);
        }
    }

    /**
     * Reading failed. The call is told before the close, since the decoder takes a close for the regular end of an answer
     * without a length. (A failed write is not told here: an answer may be on its way all the same.)
     */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        UpstreamListener current = call;
        if (current != null && !decoder.sawByte() && ConnectFailure.isTls(cause)) {
            // With TLS 1.3 a target refuses a certificate after the handshake, when it gets the first request.
            call = null;
            current.onConnectFailure(cause);
        }
        ended();
        channel.close();
    }

    private void ended() {
        UpgradeRelay upgraded = stream;
        UpstreamListener current = call;
        call = null;
        if (upgraded != null) {
            upgraded.onUpstreamClosed();
        } else if (current != null) {
            current.onUpstreamClosed(this);
        }
    }
}
