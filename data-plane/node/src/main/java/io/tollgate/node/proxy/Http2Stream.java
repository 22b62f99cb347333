package io.tollgate.node.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameStream;
import io.netty.handler.codec.http2.Http2Headers;
import io.tollgate.engine.upstream.Upstream;
import io.tollgate.node.exchange.Exchange;
import io.vertx.core.http.impl.headers.HeadersMultiMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One call as a stream of a connection of HTTP/2 (RFC 9113, 8.1). Event-loop confined.
 *
 * <p>The answer is told as HTTP/1.1 would tell it. What it says of its length is held against what comes, so that a short or a long
 * answer is never taken for a whole one.
 */
final class Http2Stream implements UpstreamConnection {
    /** Bytes of a request's body that wait for the peer's windows before the client is held back; half of it lets it go on. */
    static final int PENDING_BYTES_MAX = 65_536;

    private static final HttpVersion VERSION = new HttpVersion("HTTP", 2, 0, true);

    private final Http2Connection connection;
    private final boolean reused;
    private @Nullable Http2FrameStream frames;
    private @Nullable UpstreamListener call;
    private boolean headOnly;
    private boolean sawByte;
    private boolean sawHead;
    private boolean sent;
    private int interimAnswers;
    private boolean received;
    private boolean unprocessed;
    private boolean over;
    private boolean paused;
    private int unreturnedBytes;
    private int pendingBytes;
    private boolean full;
    private long lengthLeft = -1;
    private long framesBefore;

    Http2Stream(Http2Connection connection, boolean reused) {
        this.connection = connection;
        this.reused = reused;
    }

    @Override
    public void begin(UpstreamListener next, boolean head) {
        call = next;
        headOnly = head;
    }

    @Override
    public void send(RequestHead head, Exchange exchange, Upstream upstream, String targetHostField) {
        open(head.headers(exchange, upstream, targetHostField), !exchange.body().isPresent());
    }

    @Override
    public void send(HeldRequest request) {
        ByteBuf body = request.body();
        open(request.http2(), body == null);
        if (body != null) {
            write(body.retain(), true);
        }
    }

    private void open(Http2Headers headers, boolean end) {
        sent = end;
        framesBefore = connection.framesSeen();
        frames = connection.open(this, headers, end);
    }

    @Override
    public void sendBody(ByteBuf content) {
        write(content, false);
    }

    @Override
    public void endBody() {
        if (!sent) {
            write(Unpooled.EMPTY_BUFFER, true);
        }
    }

    @Override
    public void endBody(Http2Headers trailers) {
        Http2FrameStream stream = frames;
        if (!over && !sent && stream != null) {
            sent = true;
            connection.writeTrailers(stream, trailers);
        }
    }

    private void write(ByteBuf content, boolean end) {
        Http2FrameStream stream = frames;
        if (over || sent || stream == null) {
            content.release();
            return;
        }
        sent = end;
        int size = content.readableBytes();
        pendingBytes += size;
        full = pendingBytes >= PENDING_BYTES_MAX;
        connection.write(stream, content, end).addListener(written -> onWritten(size));
    }

    private void onWritten(int size) {
        pendingBytes -= size;
        if (full && pendingBytes <= PENDING_BYTES_MAX / 2) {
            full = false;
            UpstreamListener current = call;
            if (current != null) {
                current.onUpstreamWritable();
            }
        }
    }

    /** Its number on the connection; -1 before it is open. */
    int id() {
        Http2FrameStream stream = frames;
        return stream == null ? -1 : stream.id();
    }

    @Override
    public boolean isReused() {
        return reused;
    }

    @Override
    public boolean sawByte() {
        return sawByte;
    }

    @Override
    public boolean isUnprocessed() {
        return unprocessed;
    }

    @Override
    public boolean isWritable() {
        return !full;
    }

    @Override
    public void pause() {
        paused = true;
    }

    @Override
    public void resume() {
        paused = false;
        int bytes = unreturnedBytes;
        unreturnedBytes = 0;
        giveCredit(bytes);
    }

    @Override
    public void release(long nowNanos) {
        end();
    }

    @Override
    public void close() {
        end();
    }

    @Override
    public void suspect() {
        if (connection.framesSeen() == framesBefore) {
            connection.retire();
        }
    }

    /** Leaves the connection; tells the peer when one of the two messages is not whole. */
    private void end() {
        call = null;
        if (over) {
            return;
        }
        over = true;
        Http2FrameStream stream = frames;
        connection.close(this, stream, stream == null || (sent && received) ? null : Http2Error.CANCEL);
    }

    /** A head, of an interim or of the final answer, or the trailers. */
    void onHeaders(Http2Headers headers, boolean end) {
        sawByte = true;
        UpstreamListener current = call;
        if (current == null) {
            return;
        }
        if (sawHead) {
            if (end && headers.status() == null) {
                last(current, new DefaultLastHttpContent(Unpooled.EMPTY_BUFFER, fields(headers)));
            } else {
                current.onBadAnswer();
            }
            return;
        }
        HttpResponseStatus status = status(headers);
        boolean interim = status != null && status.code() < 200;
        if (status == null
                || status.code() == 101
                || (interim && (end || ++interimAnswers > UpstreamDecoder.INTERIM_ANSWERS_MAX))) {
            current.onBadAnswer();
            return;
        }
        DefaultHttpResponse head = new DefaultHttpResponse(VERSION, status, fields(headers));
        if (!interim) {
            sawHead = true;
            if (!readLength(head)) {
                current.onBadAnswer();
                return;
            }
        }
        current.onHead(head);
        if (end && current.equals(call)) {
            last(current, LastHttpContent.EMPTY_LAST_CONTENT);
        }
    }

    /** Nothing more is there to read for now. */
    void onReadComplete() {
        UpstreamListener current = call;
        if (current != null) {
            current.onReadComplete();
        }
    }

    /** A part of the body; {@code credit} is what it took of the window. */
    void onData(ByteBuf content, int credit, boolean end) {
        UpstreamListener current = call;
        int size = content.readableBytes();
        if (current == null) {
            content.release();
            giveCredit(credit);
            return;
        }
        boolean hasBody = sawHead && (!headOnly || size == 0);
        if (!hasBody || (lengthLeft >= 0 && size > lengthLeft)) {
            content.release();
            current.onBadAnswer();
            return;
        }
        if (lengthLeft >= 0) {
            lengthLeft -= size;
        }
        if (end) {
            last(current, new DefaultLastHttpContent(content));
            return;
        }
        current.onContent(content);
        if (paused) {
            unreturnedBytes += credit;
        } else {
            giveCredit(credit);
        }
    }

    private void last(UpstreamListener current, LastHttpContent last) {
        if (lengthLeft > 0 && !headOnly) {
            last.release();
            current.onBadAnswer();
            return;
        }
        received = true;
        current.onLast(last);
    }

    /** What came on it is against the rules of HTTP/2. */
    void onBad() {
        UpstreamListener current = call;
        if (current != null) {
            current.onBadAnswer();
        }
        end();
    }

    /** The peer gave it up, or the connection is gone. */
    void onClosed(boolean didNothing) {
        unprocessed = didNothing && !sawByte;
        UpstreamListener current = call;
        call = null;
        received = true;
        sent = true;
        end();
        if (current != null) {
            current.onUpstreamClosed(this);
        }
    }

    private void giveCredit(int bytes) {
        Http2FrameStream stream = frames;
        if (bytes > 0 && !over && stream != null) {
            connection.giveCredit(stream, bytes);
        }
    }

    /** False when the answer contradicts itself. */
    private boolean readLength(DefaultHttpResponse head) {
        String length = head.headers().get(HttpHeaderNames.CONTENT_LENGTH);
        int status = head.status().code();
        if (length == null || headOnly || status == 304) {
            lengthLeft = status == 204 || status == 304 ? 0 : -1;
            return true;
        }
        if (length.isEmpty() || length.length() > 18 || !length.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return false;
        }
        lengthLeft = Long.parseLong(length);
        return status != 204 || lengthLeft == 0;
    }

    private static @Nullable HttpResponseStatus status(Http2Headers headers) {
        CharSequence status = headers.status();
        if (status == null || status.length() != 3) {
            return null;
        }
        int code = 0;
        for (int i = 0; i < 3; i++) {
            char digit = status.charAt(i);
            if (digit < '0' || digit > '9') {
                return null;
            }
            code = code * 10 + digit - '0';
        }
        return code < 100 || code > 599 ? null : HttpResponseStatus.valueOf(code);
    }

    private static HttpHeaders fields(Http2Headers headers) {
        // Checked once, when they are added to the answer for the client.
        HttpHeaders fields = HeadersMultiMap.caseInsensitive();
        for (Map.Entry<CharSequence, CharSequence> field : headers) {
            CharSequence name = field.getKey();
            if (name.length() > 0 && name.charAt(0) != ':') {
                fields.add(name, field.getValue());
            }
        }
        return fields;
    }
}
