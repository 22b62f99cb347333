package io.tollgate.node.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.tollgate.engine.upstream.CallResult;
import io.tollgate.engine.upstream.CallRules;
import io.tollgate.engine.upstream.HashRules;
import io.tollgate.engine.upstream.PickRequest;
import io.tollgate.engine.upstream.Places;
import io.tollgate.engine.upstream.TargetState;
import io.tollgate.engine.upstream.Upstream;
import io.tollgate.node.exchange.ClientWatcher;
import io.tollgate.node.exchange.Ending;
import io.tollgate.node.exchange.Exchange;
import io.tollgate.node.exchange.Outcome;
import io.tollgate.node.exchange.OutcomeSource;
import io.tollgate.node.exchange.RequestBody;
import io.tollgate.node.exchange.RequestTrace;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * One call on its way to an upstream and back. Event-loop confined, but for what the queue for places calls.
 *
 * <pre>
 *   start ─▶ place ─▶ Attempt: connection ─▶ head out ─▶ body out (UploadRelay) ─┐
 *              │       ▲ ▲   │                                                   ├─▶ last byte of the answer ─▶ OK
 *         shed: 503    │ │   │                answer's head ─▶ AnswerRelay ──────┘
 *                      │ └───┴ failed before the answer's head, and may be repeated (Tries); else 502, 504
 *                      │                101: the call becomes a stream (UpgradeRelay) ─▶ either side closes, or a bound is met
 *                      └ no answer for a while: another one beside it (hedge); the first head wins, the others are cancelled
 * </pre>
 *
 * Every way out passes {@link #over}, once. Before the answer's head was handed over a failure is an outcome that the
 * request handler answers; afterwards the client's connection is broken off, so that a cut answer never looks whole.
 */
final class ForwardedCall implements ClientWatcher, PickRequest, Places.Waiter {
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
    private final Admission admission;
    private final Attempts attempts = new Attempts();
    private final RequestBody body;
    private final UploadRelay upload;
    private final Tries tries;
    private final long startNanos;
    // How long the caller waits from the start of the exchange; 0: it does not say.
    private final long deadlineNanos;

    private @Nullable Hedging hedging;
    private @Nullable AnswerRelay answer;
    private @Nullable CallStream stream;
    private @Nullable Outcome insecure;
    private boolean over;
    private long lastProgressNanos;
    private long headLatencyNanos = -1;
    private long firstAttemptNanos;

    /** Links of the forwarder's list that the call is in. */
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
        this.admission = new Admission(upstream);
        this.body = exchange.body();
        this.tries = new Tries(rules, upstream.state().retryBudget());
        this.upload = new UploadRelay(this, exchange, tries.bodyBytesMax());
        this.startNanos = forwarder.clock().nanos();
        this.deadlineNanos = exchange.deadlineNanos();
        this.lastProgressNanos = startNanos;
    }

    void start() {
        upload.hold();
        if (!admission.passCircuit(forwarder.clock().epochMillis())) {
            refuse(Outcome.CIRCUIT_OPEN);
        } else if (admission.tryEnter()) {
            begin();
        } else if (!admission.await(this, rules.priority())) {
            refuse(Outcome.OVERLOADED);
        }
    }

    @Override
    public void onPlace() {
        forwarder.execute(() -> {
            if (admission.takePlace()) {
                begin();
            }
        });
    }

    @Override
    public void onShed() {
        forwarder.execute(() -> {
            if (!over) {
                admission.giveWay();
                refuse(Outcome.OVERLOADED);
            }
        });
    }

    void refuse(Outcome outcome) {
        exchange.retryAfterSeconds(admission.retryAfterSeconds(forwarder.clock().epochMillis()));
        over(outcome);
    }

    private void begin() {
        tries.onCall(forwarder.clock().epochMillis());
        tryOnce();
    }

    private void tryOnce() {
        TargetState chosen = upstream.pick(this, forwarder.clock().epochMillis());
        if (chosen == null) {
            over(upstream.takesCalls() ? Outcome.NO_HEALTHY_TARGET : Outcome.NO_TARGET);
        } else if (insecure != null && tries.isTried(chosen)) {
            // It would show the same certificate again.
            over(insecure);
        } else if (attempt(chosen).start()) {
            hedgeLater();
        } else {
            over(Outcome.NO_TARGET);
        }
    }

    private Attempt attempt(TargetState chosen) {
        tries.begun(chosen);
        long nowNanos = forwarder.clock().nanos();
        if (tries.count() == 1) {
            firstAttemptNanos = nowNanos;
        }
        Attempt begun = new Attempt(this, chosen, nowNanos, tries.mark());
        RequestTrace trace = exchange.trace();
        if (trace != null) {
            begun.traced(trace.attempt(exchange, chosen, tries.count() - 1));
        }
        attempts.add(begun);
        exchange.upstream(chosen, 0);
        return begun;
    }

    private void hedgeLater() {
        if (tries.hedgeDelayMillis() > 0
                && !over
                && answer == null
                && !body.isPresent()
                && CallVerdict.isHedged(exchange.request().method())) {
            Hedging further = hedging;
            if (further == null) {
                further = new Hedging(this);
                hedging = further;
            }
            further.await();
        }
    }

    /** Asks this target, too. */
    void hedge(TargetState other) {
        forwarder.counters().upstreamHedge();
        Attempt begun = attempt(other);
        begun.becomeHedge();
        if (!begun.start()) {
            attempts.end(begun, CallResult.CANCELLED);
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

    boolean isOver() {
        return over;
    }

    Forwarder forwarder() {
        return forwarder;
    }

    Admission admission() {
        return admission;
    }

    Tries tries() {
        return tries;
    }

    UploadRelay upload() {
        return upload;
    }

    @Nullable
    Attempt newestAttempt() {
        return attempts.newest();
    }

    /** Whether the head of the answer is here. */
    boolean isAnswered() {
        return answer != null;
    }

    long startNanos() {
        return startNanos;
    }

    /** When anything was last read or written for it. */
    long lastProgressNanos() {
        return lastProgressNanos;
    }

    /** Since when the service of this attempt has had the whole request; only once the upload is done. */
    long wholeRequestNanos(Attempt attempt) {
        return body.isPresent() ? upload.doneNanos() : attempt.sentNanos();
    }

    void onConnection(Attempt connected, UpstreamConnection given) {
        long nowNanos = connected.sentNanos();
        lastProgressNanos = nowNanos;
        given.begin(connected, HttpMethod.HEAD.equals(exchange.request().method()));
        exchange.markedAttempt(connected.mark());
        if (deadlineNanos > 0) {
            exchange.tellTimeout(timeLeftNanos(nowNanos));
        }
        exchange.tellTrace(connected.trace());
        given.send(
                forwarder.requestHead(),
                exchange,
                upstream,
                upstream.transport().hostField(connected.target()));
        upload.start(given, nowNanos);
    }

    /** What is left of the caller's time, or of the route's where that is less; at least 1. */
    private long timeLeftNanos(long nowNanos) {
        long left = deadlineNanos - (nowNanos - exchange.startNanos());
        if (rules.callTimeoutMillis() > 0) {
            left = Math.min(left, rules.callTimeoutMillis() * 1_000_000 - (nowNanos - startNanos));
        }
        return Math.max(1, left);
    }

    void onConnectFailure(Attempt from, Throwable cause) {
        Outcome outcome = ConnectFailure.outcome(cause);
        if (outcome == Outcome.UPSTREAM_TLS || outcome == Outcome.UPSTREAM_CERTIFICATE) {
            insecure = outcome;
        }
        failed(from, outcome, CallResult.CONNECT_FAILURE);
    }

    /** The head of an answer, also of an interim one. */
    void onHead(Attempt from, HttpResponse head) {
        lastProgressNanos = forwarder.clock().nanos();
        int code = head.status().code();
        if (code < 200) {
            onInterim(from, head, code);
            return;
        }
        if (tries.repeats(code) && mayRepeat()) {
            CallResult result = code >= 500 ? CallResult.SERVER_ERROR : CallResult.SUCCESS;
            if (attempts.isOneOfSeveral(from)) {
                attempts.end(from, result);
                return;
            }
            if (withdraw()) {
                repeat(from, result);
                return;
            }
        }
        onAnswered(from);
        if (!AnswerHead.isFramingClear(head)) {
            onBadAnswer(from);
            return;
        }
        cancelHedge();
        if (from.isHedge()) {
            forwarder.counters().upstreamHedgeWon();
        }
        attempts.settle(from);
        headLatencyNanos = headLatencyNanos(from);
        try {
            passHeldHints(from);
            answer = new AnswerRelay(this, exchange, head);
        } catch (IllegalArgumentException e) {
            fail(Outcome.UPSTREAM_PROTOCOL);
        }
    }

    /** The head of this one's answer is here. */
    void onAnswered(Attempt from) {
        exchange.upstream(from.target(), lastProgressNanos - firstAttemptNanos);
    }

    /** How long the service took once it had the request; below 0 when it did not wait for the client's last byte. */
    private long headLatencyNanos(Attempt from) {
        if (!body.isPresent()) {
            return lastProgressNanos - from.sentNanos();
        }
        return upload.isDone() ? lastProgressNanos - upload.doneNanos() : -1;
    }

    void onContent(Attempt from, ByteBuf content) {
        AnswerRelay to = answer;
        if (to == null) {
            content.release();
            return;
        }
        lastProgressNanos = forwarder.clock().nanos();
        to.content(content, from);
    }

    void onLast(Attempt from, LastHttpContent last) {
        AnswerRelay to = answer;
        if (to == null) {
            last.release();
            return;
        }
        try {
            to.last(last, from, upload.isDone());
        } catch (IllegalArgumentException e) {
            // A trailer that is none.
            fail(Outcome.UPSTREAM_PROTOCOL);
            return;
        }
        over(Outcome.OK);
    }

    /** What came was all for now: a head without a body so far goes on at once. */
    void onReadComplete() {
        AnswerRelay to = answer;
        if (to != null) {
            to.sendHead();
        }
    }

    void onBadAnswer(Attempt from) {
        if (answer == null && attempts.isOneOfSeveral(from)) {
            attempts.end(from, CallResult.RESET);
        } else {
            fail(Outcome.UPSTREAM_PROTOCOL);
        }
    }

    void onUpstreamWritable() {
        upload.onUpstreamWritable();
    }

    void onUpstreamClosed(Attempt from, boolean unprocessed) {
        failed(from, Outcome.UPSTREAM_RESET, CallResult.RESET, unprocessed);
    }

    /** The head of the answer goes to the client. */
    void onAnswerStarted() {
        upload.onAnswerStarted();
    }

    /** Whether the request may be sent again over a fresh connection when a pooled one turns out to be closed. */
    boolean mayRenew() {
        return answer == null
                && !body.isPresent()
                && CallVerdict.isIdempotent(exchange.request().method());
    }

    /** The same when the upstream said that it did nothing with it; the body waits then. */
    boolean renewUnprocessed() {
        if (answer != null || !upload.isRepeatable()) {
            return false;
        }
        upload.detach();
        return true;
    }

    /** An attempt failed before an answer came: others are under way, or it is repeated, or that is how the call ends. */
    void failed(Attempt from, Outcome outcome, CallResult result) {
        failed(from, outcome, result, result == CallResult.CONNECT_FAILURE);
    }

    /** @param untouched whether the service did nothing with the request: then any method may be repeated */
    private void failed(Attempt from, Outcome outcome, CallResult result, boolean untouched) {
        if (over || answer != null || isPastDeadline()) {
            fail(outcome);
        } else if (attempts.isOneOfSeveral(from)) {
            attempts.end(from, result);
        } else if (tries.repeats(result) && (untouched ? upload.isRepeatable() : mayRepeat()) && withdraw()) {
            repeat(from, result);
        } else {
            fail(outcome);
        }
    }

    /** Whether the request may reach the service a second time, and can be sent again whole. */
    private boolean mayRepeat() {
        return (tries.repeatsAnyMethod()
                        || CallVerdict.isIdempotent(exchange.request().method()))
                && upload.isRepeatable();
    }

    private boolean withdraw() {
        return tries.withdraw(forwarder.clock().epochMillis());
    }

    private void repeat(Attempt failed, CallResult result) {
        // The silence that a hedge waits for is that of the attempt that follows.
        cancelHedge();
        attempts.end(failed, result);
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

    private void cancelHedge() {
        if (hedging != null) {
            hedging.cancel();
        }
    }

    @Override
    public void onClientGone() {
        fail(Outcome.CLIENT_GONE);
    }

    /** The client's connection broke inside its body, or what it sent there is no HTTP. */
    void onUploadBroken(Throwable cause) {
        boolean unread = cause instanceof DecoderException || cause instanceof IllegalArgumentException;
        if (!unread) {
            onClientGone();
        } else {
            breakBody(cause instanceof TooLongHttpHeaderException ? Outcome.HEADER_TOO_LARGE : Outcome.BAD_REQUEST);
        }
    }

    /** Nothing more of the request's body is read. */
    void breakBody(Outcome outcome) {
        exchange.breakBody();
        fail(outcome);
    }

    /** The body has become longer than its listener takes. */
    void onBodyTooLong() {
        fail(Outcome.BODY_TOO_LARGE);
    }

    /** The body is not the one whose digest was signed. */
    void onBodyWrong() {
        fail(Outcome.CONTENT_DIGEST_WRONG);
    }

    void onProgress(long nowNanos) {
        lastProgressNanos = nowNanos;
    }

    void checkDeadlines(long nowNanos) {
        if (!over) {
            Deadlines.check(this, nowNanos);
        }
    }

    boolean isClientSlow() {
        AnswerRelay going = answer;
        return going != null && going.waitsForClient();
    }

    private void onInterim(Attempt from, HttpResponse head, int code) {
        if (code == 100) {
            upload.onContinue();
        } else if (code == 101) {
            if (!stream().becomeTunnel(from, head)) {
                onBadAnswer(from);
            }
        } else if (code == 103 && exchange.request().version() != HttpVersion.HTTP_1_0) {
            try {
                MultiMap hints = AnswerHead.copyInterim(head, exchange);
                if ((hedging != null && hedging.isAwaited()) || attempts.isOneOfSeveral(from)) {
                    from.holdHints(hints);
                } else {
                    passHeldHints(from);
                    exchange.response().writeEarlyHints(hints);
                }
            } catch (IllegalArgumentException e) {
                onBadAnswer(from);
            }
        }
    }

    /** What an attempt said before its answer reaches the client once it cannot lose to another any more. */
    private void passHeldHints(Attempt winner) {
        List<MultiMap> held = winner.takeHints();
        if (held != null) {
            held.forEach(exchange.response()::writeEarlyHints);
        }
    }

    /** The stream is over and both of its connections are closed or about to be. */
    void onTunnelOver(Outcome outcome) {
        over(outcome);
    }

    /** Whether it may go on, if it has become a stream; asked twice a second. */
    void look(long nowNanos) {
        if (isStream() && nowNanos - startNanos > Forwarder.LOOK_NANOS) {
            stream().look(nowNanos);
        }
    }

    private CallStream stream() {
        CallStream going = stream;
        if (going == null) {
            going = new CallStream(this, exchange);
            stream = going;
        }
        return going;
    }

    private boolean isTunnel() {
        return stream != null && stream.isTunnel();
    }

    /** Whether more than a wait is under way: an answer, an upload, or a WebSocket. */
    private boolean isStream() {
        return exchange.answerStarted() || (body.isPresent() && !upload.isDone());
    }

    void fail(Outcome outcome) {
        if (!over) {
            // The service was told the caller's deadline, too, and may be the first to act by it.
            over(outcome.source() == OutcomeSource.UPSTREAM && isPastDeadline() ? Outcome.DEADLINE_EXCEEDED : outcome);
        }
    }

    boolean isPastDeadline() {
        return deadlineNanos > 0 && forwarder.clock().nanos() - exchange.startNanos() > deadlineNanos;
    }

    private void over(Outcome outcome) {
        over = true;
        boolean tunnel = isTunnel();
        forwarder.remove(this, tunnel);
        cancelHedge();
        AnswerRelay given = answer;
        int status = given == null ? 0 : given.status();
        // A service that became a stream did what it was called for, however that ends.
        CallResult result = tunnel ? CallResult.SUCCESS : CallVerdict.of(outcome, status);
        attempts.endAll(result);
        long nowNanos = forwarder.clock().nanos();
        if (tries.isBegun()) {
            exchange.upstreamEnded(nowNanos - firstAttemptNanos);
        }
        // Only a good answer says how fast the service is.
        boolean dropped = CallVerdict.isOverload(result, status);
        admission.learn(result == CallResult.SUCCESS && !dropped ? headLatencyNanos : -1, dropped, nowNanos);
        admission.leave(
                tries.isBegun() ? result : CallResult.CANCELLED,
                forwarder.clock().epochMillis());
        upload.stop();
        if (given != null) {
            given.over();
        }
        if (outcome != Outcome.OK && !tunnel) {
            exchange.scratch().meter().count(exchange, outcome.usageClass());
            if (exchange.answerStarted() || outcome == Outcome.CLIENT_GONE) {
                BrokenConnection.breakOff(exchange, outcome);
            } else {
                exchange.response().headers().clear();
            }
        }
        ending.ended(exchange, outcome);
    }
}
