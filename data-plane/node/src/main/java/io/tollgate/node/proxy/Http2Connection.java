package io.tollgate.node.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http2.DefaultHttp2ConnectionDecoder;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2LocalFlowController;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2ChannelDuplexHandler;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2FrameStream;
import io.netty.handler.codec.http2.Http2FrameStreamException;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2SettingsFrame;
import io.netty.handler.codec.http2.Http2Stream.State;
import io.netty.handler.flush.FlushConsolidationHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.collection.IntObjectHashMap;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One connection of HTTP/2 to a target; carries several calls at once, each a stream (RFC 9113). Event-loop confined.
 *
 * <p>It is there once the peer's settings have come: what does not speak HTTP/2 never gets a call. Its own window never stands in the
 * way: the windows of the streams bound what a slow client makes the node hold.
 */
final class Http2Connection extends Http2ChannelDuplexHandler {
    /** Streams at once, whatever the peer allows: beyond this many another connection serves better. */
    static final int STREAMS_MAX = 256;
    /** Bytes of an answer's body that a peer may send ahead of its client. */
    static final int WINDOW_BYTES = 262_144;
    /** Bound of an answer's head: as over HTTP/1.1. */
    static final int HEAD_BYTES_MAX = 65_536;
    /** Then another connection takes over: stream numbers end (RFC 9113, 5.1.1). */
    private static final int STREAMS_IN_ALL_MAX = 1_000_000_000;
    /**
     * Streams given up, then another connection takes over: many servers break a connection off on which they are reset too often (Netty
     * after 200 in half a minute), and clients that come and go would so end the calls of all others.
     */
    static final int RESETS_MAX = 100;

    // Held: a logger that nobody holds forgets its level.
    private static final Logger CODEC_LOG = Logger.getLogger(DefaultHttp2ConnectionDecoder.class.getName());

    static {
        // It tells of every frame that comes after a stream was given up.
        CODEC_LOG.setLevel(Level.WARNING);
    }

    private final ConnectionOpening opening;
    private final Http2FrameCodec codec;
    private final IntObjectHashMap<Http2Stream> streams = new IntObjectHashMap<>();
    // Whose head came in the read at hand.
    private final List<Http2Stream> headed = new ArrayList<>();
    private @Nullable ChannelHandlerContext context;
    private @Nullable TargetConnections home;
    private int streamsMax;
    private int inUse;
    private int streamsInAll;
    private int resets;
    private long framesSeen;
    private boolean retired;
    private boolean broken;
    private boolean idle;
    private long idleSinceNanos;

    private Http2Connection(ConnectionOpening opening, Http2FrameCodec codec) {
        this.opening = opening;
        this.codec = codec;
    }

    /** Makes HTTP/2 of a connection that is open; {@code opening} is told when the peer does too. */
    static void start(ChannelPipeline pipeline, ConnectionOpening opening) {
        Http2FrameCodec codec = Http2FrameCodecBuilder.forClient()
                .initialSettings(Http2Settings.defaultSettings()
                        .pushEnabled(false)
                        .initialWindowSize(WINDOW_BYTES)
                        .maxHeaderListSize(HEAD_BYTES_MAX))
                .build();
        codec.connection()
                .local()
                .flowController(new DefaultHttp2LocalFlowController(
                                codec.connection(), DefaultHttp2LocalFlowController.DEFAULT_WINDOW_UPDATE_RATIO, true)
                        .frameWriter(codec.encoder().frameWriter()));
        pipeline.addLast(
                // Streams that write in one turn of the loop share a write to the socket.
                new FlushConsolidationHandler(FlushConsolidationHandler.DEFAULT_EXPLICIT_FLUSH_AFTER_FLUSHES, true),
                codec,
                new Http2Connection(opening, codec));
    }

    /** It belongs to these from here on. */
    void join(TargetConnections connections) {
        home = connections;
    }

    /** Whether one more call may begin now. */
    boolean hasRoom() {
        return !retired
                && inUse < Math.min(streamsMax, STREAMS_MAX)
                && channel().isActive();
    }

    /** Whether calls may ever begin again. */
    boolean isRetired() {
        return retired;
    }

    boolean isIdle() {
        return inUse == 0;
    }

    /** Whether it has had no call for so long. The time is that of the sweep which saw it first. */
    boolean isIdleFor(long nanos, long nowNanos) {
        if (inUse > 0) {
            return false;
        }
        if (!idle) {
            idle = true;
            idleSinceNanos = nowNanos;
        }
        return nowNanos - idleSinceNanos >= nanos;
    }

    /** How many streams it may have at once. */
    int streamsMax() {
        return Math.min(streamsMax, STREAMS_MAX);
    }

    /** Frames of any kind that came so far: when there are more, somebody is there. */
    long framesSeen() {
        return framesSeen;
    }

    /** A stream for one call. */
    Http2Stream reserve() {
        inUse++;
        idle = false;
        streamsInAll++;
        if (streamsInAll >= STREAMS_IN_ALL_MAX) {
            retired = true;
        }
        return new Http2Stream(this, streamsInAll > 1);
    }

    /** No further calls; it closes after the last one. */
    void retire() {
        retired = true;
        if (inUse == 0) {
            channel().close();
        }
    }

    void close() {
        channel().close();
    }

    Http2FrameStream open(Http2Stream stream, Http2Headers headers, boolean end) {
        ChannelHandlerContext there = there();
        Http2FrameStream frames = newStream();
        ChannelFuture written = there.writeAndFlush(new DefaultHttp2HeadersFrame(headers, end).stream(frames));
        if (written.isDone() && !written.isSuccess()) {
            // Not sent at all. Told later, as everything that comes from a connection.
            there.executor().execute(() -> stream.onClosed(true));
        } else {
            streams.put(frames.id(), stream);
        }
        return frames;
    }

    ChannelFuture write(Http2FrameStream frames, ByteBuf content, boolean end) {
        return there().writeAndFlush(new DefaultHttp2DataFrame(content, end).stream(frames));
    }

    /** Ends a request by these fields. */
    void writeTrailers(Http2FrameStream frames, Http2Headers trailers) {
        there().writeAndFlush(new DefaultHttp2HeadersFrame(trailers, true).stream(frames));
    }

    /** Bytes of a body were taken: the peer may send as many more. */
    void giveCredit(Http2FrameStream frames, int bytes) {
        io.netty.handler.codec.http2.Http2Stream stream = codec.connection().stream(frames.id());
        if (stream != null && stream.state() != State.CLOSED) {
            try {
                if (codec.connection().local().flowController().consumeBytes(stream, bytes)) {
                    there().flush();
                }
            } catch (Http2Exception e) {
                throw new IllegalStateException("more bytes were given back than came", e);
            }
        }
    }

    /** A stream left; {@code error}: the peer is told that it is given up. */
    void close(Http2Stream stream, @Nullable Http2FrameStream frames, @Nullable Http2Error error) {
        if (frames != null && stream.equals(streams.get(frames.id()))) {
            streams.remove(frames.id());
            if (error != null && channel().isActive()) {
                there().writeAndFlush(new DefaultHttp2ResetFrame(error).stream(frames));
                retired |= ++resets >= RESETS_MAX;
            }
        }
        inUse--;
        TargetConnections connections = home;
        if (retired && inUse == 0) {
            channel().close();
        }
        if (connections != null) {
            connections.onRoom(this);
        }
    }

    @Override
    protected void handlerAdded0(ChannelHandlerContext given) {
        context = given;
    }

    @Override
    public void channelRead(ChannelHandlerContext from, Object message) {
        framesSeen++;
        if (message instanceof Http2HeadersFrame headers) {
            Http2Stream stream = streams.get(headers.stream().id());
            if (stream != null) {
                stream.onHeaders(headers.headers(), headers.isEndStream());
                if (!headers.isEndStream()) {
                    headed.add(stream);
                }
            }
        } else if (message instanceof Http2DataFrame data) {
            onData(data);
        } else if (message instanceof Http2ResetFrame reset) {
            Http2Stream stream = streams.get(reset.stream().id());
            if (stream != null) {
                stream.onClosed(reset.errorCode() == Http2Error.REFUSED_STREAM.code());
            }
        } else if (message instanceof Http2SettingsFrame frame) {
            onSettings(frame.settings());
        } else {
            if (message instanceof Http2GoAwayFrame goAway) {
                onGoAway(goAway.lastStreamId());
            }
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext from) {
        for (int i = 0; i < headed.size(); i++) {
            headed.get(i).onReadComplete();
        }
        headed.clear();
        from.fireChannelReadComplete();
    }

    private void onData(Http2DataFrame data) {
        Http2Stream stream = streams.get(data.stream().id());
        if (stream == null) {
            data.release();
        } else {
            stream.onData(data.content(), data.initialFlowControlledBytes(), data.isEndStream());
        }
    }

    private void onSettings(Http2Settings settings) {
        Long most = settings.maxConcurrentStreams();
        if (most != null) {
            streamsMax = (int) Math.min(most, STREAMS_MAX);
        } else if (home == null) {
            streamsMax = STREAMS_MAX;
        }
        if (home == null) {
            opening.onHttp2(this);
        } else {
            home.onRoom(this);
        }
    }

    /** The peer takes no further streams, and did nothing with those above the last one that it names (RFC 9113, 6.8). */
    private void onGoAway(int lastStreamId) {
        retired = true;
        for (Http2Stream stream : new ArrayList<>(streams.values())) {
            if (stream.id() > lastStreamId) {
                stream.onClosed(true);
            }
        }
        retire();
    }

    @Override
    public void channelInactive(ChannelHandlerContext from) {
        retired = true;
        TargetConnections connections = home;
        if (connections == null) {
            opening.onFailure(broken ? new NotHttp2Exception() : new java.nio.channels.ClosedChannelException());
            return;
        }
        for (Http2Stream stream : new ArrayList<>(streams.values())) {
            if (broken) {
                stream.onBad();
            } else {
                stream.onClosed(false);
            }
        }
        connections.onClosed(this);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext from, Throwable cause) {
        if (cause instanceof Http2FrameStreamException wrong) {
            Http2Stream stream = streams.get(wrong.stream().id());
            if (stream != null) {
                stream.onBad();
            }
        } else if (home == null) {
            opening.onFailure(cause instanceof Http2Exception ? new NotHttp2Exception() : cause);
        } else {
            broken |= cause instanceof Http2Exception;
            channel().close();
        }
    }

    private Channel channel() {
        return there().channel();
    }

    private ChannelHandlerContext there() {
        ChannelHandlerContext there = context;
        if (there == null) {
            throw new IllegalStateException("not in a pipeline");
        }
        return there;
    }
}
