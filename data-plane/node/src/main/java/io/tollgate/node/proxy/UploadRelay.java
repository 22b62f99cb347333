package io.tollgate.node.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tollgate.node.exchange.Exchange;
import io.tollgate.node.exchange.RequestBody;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.internal.buffer.BufferInternal;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The body of one request on its way to the upstream: read from the client only as fast as the upstream takes it.
 * Event-loop confined.
 *
 * <p>A client that expects 100 is told to go on when the upstream says so, or when the upstream has been silent for {@link
 * #CONTINUE_NANOS_MAX}; an upstream that answers at once spares it the upload.
 */
final class UploadRelay {
    /** How long an upstream may think about an expectation: many never heard of it. */
    static final long CONTINUE_NANOS_MAX = 1_000_000_000;

    private final ForwardedCall call;
    private final Exchange exchange;
    private final RequestBody body;
    private final int keptBytesMax;
    private @Nullable ByteBuf kept;
    private boolean listening;
    private boolean ended;
    private boolean forgotten;
    private @Nullable UpstreamConnection to;
    private boolean expectsContinue;
    private boolean paused;
    private long heldSinceNanos;
    private long heldNanos;
    private boolean done;
    private boolean stopped;
    private long doneNanos;
    private long startNanos;

    /** @param keptBytesMax how long a body may be that is kept, so that the request can be repeated */
    UploadRelay(ForwardedCall call, Exchange exchange, int keptBytesMax) {
        this.call = call;
        this.exchange = exchange;
        this.body = exchange.body();
        this.keptBytesMax = keptBytesMax;
        this.forgotten = keptBytesMax == 0;
    }

    /** Holds the body back until there is somewhere to send it. */
    void hold() {
        if (body.isPresent()) {
            HttpServerRequest request = exchange.request();
            request.pause();
            request.exceptionHandler(call::onUploadBroken);
        }
    }

    /** The head was sent; the body follows. */
    void start(UpstreamConnection connection, long nowNanos) {
        to = connection;
        startNanos = nowNanos;
        heldNanos = 0;
        if (!body.isPresent()) {
            done = true;
            doneNanos = nowNanos;
            return;
        }
        ByteBuf before = kept;
        if (before != null) {
            write(connection, before.retainedDuplicate());
        }
        if (ended) {
            finish(connection);
            return;
        }
        HttpServerRequest request = exchange.request();
        if (!listening) {
            listening = true;
            request.handler(this::onBytes);
            request.endHandler(end -> onEnd());
            String expectation = request.getHeader(HttpHeaders.EXPECT);
            expectsContinue = request.version() != HttpVersion.HTTP_1_0 && "100-continue".equalsIgnoreCase(expectation);
        }
        if (!expectsContinue) {
            request.resume();
        }
    }

    /** Whether the request can be sent again: it has no body, none of it was sent, or all that was is kept. */
    boolean isRepeatable() {
        return !body.isPresent() || !listening || !forgotten || (kept == null && exchange.requestBytes() == 0);
    }

    /** The attempt ended and another one will follow: the body waits. */
    void detach() {
        to = null;
        paused = false;
        done = false;
        if (body.isPresent() && !ended) {
            exchange.request().pause();
        }
    }

    /** The upstream wants the body. */
    void onContinue() {
        if (expectsContinue && !stopped) {
            expectsContinue = false;
            call.onProgress(call.forwarder().clock().nanos());
            exchange.response().writeContinue();
            exchange.request().resume();
        }
    }

    /** True while the client waits for its 100; tells it to go on when the upstream was silent for long enough. */
    boolean checkContinue(long nowNanos) {
        if (!expectsContinue) {
            return false;
        }
        if (nowNanos - startNanos > CONTINUE_NANOS_MAX) {
            onContinue();
        }
        return true;
    }

    /** A final answer comes: a client that still waits for its 100 is not going to get one. */
    void onAnswerStarted() {
        if (expectsContinue && exchange.ownsConnection()) {
            exchange.response().headers().set(HttpHeaders.CONNECTION, "close");
        }
    }

    void onUpstreamWritable() {
        if (paused && !stopped) {
            paused = false;
            long nowNanos = call.forwarder().clock().nanos();
            heldNanos += nowNanos - heldSinceNanos;
            call.onProgress(nowNanos);
            exchange.request().resume();
        }
    }

    /** Whether the whole body was handed to the upstream's connection. */
    boolean isDone() {
        return done;
    }

    /** When it was. */
    long doneNanos() {
        return doneNanos;
    }

    /** Whether the body stands still because the upstream does not take it. */
    boolean waitsForUpstream() {
        return paused;
    }

    /** Whether the client is slower with its body than its listener waits for; the time that it is held back is not counted. */
    boolean isLate(long nowNanos) {
        long takenMillis = (nowNanos - startNanos - heldNanos) / 1_000_000;
        return !paused && takenMillis > exchange.bounds().bodyMillisMax(exchange.requestBytes());
    }

    /** Nothing more goes to the upstream; what the client still sends is the listener's to drain. */
    void stop() {
        stopped = true;
        to = null;
        forget();
    }

    private void onBytes(Buffer bytes) {
        UpstreamConnection connection = to;
        exchange.addRequestBytes(bytes.length());
        if (stopped) {
            return;
        }
        if (exchange.bounds().isTooLong(exchange.requestBytes())) {
            call.onBodyTooLong();
            return;
        }
        long nowNanos = call.forwarder().clock().nanos();
        call.onProgress(nowNanos);
        if (!exchange.admitsBody(bytes)) {
            call.onBodyWrong();
            return;
        }
        exchange.bodyPassed(bytes);
        ByteBuf content = ((BufferInternal) bytes).getByteBuf();
        keep(content);
        if (connection == null) {
            // Between two attempts, when the body is held back: what comes all the same is sent with what is kept.
            return;
        }
        write(connection, content);
        if (!connection.isWritable()) {
            paused = true;
            heldSinceNanos = nowNanos;
            exchange.request().pause();
        }
    }

    private static void write(UpstreamConnection connection, ByteBuf content) {
        if (content.isReadable()) {
            connection.sendBody(content);
        } else {
            // A chunk of nothing would be the last one.
            content.release();
        }
    }

    private void keep(ByteBuf content) {
        if (forgotten) {
            return;
        }
        ByteBuf all = kept == null ? Unpooled.buffer() : kept;
        if (all.readableBytes() + content.readableBytes() > keptBytesMax) {
            forget();
            return;
        }
        kept = all.writeBytes(content, content.readerIndex(), content.readableBytes());
    }

    private void forget() {
        ByteBuf all = kept;
        kept = null;
        forgotten = true;
        if (all != null) {
            all.release();
        }
    }

    private void onEnd() {
        if (!stopped && !exchange.admitsBodyEnd()) {
            call.onBodyWrong();
            return;
        }
        ended = true;
        exchange.bodyEnded();
        UpstreamConnection connection = to;
        if (connection != null && !stopped) {
            finish(connection);
        }
    }

    private void finish(UpstreamConnection connection) {
        done = true;
        doneNanos = call.forwarder().clock().nanos();
        Iterable<Map.Entry<CharSequence, CharSequence>> trailers = exchange.requestTrailers();
        if (trailers == null) {
            connection.endBody();
        } else {
            connection.endBody(RequestTrailers.passing(
                    exchange, trailers, call.forwarder().requestHead().own()));
        }
    }
}
