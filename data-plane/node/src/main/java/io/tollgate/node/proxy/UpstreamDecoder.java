package io.tollgate.node.proxy;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpHeadersFactory;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.vertx.core.http.impl.headers.HeadersMultiMap;

/** Reads answers of an upstream, and knows whether one byte of the awaited one has come. Event-loop confined. */
final class UpstreamDecoder extends HttpResponseDecoder {
    /** Bounds of an upstream's head: more generous than the client's, since services set large cookies. */
    private static final int HEAD_BYTES_MAX = 65_536;

    private static final int STATUS_LINE_BYTES_MAX = 4096;
    private static final int CHUNK_BYTES_MAX = 65_536;

    private boolean awaitsHead;
    private boolean sawByte;

    UpstreamDecoder() {
        super(new HttpDecoderConfig()
                .setMaxInitialLineLength(STATUS_LINE_BYTES_MAX)
                .setMaxHeaderSize(HEAD_BYTES_MAX)
                .setMaxChunkSize(CHUNK_BYTES_MAX)
                .setHeadersFactory(UncheckedHeaders.INSTANCE)
                .setTrailersFactory(UncheckedHeaders.INSTANCE));
    }

    /** A request was written; its answer has no body if it was HEAD. */
    void expect(boolean head) {
        awaitsHead = head;
        sawByte = false;
    }

    /** Whether a byte came since the last request was written. */
    boolean sawByte() {
        return sawByte;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
        sawByte = true;
        super.channelRead(context, message);
    }

    @Override
    protected boolean isContentAlwaysEmpty(HttpMessage message) {
        return awaitsHead || super.isContentAlwaysEmpty(message);
    }

    /** Names and values are checked once, when they are added to the answer for the client. */
    private static final class UncheckedHeaders implements HttpHeadersFactory {
        static final UncheckedHeaders INSTANCE = new UncheckedHeaders();

        @Override
        public HttpHeaders newHeaders() {
            return HeadersMultiMap.caseInsensitive();
        }

        @Override
        public HttpHeaders newEmptyHeaders() {
            return HeadersMultiMap.caseInsensitive();
        }
    }
}
