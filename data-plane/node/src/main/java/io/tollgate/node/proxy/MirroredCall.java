package io.tollgate.node.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.tollgate.engine.action.Mirror;
import io.tollgate.engine.upstream.CallResult;
import io.tollgate.engine.upstream.CallRules;
import io.tollgate.engine.upstream.HashRules;
import io.tollgate.engine.upstream.PickRequest;
import io.tollgate.engine.upstream.TargetState;
import io.tollgate.engine.upstream.Upstream;
import io.tollgate.node.exchange.BodyTap;
import io.tollgate.node.exchange.Exchange;
import io.tollgate.node.exchange.RequestBody;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.internal.buffer.BufferInternal;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * A copy of one call on its way to another service. Event-loop confined.
 *
 * <pre>
 *   head written ─▶ body collected as it passes ─▶ connection ─▶ all of it out ─▶ answer read and forgotten
 * </pre>
 *
 * It never asks the client for anything, so it cannot slow the call; nobody is told how it ends, but for a counter and the
 * health of the service that it went to. It is sent at most once, and not at all when that service has no place for it or
 * its circuit is open. Every way out passes {@link #over}, once.
 */
final class MirroredCall implements UpstreamListener, BodyTap, PickRequest {
    private final Mirrors mirrors;
    private final Exchange exchange;
    private final Mirror mirror;
    private final Upstream upstream;
    private final Admission admission;
    private final RequestBody body;
    private final boolean headOnly;
    private final long deadlineNanos;
    private @Nullable TargetState target;
    private @Nullable UpstreamConnection connection;
    private @Nullable HeldRequest message;
    private int held;
    private long bodyBytes;
    private boolean collecting;
    private boolean reusable;
    private boolean over;
    private CallResult result = CallResult.RESET;

    MirroredCall(Mirrors mirrors, Exchange exchange, Mirror mirror) {
        this.mirrors = mirrors;
        this.exchange = exchange;
        this.mirror = mirror;
        this.upstream = mirror.upstream();
        this.admission = new Admission(upstream);
        this.body = exchange.body();
        this.headOnly = HttpMethod.HEAD.equals(exchange.request().method());
        CallRules rules = upstream.rules().calls();
        long millis = rules.connectTimeoutMillis() + rules.responseTimeoutMillis() + rules.idleTimeoutMillis();
        this.deadlineNanos = mirrors.forwarder().clock().nanos() + millis * 1_000_000;
    }

    void start() {
        long nowMillis = mirrors.forwarder().clock().epochMillis();
        // A copy waits for no place.
        if (!admission.passCircuit(nowMillis) || !admission.tryEnter()) {
            skipped();
            return;
        }
        TargetState chosen = upstream.pick(this, nowMillis);
        if (chosen == null) {
            failed(CallResult.CANCELLED);
            return;
        }
        target = chosen;
        chosen.onCallStart();
        HeldRequest request = new HeldRequest(
                mirrors.forwarder().requestHead(),
                exchange,
                upstream,
                upstream.transport().hostField(chosen));
        message = request;
        if (!holdMore(request.headBytes())) {
            return;
        }
        if (body.isPresent()) {
            collecting = true;
            exchange.tapBody(this);
        } else {
            send();
        }
    }

    void checkDeadline(long nowNanos) {
        if (collecting && exchange.isOver()) {
            failed(CallResult.CANCELLED);
        } else if (nowNanos - deadlineNanos > 0) {
            failed(connection == null ? CallResult.CANCELLED : CallResult.TIMEOUT);
        }
    }

    @Override
    public void onBytes(Buffer bytes) {
        HeldRequest to = message;
        if (over || to == null) {
            return;
        }
        bodyBytes += bytes.length();
        if (bodyBytes > mirror.bodyBytesMax()) {
            skipped();
            return;
        }
        if (!holdMore(bytes.length())) {
            return;
        }
        // Copied: the call itself takes what it reads.
        to.append(((BufferInternal) bytes).getByteBuf());
    }

    @Override
    public void onEnd() {
        if (over || message == null) {
            return;
        }
        collecting = false;
        send();
    }

    @Override
    public boolean isOver() {
        return over;
    }

    @Override
    public int connectTimeoutMillis() {
        return (int) upstream.rules().calls().connectTimeoutMillis();
    }

    @Override
    public void onConnection(UpstreamConnection given) {
        HeldRequest out = message;
        if (over || out == null) {
            given.release(mirrors.forwarder().clock().nanos());
            return;
        }
        message = null;
        mirrors.letGo(held);
        held = 0;
        mirrors.forwarder().counters().mirror();
        connection = given;
        given.begin(this, headOnly);
        given.send(out);
        out.release();
    }

    @Override
    public void onConnectFailure(Throwable cause) {
        failed(CallResult.CONNECT_FAILURE);
    }

    @Override
    public void onHead(HttpResponse head) {
        int status = head.status().code();
        if (status == 101) {
            failed(CallResult.RESET);
            return;
        }
        if (status >= 200) {
            result = status >= 500 ? CallResult.SERVER_ERROR : CallResult.SUCCESS;
        }
        reusable = AnswerHead.isReusable(head, headOnly);
    }

    @Override
    public void onContent(ByteBuf content) {
        content.release();
    }

    @Override
    public void onLast(LastHttpContent last) {
        last.release();
        UpstreamConnection used = connection;
        connection = null;
        if (used != null && reusable) {
            used.release(mirrors.forwarder().clock().nanos());
        } else if (used != null) {
            used.close();
        }
        over(result);
    }

    @Override
    public void onReadComplete() {
        // Its answer goes nowhere.
    }

    @Override
    public void onBadAnswer() {
        failed(CallResult.RESET);
    }

    @Override
    public void onUpstreamWritable() {
        // All of it is handed over at once.
    }

    @Override
    public void onUpstreamClosed(UpstreamConnection closed) {
        connection = null;
        failed(CallResult.RESET);
    }

    @Override
    public int hash(HashRules hash) {
        return CallHash.of(exchange, hash);
    }

    @Override
    public boolean isTried(TargetState candidate) {
        return false;
    }

    @Override
    public int random() {
        return ThreadLocalRandom.current().nextInt();
    }

    private void send() {
        TargetState chosen = target;
        if (chosen != null
                && !mirrors.forwarder().pool().of(chosen, upstream.transport()).acquire(this)) {
            skipped();
        }
    }

    private boolean holdMore(int bytes) {
        if (mirrors.hold(bytes)) {
            held += bytes;
            return true;
        }
        skipped();
        return false;
    }

    private void skipped() {
        if (!over) {
            mirrors.forwarder().counters().mirrorSkipped();
            over(CallResult.CANCELLED);
        }
    }

    private void failed(CallResult how) {
        if (!over) {
            mirrors.forwarder().counters().mirrorFailed();
            over(how);
        }
    }

    private void over(CallResult how) {
        over = true;
        collecting = false;
        mirrors.remove(this);
        mirrors.letGo(held);
        held = 0;
        HeldRequest unsent = message;
        message = null;
        if (unsent != null) {
            unsent.release();
        }
        UpstreamConnection used = connection;
        connection = null;
        if (used != null) {
            if (how == CallResult.TIMEOUT) {
                used.suspect();
            }
            used.close();
        }
        TargetState called = target;
        target = null;
        long nowMillis = mirrors.forwarder().clock().epochMillis();
        if (called != null) {
            called.onCallEnd();
            upstream.onAttemptEnd(called, how, nowMillis);
        }
        admission.leave(how, nowMillis);
    }
}
