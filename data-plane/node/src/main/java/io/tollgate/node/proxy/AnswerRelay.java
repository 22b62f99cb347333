package io.tollgate.node.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.tollgate.engine.policy.CompressionPolicy;
import io.tollgate.engine.policy.ContentCoding;
import io.tollgate.node.coding.BodyEncoder;
import io.tollgate.node.exchange.Exchange;
import io.tollgate.node.exchange.OutcomeClass;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.internal.buffer.BufferInternal;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The answer of one call on its way to the client, fed by the one attempt whose answer it is: read from the upstream only as fast
 * as the client takes it. Event-loop confined.
 */
final class AnswerRelay {
    private final ForwardedCall call;
    private final Exchange exchange;
    private final AnswerHead.Framing framing;
    private final HttpResponseStatus status;
    private final boolean reusable;
    // Null: the body goes as it came.
    private final @Nullable BodyEncoder encoder;
    // The head waits for the body bytes that came with it, so that a small answer is one write.
    private boolean holdsHead = true;
    private boolean clientSlow;

    /** Copies the head. Throws IllegalArgumentException when one of its fields is not valid. */
    AnswerRelay(ForwardedCall call, Exchange exchange, HttpResponse head) {
        this.call = call;
        this.exchange = exchange;
        AnswerHead.Framing framed = AnswerHead.copy(head, exchange);
        this.status = head.status();
        CompressionPolicy compression = exchange.compression();
        ContentCoding coding = compression == null ? null : coding(compression, head);
        this.framing = coding == null
                ? framed
                : AnswerHead.reframe(framed, exchange, exchange.response().headers());
        this.encoder = compression == null || coding == null || framing == AnswerHead.Framing.NONE
                ? null
                : BodyEncoder.of(coding, compression.level());
        this.reusable = AnswerHead.isReusable(head, framing == AnswerHead.Framing.NONE);
    }

    private @Nullable ContentCoding coding(CompressionPolicy compression, HttpResponse head) {
        boolean lengthKnown = HttpUtil.isContentLengthSet(head) && !HttpUtil.isTransferEncodingChunked(head);
        return AnswerCoding.choose(
                compression,
                exchange,
                status.code(),
                lengthKnown ? HttpUtil.getContentLength(head) : -1,
                exchange.response().headers());
    }

    /** The call is over, however it ended. */
    void over() {
        if (encoder != null) {
            encoder.close();
        }
    }

    int status() {
        return status.code();
    }

    /** Whether the answer stands still because the client does not take it. */
    boolean waitsForClient() {
        return clientSlow;
    }

    /** A part of the body; released here. */
    void content(ByteBuf part, Attempt from) {
        if (framing == AnswerHead.Framing.NONE || !part.isReadable()) {
            part.release();
            return;
        }
        ByteBuf content = encoder == null ? part : encoder.encode(part);
        exchange.addResponseBytes(content.readableBytes());
        HttpServerResponse response = exchange.response();
        start();
        response.write(BufferInternal.safeBuffer(content));
        if (response.writeQueueFull()) {
            clientSlow = true;
            from.pause();
            response.drainHandler(drained -> onClientDrained(from));
        }
    }

    /** The end of the body, released here: counts the call, gives the connection back, then hands over the last byte. */
    void last(LastHttpContent last, Attempt from, boolean uploadDone) {
        ByteBuf content = encoder == null ? last.content() : encoder.finish(last.content());
        BufferInternal bytes = null;
        if (framing != AnswerHead.Framing.NONE && content.isReadable()) {
            exchange.addResponseBytes(content.readableBytes());
            bytes = BufferInternal.safeBuffer(content);
        } else {
            content.release();
        }
        start();
        if (framing == AnswerHead.Framing.CHUNKED || framing == AnswerHead.Framing.STREAM) {
            copyTrailers(last.trailingHeaders());
        }
        // Counted before the last byte is handed over: an answer that went out whole is never missing from the meter.
        exchange.scratch().meter().count(exchange, OutcomeClass.ofUpstreamStatus(exchange.answerStatus()));
        from.release(reusable && uploadDone);
        HttpServerResponse response = exchange.response();
        Future<Void> sent = bytes == null ? response.end() : response.end(bytes);
        if (framing == AnswerHead.Framing.CLOSE) {
            sent.onComplete(done -> exchange.request().connection().close());
        }
    }

    /** Sends the head if it still waits: no body bytes came with it, and who knows when they will. */
    void sendHead() {
        if (!holdsHead || framing == AnswerHead.Framing.NONE) {
            return;
        }
        start();
        HttpServerResponse response = exchange.response();
        if (framing == AnswerHead.Framing.CLOSE) {
            response.write(Buffer.buffer());
        } else {
            response.writeHead();
        }
    }

    private void start() {
        if (!holdsHead) {
            return;
        }
        holdsHead = false;
        HttpServerResponse response = exchange.response();
        response.setStatusCode(status.code());
        if (!status.reasonPhrase().equals(response.getStatusMessage())) {
            response.setStatusMessage(status.reasonPhrase());
        }
        exchange.answerStarted(status.code());
        if (exchange.endsConnection()) {
            response.headers().set(io.vertx.core.http.HttpHeaders.CONNECTION, "close");
        }
        if (framing == AnswerHead.Framing.CLOSE) {
            // Vert.x would promise an HTTP/1.0 client to keep the connection, which is the only end of this body.
            response.headersEndHandler(
                    written -> response.headers().set(io.vertx.core.http.HttpHeaders.CONNECTION, "close"));
        }
        call.onAnswerStarted();
    }

    private void onClientDrained(Attempt from) {
        if (!call.isOver()) {
            clientSlow = false;
            call.onProgress(call.forwarder().clock().nanos());
            from.resume();
        }
    }

    private void copyTrailers(HttpHeaders trailers) {
        if (trailers.isEmpty()) {
            return;
        }
        MultiMap to = exchange.response().trailers();
        Iterator<Map.Entry<CharSequence, CharSequence>> fields = trailers.iteratorCharSequence();
        while (fields.hasNext()) {
            Map.Entry<CharSequence, CharSequence> field = fields.next();
            if (!HopByHop.TRAILER.contains(field.getKey())) {
                to.add(field.getKey(), field.getValue());
            }
        }
    }
}
