package io.tollgate.node.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpHeadersFactory;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.AsciiString;
import io.vertx.core.http.impl.headers.HeadersMultiMap;
import java.util.List;

/**
 * Reads answers of an upstream, and knows whether one byte of the awaited one has come, and whether more came than it.
 * Event-loop confined.
 *
 * <p>Bytes behind an answer are the beginning of another one that nobody asked for. They must not be read as the answer to the
 * next call, so a connection on which they lie ends with its call.
 */
final class UpstreamDecoder extends HttpResponseDecoder {
    /** Bounds of an upstream's head: more generous than the client's, since services set large cookies. */
    private static final int HEAD_BYTES_MAX = 65_536;

    private static final int STATUS_LINE_BYTES_MAX = 4096;
    private static final int CHUNK_BYTES_MAX = 65_536;

    /** Interim answers (RFC 9110, 15.2) to one request: a service that has more to say never comes to its answer. */
    static final int INTERIM_ANSWERS_MAX = 32;

    private static final int STATUS_DIGITS = 3;
    private static final int STATUS_MAX = 599;
    private static final char DELETE = 0x7f;

    private boolean awaitsHead;
    private boolean sawByte;
    private boolean surplus;
    private int interimAnswers;
    private int lengths;

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
        interimAnswers = 0;
    }

    /** Whether a byte came since the last request was written. */
    boolean sawByte() {
        return sawByte;
    }

    /** Whether bytes came behind the answer that has just ended. */
    boolean hasSurplus() {
        return surplus;
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf buffer, List<Object> out) throws Exception {
        int before = out.size();
        super.decode(context, buffer, out);
        int after = out.size();
        if (after > before) {
            surplus = out.get(after - 1) instanceof LastHttpContent && buffer.isReadable();
        }
    }

    /** A status is three digits (RFC 9112, 4) and at most 599 (RFC 9110, 15); Netty takes any number. */
    @Override
    protected HttpMessage createMessage(String[] line) {
        lengths = 0;
        String status = line[1];
        if (status.length() != STATUS_DIGITS || status.charAt(0) < '1' || status.charAt(0) > '9') {
            throw new IllegalArgumentException("status " + status);
        }
        String reason = line[2];
        for (int i = 0; i < reason.length(); i++) {
            char c = reason.charAt(i);
            if ((c < ' ' && c != '\t') || c == DELETE) {
                throw new IllegalArgumentException("a reason that is no text");
            }
        }
        HttpMessage message = super.createMessage(line);
        HttpVersion version = message.protocolVersion();
        if (!version.equals(HttpVersion.HTTP_1_1) && !version.equals(HttpVersion.HTTP_1_0)) {
            throw new IllegalArgumentException("version " + version);
        }
        int code = ((HttpResponse) message).status().code();
        if (code > STATUS_MAX || (code < 200 && ++interimAnswers > INTERIM_ANSWERS_MAX)) {
            throw new IllegalArgumentException("status " + code + " after " + interimAnswers + " interim answers");
        }
        return message;
    }

    /**
     * Refuses two lengths, which Netty takes from HTTP/1.0, and a name that is none: between it and its colon white space may
     * stand (RFC 9112, 5.1, says to remove it), and nothing else.
     */
    @Override
    protected AsciiString splitHeaderName(byte[] line, int start, int length) {
        int colon = start + length;
        while (colon < line.length && (line[colon] == ' ' || line[colon] == '\t')) {
            colon++;
        }
        if (length == 0 || colon == line.length || line[colon] != ':') {
            throw new IllegalArgumentException("a field without a name");
        }
        AsciiString name = super.splitHeaderName(line, start, length);
        if (HttpHeaderNames.CONTENT_LENGTH.contentEqualsIgnoreCase(name) && ++lengths > 1) {
            throw new IllegalArgumentException("several lengths");
        }
        return name;
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
