package io.tollgate.node.listener;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2LifecycleManager;
import io.netty.handler.codec.http2.Http2Stream;
import io.tollgate.node.exchange.StreamRefusal;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.Http2NoRequest;
import java.util.function.Consumer;

/**
 * Counts the streams of one HTTP/2 connection that are reset before they are requests, and lets the rest of what their clients
 * send for them pass by. Event-loop confined.
 *
 * <p>The codec knows no stream whose head it could not read or had no place for. What belongs to it and is on its way already, its
 * body, would be frames of a stream that never was, and would end the connection with the calls of all others (RFC 9113, 5.1). So
 * such a stream is opened and closed here: what comes for it is a late frame of a closed stream, which is reset once more.
 */
final class RefusedStreams extends Http2ConnectionAdapter implements Http2LifecycleManager {
    private final Http2ConnectionHandler codec;
    private final Http2Connection.PropertyKey accepted;
    private final Http2NoRequest noRequest;
    private final Consumer<StreamRefusal> onRefusal;

    private RefusedStreams(Http2ConnectionHandler codec, Http2NoRequest noRequest, Consumer<StreamRefusal> onRefusal) {
        this.codec = codec;
        this.accepted = codec.connection().newKey();
        this.noRequest = noRequest;
        this.onRefusal = onRefusal;
    }

    /**
     * Looks on from here on.
     *
     * @param onRefusal told of each stream once
     */
    static RefusedStreams guard(
            Http2ConnectionHandler codec, HttpConnection connection, Consumer<StreamRefusal> onRefusal) {
        RefusedStreams refused = new RefusedStreams(codec, new Http2NoRequest(connection), onRefusal);
        codec.encoder().lifecycleManager(refused);
        codec.connection().addListener(refused);
        return refused;
    }

    /** Whether the stream is a request. */
    boolean isAccepted(Http2Stream stream) {
        return stream.getProperty(accepted) != null;
    }

    /** The stream is a request from here on: who resets it, and why, others tell. */
    void accept(Http2Stream stream) {
        stream.setProperty(accepted, true);
        noRequest.remove(stream);
    }

    @Override
    public void onStreamAdded(Http2Stream stream) {
        noRequest.put(stream);
    }

    @Override
    public void onStreamClosed(Http2Stream stream) {
        if (stream.isResetSent() && !isAccepted(stream)) {
            onRefusal.accept(stream.isHeadersSent() ? StreamRefusal.HEADER_TOO_LARGE : StreamRefusal.MALFORMED);
        }
    }

    @Override
    public ChannelFuture resetStream(
            ChannelHandlerContext context, int streamId, long errorCode, ChannelPromise promise) {
        Http2Connection.Endpoint<?> client = codec.connection().remote();
        boolean isNew = client.isValidStreamId(streamId) && !client.mayHaveCreatedStream(streamId);
        ChannelFuture written = codec.resetStream(context, streamId, errorCode, promise);
        if (isNew) {
            onRefusal.accept(
                    errorCode == Http2Error.REFUSED_STREAM.code() ? StreamRefusal.STREAMS : StreamRefusal.MALFORMED);
            remember(client, streamId);
        }
        return written;
    }

    private static void remember(Http2Connection.Endpoint<?> client, int streamId) {
        int most = client.maxActiveStreams();
        try {
            if (!client.canOpenStream()) {
                client.maxActiveStreams(most + 1);
            }
            client.createStream(streamId, true).close();
        } catch (Http2Exception goneBefore) {
            // The connection itself is closing: whatever comes is dropped with it.
            return;
        } finally {
            client.maxActiveStreams(most);
        }
    }

    @Override
    public void closeStreamLocal(Http2Stream stream, ChannelFuture written) {
        codec.closeStreamLocal(stream, written);
    }

    @Override
    public void closeStreamRemote(Http2Stream stream, ChannelFuture written) {
        codec.closeStreamRemote(stream, written);
    }

    @Override
    public void closeStream(Http2Stream stream, ChannelFuture written) {
        codec.closeStream(stream, written);
    }

    @Override
    public ChannelFuture goAway(
            ChannelHandlerContext context,
            int lastStreamId,
            long errorCode,
            ByteBuf debugData,
            ChannelPromise promise) {
        return codec.goAway(context, lastStreamId, errorCode, debugData, promise);
    }

    @Override
    public void onError(ChannelHandlerContext context, boolean outbound, Throwable cause) {
        codec.onError(context, outbound, cause);
    }
}
