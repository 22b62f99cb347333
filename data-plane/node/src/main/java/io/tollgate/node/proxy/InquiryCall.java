package io.tollgate.node.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.tollgate.engine.upstream.CallResult;
import io.tollgate.engine.upstream.HashRules;
import io.tollgate.engine.upstream.PickRequest;
import io.tollgate.engine.upstream.TargetState;
import io.tollgate.engine.upstream.Upstream;
import io.tollgate.node.exchange.GatewayAnswer;
import io.tollgate.node.exchange.Inquiry;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * One question on its way to a service and back. Event-loop confined.
 *
 * <p>It waits for no place and is not repeated, but for a connection that turns out to be closed. What becomes of it is the health of
 * the service that it went to, as with any call. Every way out passes {@link #over}, once.
 */
final class InquiryCall implements UpstreamListener, PickRequest {
    private static final int SWITCHING_PROTOCOLS = 101;

    private final Forwarder forwarder;
    private final Inquiry inquiry;
    private final Inquiry.Listener listener;
    private final Upstream upstream;
    private final Admission admission;
    private final StringBuilder body = new StringBuilder();
    private @Nullable ScheduledFuture<?> deadline;
    private @Nullable TargetState target;
    private @Nullable UpstreamConnection connection;
    private List<GatewayAnswer.Field> fields = List.of();
    private int status;
    private boolean tooLong;
    private boolean reusable;
    private boolean renewed;
    private boolean over;

    InquiryCall(Forwarder forwarder, Inquiry inquiry, Inquiry.Listener listener) {
        this.forwarder = forwarder;
        this.inquiry = inquiry;
        this.listener = listener;
        this.upstream = inquiry.service();
        this.admission = new Admission(upstream);
    }

    void start() {
        forwarder.counters().inquiry();
        long nowMillis = forwarder.clock().epochMillis();
        if (!upstream.enabled() || !admission.passCircuit(nowMillis) || !admission.tryEnter()) {
            failed(CallResult.CANCELLED);
            return;
        }
        TargetState chosen = upstream.pick(this, nowMillis);
        if (chosen == null) {
            failed(CallResult.CANCELLED);
            return;
        }
        target = chosen;
        chosen.onCallStart();
        deadline = forwarder.later(inquiry.timeoutMillis(), () -> failed(CallResult.TIMEOUT));
        if (!forwarder.pool().of(chosen, upstream.transport()).acquire(this)) {
            failed(CallResult.CANCELLED);
        }
    }

    /** Nobody waits for it any more. */
    void abandon() {
        if (!over) {
            over(CallResult.CANCELLED);
        }
    }

    @Override
    public boolean isOver() {
        return over;
    }

    @Override
    public int connectTimeoutMillis() {
        return (int) Math.min(upstream.rules().calls().connectTimeoutMillis(), inquiry.timeoutMillis());
    }

    @Override
    public void onConnection(UpstreamConnection given) {
        TargetState chosen = target;
        if (over || chosen == null) {
            given.release(forwarder.clock().nanos());
            return;
        }
        connection = given;
        given.begin(this, "HEAD".equals(inquiry.method()));
        HeldRequest request = HeldRequest.of(inquiry, upstream.transport().hostField(chosen));
        given.send(request);
        request.release();
    }

    @Override
    public void onConnectFailure(Throwable cause) {
        failed(CallResult.CONNECT_FAILURE);
    }

    @Override
    public void onHead(HttpResponse head) {
        int code = head.status().code();
        if (code == SWITCHING_PROTOCOLS || !AnswerHead.isFramingClear(head)) {
            failed(CallResult.RESET);
            return;
        }
        if (code < 200) {
            return;
        }
        status = code;
        try {
            fields = wanted(head);
        } catch (IllegalArgumentException e) {
            failed(CallResult.RESET);
            return;
        }
        reusable = AnswerHead.isReusable(head, "HEAD".equals(inquiry.method()));
    }

    /** The fields that matter. Throws IllegalArgumentException when one of them is not valid, and so could not be handed on. */
    private List<GatewayAnswer.Field> wanted(HttpResponse head) {
        List<GatewayAnswer.Field> wanted = new ArrayList<>();
        // Of the kind that checks names and values.
        MultiMap checked = HttpHeaders.headers();
        for (Map.Entry<String, String> field : head.headers()) {
            if (inquiry.wanted().contains(field.getKey())) {
                checked.add(field.getKey(), field.getValue());
                wanted.add(new GatewayAnswer.Field(field.getKey(), field.getValue()));
            }
        }
        return wanted;
    }

    @Override
    public void onContent(ByteBuf content) {
        if (!over) {
            if (body.length() + content.readableBytes() > inquiry.bodyBytesMax()) {
                tooLong = true;
            } else if (!tooLong) {
                body.append(content.toString(StandardCharsets.ISO_8859_1));
            }
        }
        content.release();
        if (tooLong && !over) {
            // The rest is not read: what it says is known.
            answered();
        }
    }

    @Override
    public void onLast(LastHttpContent last) {
        if (!over && last.content().isReadable()) {
            onContent(last.content().retain());
        }
        last.release();
        if (over) {
            return;
        }
        UpstreamConnection used = connection;
        if (used != null && reusable) {
            connection = null;
            used.release(forwarder.clock().nanos());
        }
        answered();
    }

    private void answered() {
        boolean failed = status >= 500;
        if (failed) {
            forwarder.counters().inquiryFailed();
        }
        over(failed ? CallResult.SERVER_ERROR : CallResult.SUCCESS);
        listener.onAnswer(new GatewayAnswer(status, fields, tooLong ? "" : body.toString()));
    }

    @Override
    public void onReadComplete() {
        // It is looked at once it is whole.
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
        TargetState chosen = target;
        if (over || chosen == null) {
            return;
        }
        connection = null;
        // The service may have closed a pooled connection before it saw the question (RFC 9112, 9.3.1).
        boolean stale = closed.isReused() && !closed.sawByte() && !"POST".equals(inquiry.method());
        if (!renewed && (stale || closed.isUnprocessed())) {
            renewed = true;
            forwarder.counters().upstreamRenewal();
            if (forwarder.pool().of(chosen, upstream.transport()).acquireFresh(this)) {
                return;
            }
        }
        failed(CallResult.RESET);
    }

    @Override
    public int hash(HashRules hash) {
        return random();
    }

    @Override
    public boolean isTried(TargetState candidate) {
        return false;
    }

    @Override
    public int random() {
        return ThreadLocalRandom.current().nextInt();
    }

    private void failed(CallResult how) {
        if (!over) {
            forwarder.counters().inquiryFailed();
            over(how);
            listener.onFailure();
        }
    }

    private void over(CallResult how) {
        over = true;
        ScheduledFuture<?> timer = deadline;
        if (timer != null) {
            timer.cancel(false);
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
        long nowMillis = forwarder.clock().epochMillis();
        if (called != null) {
            called.onCallEnd();
            upstream.onAttemptEnd(called, how, nowMillis);
        }
        admission.leave(how, nowMillis);
    }
}
