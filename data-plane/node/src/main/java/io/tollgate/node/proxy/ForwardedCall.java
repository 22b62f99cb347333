package io.tollgate.node.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.tollgate.engine.upstream.TargetState;
import io.tollgate.engine.upstream.Upstream;
import io.tollgate.node.exchange.ClientWatcher;
import io.tollgate.node.exchange.Ending;
import io.tollgate.node.exchange.Exchange;
import io.tollgate.node.exchange.Outcome;
import io.tollgate.node.exchange.OutcomeClass;
import io.tollgate.node.exchange.RequestBody;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.internal.buffer.BufferInternal;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One call on its way to an upstream and back. Event-loop confined.
 *
 * <pre>
 *   start ─▶ connection ─▶ head out ─▶ body out (UploadRelay) ─┐
 *                │                                             ├─▶ last byte of the answer ─▶ OK
 *                └ refused: 502        answer's head ─▶ body back ┘
 * </pre>
 *
 * Every way out passes {@link #over}, once. Before the answer's head was handed over a failure is an outcome that the
 * request handler answers; afterwards the client's connection is broken off, so that a cut answer never looks whole.
 */
final class ForwardedCall implements ClientWatcher {
    private final Forwarder forwarder;
    private final Exchange exchange;
    private final Upstream upstream;
    private final Ending ending;
    private final RequestBody body;
    private final UploadRelay upload;
    private final long startNanos;

    private @Nullable TargetState target;
    private @Nullable UpstreamConnection connection;
    private boolean retried;
    private boolean over;
    private boolean headCame;
    private boolean holdsAnswer;
    private boolean clientSlow;
    private AnswerHead.Framing framing = AnswerHead.Framing.NONE;
    private HttpResponseStatus status = HttpResponseStatus.OK;
    private boolean reusable;
    private long lastProgressNanos;

    /** Links of the forwarder's list of calls. */
    @Nullable
    ForwardedCall previous;

    @Nullable
    ForwardedCall next;

    ForwardedCall(Forwarder forwarder, Exchange exchange, Upstream upstream, Ending ending) {
        this.forwarder = forwarder;
        this.exchange = exchange;
        this.upstream = upstream;
        this.ending = ending;
        this.body = exchange.body();
        this.upload = new UploadRelay(this, exchange, body);
        this.startNanos = forwarder.clock().nanos();
        this.lastProgressNanos = startNanos;
    }

    void start() {
        upload.hold();
        TargetState chosen = upstream.pick(forwarder.clock().epochMillis());
        if (chosen == null) {
            over(Outcome.NO_TARGET);
            return;
        }
        target = chosen;
        chosen.onCallStart();
        exchange.upstream(chosen, 0);
        if (!forwarder.pool().of(chosen).acquire(this)) {
            over(Outcome.NO_TARGET);
        }
    }

    int connectTimeoutMillis() {
        return (int) upstream.connectTimeoutMillis();
    }

    boolean isOver() {
        return over;
    }

    void onConnection(UpstreamConnection given) {
        long nowNanos = forwarder.clock().nanos();
        if (over) {
            given.release(nowNanos);
            return;
        }
        connection = given;
        lastProgressNanos = nowNanos;
        boolean head = HttpMethod.HEAD.equals(exchange.request().method());
        given.begin(this, head);
        TargetConnections home = forwarder.pool().of(targetOf());
        ByteBuf bytes = forwarder
                .requestHead()
                .write(exchange, upstream, home.hostField(), body)
                .toBuffer(given.channel().alloc());
        given.writeAndFlush(bytes);
        upload.start(given, nowNanos);
    }

    void onConnectFailure(Throwable cause) {
        targetOf().onConnectFailure(forwarder.clock().epochMillis());
        if (!over) {
            over(Outcome.UPSTREAM_CONNECT);
        }
    }

    /** The head of an answer, also of an interim one. */
    void onHead(HttpResponse head) {
        lastProgressNanos = forwarder.clock().nanos();
        int code = head.status().code();
        if (code < 200) {
            onInterim(head, code);
            return;
        }
        targetOf().onSuccess();
        headCame = true;
        status = head.status();
        exchange.upstream(targetOf(), lastProgressNanos - startNanos);
        if (!AnswerHead.isFramingClear(head)) {
            fail(Outcome.UPSTREAM_PROTOCOL);
            return;
        }
        try {
            framing = AnswerHead.copy(head, exchange);
        } catch (IllegalArgumentException e) {
            fail(Outcome.UPSTREAM_PROTOCOL);
            return;
        }
        reusable = HttpUtil.isKeepAlive(head)
                && (HttpUtil.isContentLengthSet(head)
                        || HttpUtil.isTransferEncodingChunked(head)
                        || framing == AnswerHead.Framing.NONE);
        // The head waits for the first bytes of the body, so that a small answer is one write.
        holdsAnswer = true;
    }

    void onContent(ByteBuf content) {
        if (over) {
            content.release();
            return;
        }
        lastProgressNanos = forwarder.clock().nanos();
        int size = content.readableBytes();
        if (framing == AnswerHead.Framing.NONE || size == 0) {
            content.release();
            return;
        }
        exchange.addResponseBytes(size);
        HttpServerResponse response = exchange.response();
        startAnswer();
        response.write(BufferInternal.safeBuffer(content));
        if (response.writeQueueFull()) {
            clientSlow = true;
            UpstreamConnection from = connection;
            if (from != null) {
                from.pause();
                response.drainHandler(drained -> onClientDrained(from));
            }
        }
    }

    void onLast(LastHttpContent last) {
        if (over) {
            last.release();
            return;
        }
        ByteBuf content = last.content();
        BufferInternal bytes = null;
        if (framing != AnswerHead.Framing.NONE && content.isReadable()) {
            exchange.addResponseBytes(content.readableBytes());
            bytes = BufferInternal.safeBuffer(content);
        } else {
            last.release();
        }
        startAnswer();
        if (framing == AnswerHead.Framing.CHUNKED) {
            copyTrailers(last.trailingHeaders());
        }
        // Counted before the last byte is handed over: an answer that went out whole is never missing from the meter.
        exchange.scratch().meter().count(exchange, OutcomeClass.ofUpstreamStatus(exchange.answerStatus()));
        giveConnectionBack();
        HttpServerResponse response = exchange.response();
        io.vertx.core.Future<Void> sent = bytes == null ? response.end() : response.end(bytes);
        if (framing == AnswerHead.Framing.CLOSE) {
            sent.onComplete(done -> exchange.request().connection().close());
        }
        over(Outcome.OK);
    }

    void onBadAnswer() {
        fail(Outcome.UPSTREAM_PROTOCOL);
    }

    void onUpstreamWritable() {
        upload.onUpstreamWritable();
    }

    /** The connection closed or broke under this call. */
    void onUpstreamClosed(UpstreamConnection closed) {
        if (over) {
            return;
        }
        connection = null;
        if (!headCame && mayRetry(closed)) {
            retried = true;
            forwarder.counters().upstreamRetry();
            if (forwarder.pool().of(targetOf()).acquireFresh(this)) {
                return;
            }
        }
        over(Outcome.UPSTREAM_RESET);
    }

    // A connection from the pool may have been closed by the upstream before it saw the request (RFC 9112, 9.3.1).
    private boolean mayRetry(UpstreamConnection closed) {
        return !retried
                && closed.isReused()
                && !closed.sawByte()
                && !body.isPresent()
                && isIdempotent(exchange.request().method());
    }

    private static boolean isIdempotent(HttpMethod method) {
        return switch (method.name()) {
            case "GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE" -> true;
            default -> false;
        };
    }

    @Override
    public void onClientGone() {
        if (!over) {
            over(Outcome.CLIENT_GONE);
        }
    }

    /** The client sent body bytes that are no HTTP, or fell silent in its body. */
    void onUploadBroken() {
        onClientGone();
    }

    void onProgress(long nowNanos) {
        lastProgressNanos = nowNanos;
    }

    Forwarder forwarder() {
        return forwarder;
    }

    void checkDeadlines(long nowNanos) {
        if (over) {
            return;
        }
        if (connection == null) {
            if (millis(nowNanos - startNanos) > upstream.connectTimeoutMillis() * (retried ? 2 : 1)) {
                over(Outcome.UPSTREAM_CONNECT);
            }
        } else if (headCame) {
            if (millis(nowNanos - lastProgressNanos) > upstream.idleTimeoutMillis()) {
                over(clientSlow ? Outcome.CLIENT_GONE : Outcome.UPSTREAM_TIMEOUT);
            }
        } else if (upload.isDone()) {
            if (millis(nowNanos - upload.doneNanos()) > upstream.responseTimeoutMillis()) {
                over(Outcome.UPSTREAM_TIMEOUT);
            }
        } else if (!upload.checkContinue(nowNanos)
                && millis(nowNanos - lastProgressNanos) > upstream.idleTimeoutMillis()) {
            over(upload.waitsForUpstream() ? Outcome.UPSTREAM_TIMEOUT : Outcome.CLIENT_GONE);
        }
    }

    private void onInterim(HttpResponse head, int code) {
        if (code == 100) {
            upload.onContinue();
        } else if (code == 101) {
            fail(Outcome.UPSTREAM_PROTOCOL);
        } else if (code == 103 && exchange.request().version() == HttpVersion.HTTP_1_1) {
            try {
                exchange.response().writeEarlyHints(AnswerHead.copyInterim(head));
            } catch (IllegalArgumentException e) {
                fail(Outcome.UPSTREAM_PROTOCOL);
            }
        }
    }

    private void startAnswer() {
        if (holdsAnswer) {
            holdsAnswer = false;
            HttpServerResponse response = exchange.response();
            response.setStatusCode(status.code());
            if (!status.reasonPhrase().equals(response.getStatusMessage())) {
                response.setStatusMessage(status.reasonPhrase());
            }
            exchange.answerStarted(status.code());
            if (exchange.scratch().isDraining()) {
                response.headers().set(io.vertx.core.http.HttpHeaders.CONNECTION, "close");
            }
            if (framing == AnswerHead.Framing.CLOSE) {
                // Vert.x would promise an HTTP/1.0 client to keep the connection, which is the only end of this body.
                response.headersEndHandler(
                        written -> response.headers().set(io.vertx.core.http.HttpHeaders.CONNECTION, "close"));
            }
            upload.onAnswerStarted();
        }
    }

    private void onClientDrained(UpstreamConnection from) {
        if (!over) {
            clientSlow = false;
            lastProgressNanos = forwarder.clock().nanos();
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

    private void giveConnectionBack() {
        UpstreamConnection used = connection;
        connection = null;
        if (used == null) {
            return;
        }
        if (reusable && upload.isDone()) {
            used.release(forwarder.clock().nanos());
        } else {
            used.close();
        }
    }

    private void fail(Outcome outcome) {
        if (!over) {
            over(outcome);
        }
    }

    private void over(Outcome outcome) {
        over = true;
        forwarder.remove(this);
        UpstreamConnection used = connection;
        connection = null;
        if (used != null) {
            used.close();
        }
        TargetState called = target;
        if (called != null) {
            called.onCallEnd();
        }
        upload.stop();
        if (outcome != Outcome.OK) {
            exchange.scratch().meter().count(exchange, outcome.usageClass());
            if (exchange.answerStarted() || outcome == Outcome.CLIENT_GONE) {
                BrokenConnection.breakOff(exchange.request());
            } else {
                exchange.response().headers().clear();
            }
        }
        ending.ended(exchange, outcome);
    }

    private TargetState targetOf() {
        TargetState chosen = target;
        if (chosen == null) {
            throw new IllegalStateException("no target was chosen yet");
        }
        return chosen;
    }

    private static long millis(long nanos) {
        return nanos / 1_000_000;
    }
}
