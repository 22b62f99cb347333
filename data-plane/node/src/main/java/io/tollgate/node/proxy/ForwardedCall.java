package io.tollgate.node.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.util.concurrent.ScheduledFuture;
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
import io.tollgate.node.exchange.OutcomeClass;
import io.tollgate.node.exchange.OutcomeSource;
import io.tollgate.node.exchange.RequestBody;
import io.tollgate.node.exchange.RequestTrace;
import io.tollgate.node.exchange.StreamStanding;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.ConnectionBase;
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

    private @Nullable ScheduledFuture<?> hedgeTimer;
    private @Nullable AnswerRelay answer;
    private @Nullable UpgradeRelay tunnel;
    private @Nullable Outcome insecure;
    private @Nullable StreamStanding standing;
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

    private void refuse(Outcome outcome) {
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
        int delayMillis = tries.hedgeDelayMillis();
        if (delayMillis > 0
                && !over
                && answer == null
                && !body.isPresent()
                && isHedged(exchange.request().method())) {
            hedgeTimer = forwarder.later(delayMillis, this::hedge);
        }
    }

    /** Asks one more target when those that were asked are silent; the next one after another while. */
    private void hedge() {
        hedgeTimer = null;
        if (over || answer != null) {
            return;
        }
        long nowMillis = forwarder.clock().epochMillis();
        // The budget first: a choice takes a target's turn, which is then missing for the calls that do come.
        if (tries.withdrawHedge(nowMillis)) {
            TargetState other = upstream.pick(this, nowMillis);
            if (other == null || tries.isTried(other)) {
                tries.giveBackHedge(nowMillis);
            } else {
                forwarder.counters().upstreamHedge();
                Attempt begun = attempt(other);
                begun.becomeHedge();
                if (!begun.start()) {
                    attempts.end(begun, CallResult.CANCELLED);
                }
            }
        }
        hedgeLater();
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
        exchange.upstream(from.target(), lastProgressNanos - firstAttemptNanos);
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
                && isIdempotent(exchange.request().method());
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
    private void failed(Attempt from, Outcome outcome, CallResult result) {
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
        return (tries.repeatsAnyMethod() || isIdempotent(exchange.request().method())) && upload.isRepeatable();
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
        ScheduledFuture<?> timer = hedgeTimer;
        hedgeTimer = null;
        if (timer != null) {
            timer.cancel(false);
        }
    }

    private static boolean isIdempotent(HttpMethod method) {
        return switch (method.name()) {
            case "GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE" -> true;
            default -> false;
        };
    }

    /** Reads only: a hedge is sent while the first one may still be worked on. */
    private static boolean isHedged(HttpMethod method) {
        return switch (method.name()) {
            case "GET", "HEAD", "OPTIONS" -> true;
            default -> false;
        };
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
            exchange.breakBody();
            fail(cause instanceof TooLongHttpHeaderException ? Outcome.HEADER_TOO_LARGE : Outcome.BAD_REQUEST);
        }
    }

    /** The body has become longer than its listener takes. */
    void onBodyTooLong() {
        fail(Outcome.BODY_TOO_LARGE);
    }

    void onProgress(long nowNanos) {
        lastProgressNanos = nowNanos;
    }

    void checkDeadlines(long nowNanos) {
        if (over) {
            return;
        }
        if (isPastDeadline()) {
            fail(Outcome.DEADLINE_EXCEEDED);
            return;
        }
        if (rules.callTimeoutMillis() > 0 && millis(nowNanos - startNanos) > rules.callTimeoutMillis()) {
            fail(isClientSlow() ? Outcome.CLIENT_GONE : Outcome.UPSTREAM_TIMEOUT);
            return;
        }
        if (admission.giveUp(millis(nowNanos - startNanos))) {
            refuse(Outcome.OVERLOADED);
            return;
        }
        for (Attempt attempt = attempts.newest(); attempt != null && !over; ) {
            // Kept first: an attempt that fails here leaves the list.
            Attempt after = attempt.sibling;
            checkDeadlines(attempt, nowNanos);
            attempt = after;
        }
    }

    private void checkDeadlines(Attempt attempt, long nowNanos) {
        if (!attempt.isConnected()) {
            if (millis(nowNanos - attempt.startNanos()) > rules.connectTimeoutMillis() * attempt.connects()) {
                failed(attempt, Outcome.UPSTREAM_CONNECT_TIMEOUT, CallResult.CONNECT_FAILURE);
            }
        } else if (answer != null) {
            if (millis(nowNanos - lastProgressNanos) > rules.idleTimeoutMillis()) {
                fail(isClientSlow() ? Outcome.CLIENT_GONE : Outcome.UPSTREAM_TIMEOUT);
            }
        } else if (upload.isDone()) {
            long sentNanos = body.isPresent() ? upload.doneNanos() : attempt.sentNanos();
            if (millis(nowNanos - sentNanos) > tries.headTimeoutMillis(rules.responseTimeoutMillis())) {
                failed(attempt, Outcome.UPSTREAM_TIMEOUT, CallResult.TIMEOUT);
            }
        } else if (!upload.checkContinue(nowNanos)) {
            boolean silent = millis(nowNanos - lastProgressNanos) > rules.idleTimeoutMillis();
            if (upload.waitsForUpstream()) {
                if (silent) {
                    fail(Outcome.UPSTREAM_TIMEOUT);
                }
            } else if (silent || upload.isLate(nowNanos)) {
                exchange.breakBody();
                fail(Outcome.REQUEST_TIMEOUT);
            }
        }
    }

    private boolean isClientSlow() {
        AnswerRelay going = answer;
        return going != null && going.waitsForClient();
    }

    private void onInterim(Attempt from, HttpResponse head, int code) {
        if (code == 100) {
            upload.onContinue();
        } else if (code == 101) {
            onSwitch(from, head);
        } else if (code == 103 && exchange.request().version() != HttpVersion.HTTP_1_0) {
            try {
                MultiMap hints = AnswerHead.copyInterim(head, exchange);
                if (hedgeTimer != null || attempts.isOneOfSeveral(from)) {
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

    /** The service says that it goes on as a WebSocket: so does the client's connection, if that was asked. */
    private void onSwitch(Attempt from, HttpResponse head) {
        String key = exchange.upgradeKey();
        if (key == null || !Handshake.isAccepted(head, key)) {
            onBadAnswer(from);
            return;
        }
        ByteBuf switched;
        try {
            AnswerHead.copy(head, exchange);
            switched = forwarder.switchHead().write(exchange.response().headers());
        } catch (IllegalArgumentException e) {
            onBadAnswer(from);
            return;
        }
        exchange.upstream(from.target(), lastProgressNanos - firstAttemptNanos);
        if (!(from.surrender() instanceof Http1Connection connection)
                || !(exchange.request().connection() instanceof ConnectionBase client)) {
            switched.release();
            throw new IllegalStateException("a 101 without two connections");
        }
        UpgradeRelay relay = new UpgradeRelay(this, exchange, connection);
        tunnel = relay;
        forwarder.streams(this);
        exchange.answerStarted(head.status().code());
        // Counted before it is handed over, like every answer; what follows is one stream and not a call.
        exchange.scratch().meter().count(exchange, OutcomeClass.ofUpstreamStatus(exchange.answerStatus()));
        admission.told(CallResult.SUCCESS, forwarder.clock().epochMillis());
        connection.upgrade(relay);
        relay.start(client.channel(), switched);
    }

    /** The stream is over and both of its connections are closed or about to be. */
    void onTunnelOver(Outcome outcome) {
        over(outcome);
    }

    /** Whether the stream may go on; asked twice a second. */
    void look(long nowNanos) {
        UpgradeRelay stream = tunnel;
        if (stream != null && stream.isIdle(nowNanos)) {
            stream.end(UpgradeRelay.GOING_AWAY, Outcome.STREAM_IDLE);
        } else if (isStream() && nowNanos - startNanos > Forwarder.LOOK_NANOS) {
            StreamStanding known = standing;
            if (known == null) {
                known = new StreamStanding(exchange);
                standing = known;
            }
            Outcome outcome = forwarder.judge().judge(known, nowNanos);
            if (outcome == Outcome.OK) {
                return;
            }
            if (stream != null) {
                stream.end(
                        outcome == Outcome.STREAM_REVOKED ? UpgradeRelay.POLICY_VIOLATION : UpgradeRelay.GOING_AWAY,
                        outcome);
            } else {
                fail(outcome);
            }
        }
    }

    /** Whether more than a wait is under way: an answer, an upload, or a WebSocket. */
    private boolean isStream() {
        return exchange.answerStarted() || (body.isPresent() && !upload.isDone());
    }

    private void fail(Outcome outcome) {
        if (!over) {
            // The service was told the caller's deadline, too, and may be the first to act by it.
            over(outcome.source() == OutcomeSource.UPSTREAM && isPastDeadline() ? Outcome.DEADLINE_EXCEEDED : outcome);
        }
    }

    private boolean isPastDeadline() {
        return deadlineNanos > 0 && forwarder.clock().nanos() - exchange.startNanos() > deadlineNanos;
    }

    private void over(Outcome outcome) {
        over = true;
        forwarder.remove(this, tunnel != null);
        cancelHedge();
        // A service that became a stream did what it was called for, however that ends.
        CallResult result = tunnel != null ? CallResult.SUCCESS : result(outcome);
        attempts.endAll(result);
        long nowNanos = forwarder.clock().nanos();
        if (tries.isBegun()) {
            exchange.upstreamEnded(nowNanos - firstAttemptNanos);
        }
        learn(result, nowNanos);
        admission.leave(
                tries.isBegun() ? result : CallResult.CANCELLED,
                forwarder.clock().epochMillis());
        upload.stop();
        AnswerRelay given = answer;
        if (given != null) {
            given.over();
        }
        if (outcome != Outcome.OK && tunnel == null) {
            exchange.scratch().meter().count(exchange, outcome.usageClass());
            if (exchange.answerStarted() || outcome == Outcome.CLIENT_GONE) {
                BrokenConnection.breakOff(exchange, outcome);
            } else {
                exchange.response().headers().clear();
            }
        }
        ending.ended(exchange, outcome);
    }

    /**
     * Only a good answer says how fast the service is; an overload shows itself by 429, 503, silence, and connections that are
     * refused or broken before an answer.
     */
    private void learn(CallResult result, long nowNanos) {
        AnswerRelay given = answer;
        int status = given == null ? 0 : given.status();
        boolean unanswered = given == null && result.isFailure();
        boolean dropped = unanswered || result == CallResult.TIMEOUT || status == 429 || status == 503;
        admission.learn(result == CallResult.SUCCESS && !dropped ? headLatencyNanos : -1, dropped, nowNanos);
    }

    /** How the call ended, as far as the service is concerned. */
    private CallResult result(Outcome outcome) {
        AnswerRelay given = answer;
        return switch (outcome) {
            case OK -> given != null && given.status() >= 500 ? CallResult.SERVER_ERROR : CallResult.SUCCESS;
            case UPSTREAM_CONNECT, UPSTREAM_CONNECT_TIMEOUT, UPSTREAM_UNRESOLVED, UPSTREAM_TLS, UPSTREAM_CERTIFICATE ->
                CallResult.CONNECT_FAILURE;
            case UPSTREAM_RESET, UPSTREAM_PROTOCOL -> CallResult.RESET;
            case UPSTREAM_TIMEOUT -> CallResult.TIMEOUT;
            default -> CallResult.CANCELLED;
        };
    }

    private static long millis(long nanos) {
        return nanos / 1_000_000;
    }
}
