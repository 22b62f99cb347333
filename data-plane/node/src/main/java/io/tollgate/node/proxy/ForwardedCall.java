package io.tollgate.node.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.tollgate.engine.upstream.CallResult;
import io.tollgate.engine.upstream.CallRules;
import io.tollgate.engine.upstream.CircuitBreaker.Permit;
import io.tollgate.engine.upstream.CircuitRules;
import io.tollgate.engine.upstream.HashRules;
import io.tollgate.engine.upstream.LimitRules;
import io.tollgate.engine.upstream.PickRequest;
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
import java.net.UnknownHostException;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * One call on its way to an upstream and back. Event-loop confined.
 *
 * <pre>
 *   start ─▶ place ─▶ Attempt: connection ─▶ head out ─▶ body out (UploadRelay) ─┐
 *              │         ▲   │                                                   ├─▶ last byte of the answer ─▶ OK
 *         shed: 503      │   │                           answer's head ─▶ body back ┘
 *                        └───┴ failed before the answer's head, and may be repeated (Tries); else 502, 504
 * </pre>
 *
 * Every way out passes {@link #over}, once. Before the answer's head was handed over a failure is an outcome that the
 * request handler answers; afterwards the client's connection is broken off, so that a cut answer never looks whole.
 */
final class ForwardedCall implements ClientWatcher, PickRequest, WaitingCalls.Waiter {
    /**
     * What is to be forwarded, and how. Immutable.
     *
     * @param rules of the route
     * @param ending is told how the call ended
     */
    record Order(Exchange exchange, Upstream upstream, CallRules rules, Ending ending) {}

    private final Forwarder forwarder;
    private final Exchange exchange;
    private final Upstream upstream;
    private final CallRules rules;
    private final Ending ending;
    private final RequestBody body;
    private final UploadRelay upload;
    private final Tries tries;
    private final long startNanos;

    private @Nullable Attempt attempt;
    private Permit permit = Permit.PERMITTED;
    private boolean permitted;
    private boolean entered;
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

    ForwardedCall(Forwarder forwarder, Order order) {
        this.forwarder = forwarder;
        this.exchange = order.exchange();
        this.upstream = order.upstream();
        this.rules = order.rules();
        this.ending = order.ending();
        this.body = exchange.body();
        this.tries = new Tries(rules.retry(), upstream.state().retryBudget());
        this.upload = new UploadRelay(this, exchange, tries.bodyBytesMax());
        this.startNanos = forwarder.clock().nanos();
        this.lastProgressNanos = startNanos;
    }

    void start() {
        upload.hold();
        CircuitRules circuit = upstream.rules().circuit();
        if (circuit != null) {
            long nowMillis = forwarder.clock().epochMillis();
            permit = upstream.state().circuit().tryAcquire(circuit, nowMillis);
            if (permit == Permit.REFUSED) {
                exchange.retryAfterSeconds(
                        Math.max(1, (upstream.state().circuit().openForMillis(nowMillis) + 999) / 1000));
                over(Outcome.CIRCUIT_OPEN);
                return;
            }
            permitted = true;
        }
        LimitRules limit = upstream.rules().limit();
        if (limit == null || forwarder.tryEnter(this)) {
            enter();
        } else if (!forwarder.await(this, limit)) {
            shed();
        }
    }

    @Override
    public boolean tryEnter() {
        LimitRules limit = upstream.rules().limit();
        return limit == null || upstream.state().tryEnter(limit.callsMax());
    }

    @Override
    public void enter() {
        entered = upstream.rules().limit() != null;
        tries.onCall(forwarder.clock().epochMillis());
        tryOnce();
    }

    @Override
    public boolean isLate(long nowNanos) {
        LimitRules limit = upstream.rules().limit();
        return limit != null && millis(nowNanos - startNanos) > limit.queueTimeoutMillis();
    }

    @Override
    public void shed() {
        LimitRules limit = upstream.rules().limit();
        exchange.retryAfterSeconds(limit == null ? 1 : limit.retryAfterSeconds());
        over(Outcome.OVERLOADED);
    }

    private void tryOnce() {
        TargetState chosen = upstream.pick(this, forwarder.clock().epochMillis());
        if (chosen == null) {
            over(upstream.takesCalls() ? Outcome.NO_HEALTHY_TARGET : Outcome.NO_TARGET);
            return;
        }
        Attempt begun = new Attempt(this, chosen, forwarder.clock().nanos());
        attempt = begun;
        tries.begun(chosen);
        exchange.markedAttempt(tries.mark());
        exchange.upstream(chosen, 0);
        if (!begun.start()) {
            over(Outcome.NO_TARGET);
        }
    }

    @Override
    public int hash(HashRules hash) {
        return CallHash.of(exchange, hash);
    }

    @Override
    public boolean isTried(TargetState target) {
        return tries.isTried(target);
    }

    @Override
    public int random() {
        return ThreadLocalRandom.current().nextInt();
    }

    CallRules rules() {
        return rules;
    }

    Upstream upstream() {
        return upstream;
    }

    @Override
    public boolean isOver() {
        return over;
    }

    void onConnection(Attempt connected, UpstreamConnection given) {
        long nowNanos = forwarder.clock().nanos();
        lastProgressNanos = nowNanos;
        given.begin(connected, HttpMethod.HEAD.equals(exchange.request().method()));
        TargetConnections home = forwarder.pool().of(connected.target());
        ByteBuf bytes = forwarder
                .requestHead()
                .write(exchange, upstream, home.hostField(), body)
                .toBuffer(given.channel().alloc());
        given.writeAndFlush(bytes);
        upload.start(given, nowNanos);
    }

    void onConnectFailure(Throwable cause) {
        Outcome outcome = cause instanceof ConnectTimeoutException
                ? Outcome.UPSTREAM_CONNECT_TIMEOUT
                : cause instanceof UnknownHostException ? Outcome.UPSTREAM_UNRESOLVED : Outcome.UPSTREAM_CONNECT;
        failed(outcome, CallResult.CONNECT_FAILURE);
    }

    /** The head of an answer, also of an interim one. */
    void onHead(HttpResponse head) {
        lastProgressNanos = forwarder.clock().nanos();
        int code = head.status().code();
        if (code < 200) {
            onInterim(head, code);
            return;
        }
        Attempt answering = attemptAtHand();
        exchange.upstream(answering.target(), lastProgressNanos - startNanos);
        if (tries.repeats(code) && mayRepeat() && withdraw()) {
            repeat(code >= 500 ? CallResult.SERVER_ERROR : CallResult.SUCCESS);
            return;
        }
        headCame = true;
        status = head.status();
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
            Attempt from = attemptAtHand();
            from.pause();
            response.drainHandler(drained -> onClientDrained(from));
        }
    }

    void onLast(LastHttpContent last) {
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
        attemptAtHand().release(reusable && upload.isDone());
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

    void onUpstreamClosed() {
        failed(Outcome.UPSTREAM_RESET, CallResult.RESET);
    }

    /** Whether the request may be sent again over a fresh connection when a pooled one turns out to be closed. */
    boolean mayRenew() {
        return !headCame && !body.isPresent() && isIdempotent(exchange.request().method());
    }

    /** The attempt failed before an answer came: it is repeated, or that is how the call ends. */
    private void failed(Outcome outcome, CallResult result) {
        boolean untouched = result == CallResult.CONNECT_FAILURE;
        if (!over && !headCame && tries.repeats(result) && (untouched || mayRepeat()) && withdraw()) {
            repeat(result);
        } else {
            fail(outcome);
        }
    }

    /** Whether the request may reach the service a second time, and can be sent again whole. */
    private boolean mayRepeat() {
        return (tries.repeatsAnyMethod() || isIdempotent(exchange.request().method())) && upload.isRepeatable();
    }

    private boolean withdraw() {
        return tries.withdraw(forwarder.clock().epochMillis());
    }

    private void repeat(CallResult result) {
        attemptAtHand().end(result);
        attempt = null;
        upload.detach();
        forwarder.counters().upstreamRetry();
        long waitMillis = tries.backoffMillis(random());
        if (waitMillis == 0) {
            tryOnce();
        } else {
            forwarder.later(waitMillis, () -> {
                if (!over) {
                    tryOnce();
                }
            });
        }
    }

    private static boolean isIdempotent(HttpMethod method) {
        return switch (method.name()) {
            case "GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE" -> true;
            default -> false;
        };
    }

    @Override
    public void onClientGone() {
        fail(Outcome.CLIENT_GONE);
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
        if (rules.callTimeoutMillis() > 0 && millis(nowNanos - startNanos) > rules.callTimeoutMillis()) {
            fail(clientSlow ? Outcome.CLIENT_GONE : Outcome.UPSTREAM_TIMEOUT);
            return;
        }
        Attempt current = attempt;
        if (current == null) {
            return;
        }
        if (!current.isConnected()) {
            if (millis(nowNanos - current.startNanos()) > rules.connectTimeoutMillis() * current.connects()) {
                failed(Outcome.UPSTREAM_CONNECT_TIMEOUT, CallResult.CONNECT_FAILURE);
            }
        } else if (headCame) {
            if (millis(nowNanos - lastProgressNanos) > rules.idleTimeoutMillis()) {
                fail(clientSlow ? Outcome.CLIENT_GONE : Outcome.UPSTREAM_TIMEOUT);
            }
        } else if (upload.isDone()) {
            if (millis(nowNanos - upload.doneNanos()) > tries.headTimeoutMillis(rules.responseTimeoutMillis())) {
                failed(Outcome.UPSTREAM_TIMEOUT, CallResult.TIMEOUT);
            }
        } else if (!upload.checkContinue(nowNanos)
                && millis(nowNanos - lastProgressNanos) > rules.idleTimeoutMillis()) {
            fail(upload.waitsForUpstream() ? Outcome.UPSTREAM_TIMEOUT : Outcome.CLIENT_GONE);
        }
    }

    private void onInterim(HttpResponse head, int code) {
        if (code == 100) {
            upload.onContinue();
        } else if (code == 101) {
            fail(Outcome.UPSTREAM_PROTOCOL);
        } else if (code == 103 && exchange.request().version() == HttpVersion.HTTP_1_1) {
            try {
                exchange.response().writeEarlyHints(AnswerHead.copyInterim(head, exchange));
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

    private void onClientDrained(Attempt from) {
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

    private void fail(Outcome outcome) {
        if (!over) {
            over(outcome);
        }
    }

    private void over(Outcome outcome) {
        over = true;
        forwarder.remove(this);
        long nowMillis = forwarder.clock().epochMillis();
        CallResult result = result(outcome);
        Attempt last = attempt;
        if (last != null) {
            last.end(result);
        }
        CircuitRules circuit = upstream.rules().circuit();
        if (permitted && circuit != null) {
            upstream.state()
                    .circuit()
                    .onEnd(circuit, permit, tries.isBegun() ? result : CallResult.CANCELLED, nowMillis);
        }
        if (entered) {
            forwarder.leave(upstream);
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

    /** How the call ended, as far as the service is concerned. */
    private CallResult result(Outcome outcome) {
        return switch (outcome) {
            case OK -> status.code() >= 500 ? CallResult.SERVER_ERROR : CallResult.SUCCESS;
            case UPSTREAM_CONNECT, UPSTREAM_CONNECT_TIMEOUT, UPSTREAM_UNRESOLVED -> CallResult.CONNECT_FAILURE;
            case UPSTREAM_RESET, UPSTREAM_PROTOCOL -> CallResult.RESET;
            case UPSTREAM_TIMEOUT -> CallResult.TIMEOUT;
            default -> CallResult.CANCELLED;
        };
    }

    private Attempt attemptAtHand() {
        Attempt current = attempt;
        if (current == null) {
            throw new IllegalStateException("nothing is being tried");
        }
        return current;
    }

    private static long millis(long nanos) {
        return nanos / 1_000_000;
    }
}
