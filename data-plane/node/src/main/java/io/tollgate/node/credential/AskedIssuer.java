package io.tollgate.node.credential;

import io.tollgate.engine.token.IntrospectionAnswer;
import io.tollgate.engine.token.TokenIssuer;
import io.tollgate.engine.token.TokenIssuers;
import io.tollgate.engine.token.TokenJudge;
import io.tollgate.engine.token.TokenVerdict;
import io.tollgate.node.exchange.Clock;
import io.tollgate.node.exchange.Finding;
import io.tollgate.node.exchange.Outcome;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * One issuer that is asked about its tokens: each question is on its way once, however many calls wait for its answer. Confined to one event
 * loop, but for {@link #ask}.
 */
final class AskedIssuer {
    /** Questions on their way; with all connections busy, the last of these waits some hundred milliseconds. */
    static final int QUESTIONS_MAX = 1_024;
    /** Calls that wait for an answer, of whatever question. */
    static final int WAITING_MAX = 8_192;
    /** From when nobody asks by this configuration any more: longer than one takes from being known to being served. */
    private static final long LINGER_MILLIS = 10_000;
    /** That it cannot be asked is said so often at most. */
    private static final long WARNING_MILLIS_MIN = 10_000;

    private static final Logger LOG = System.getLogger(AskedIssuer.class.getName());

    private final TokenIssuer.Keys.Asked asked;
    private final IntrospectionCall call;
    private final Means means;
    private final Map<IntrospectionQuestion, List<Consumer<Finding>>> waiting = new HashMap<>();
    private int callsWaiting;
    private boolean stopped;
    private long warnedAtMillis = Long.MIN_VALUE;

    AskedIssuer(TokenIssuer issuer, IntrospectionCall call, Means means) {
        this.asked = (TokenIssuer.Keys.Asked) issuer.keys();
        this.call = call;
        this.means = means;
    }

    /** What all of them have in common. */
    record Means(Context loop, Clock clock, TokenCache cache, IntrospectionCounts counts) {}

    TokenIssuer.Keys.Asked asked() {
        return asked;
    }

    /** Asks; {@code told} hears of it once, on any thread and in bounded time. */
    void ask(IntrospectionQuestion question, TokenIssuers issuers, Consumer<Finding> told) {
        means.loop().runOnContext(now -> join(question, issuers, told));
    }

    /** Nobody will ask soon: what is asked already is answered, and so is what a call of the configuration before still asks. */
    void stop() {
        means.loop()
                .runOnContext(now -> means.loop().owner().setTimer(LINGER_MILLIS, timer -> {
                    stopped = true;
                    closeIfIdle();
                }));
    }

    private void closeIfIdle() {
        if (stopped && waiting.isEmpty()) {
            call.close();
        }
    }

    private static Finding unavailable() {
        return Refusal.of(Outcome.INTROSPECTION_UNAVAILABLE);
    }

    private void join(IntrospectionQuestion question, TokenIssuers issuers, Consumer<Finding> told) {
        List<Consumer<Finding>> others = waiting.get(question);
        if (stopped) {
            told.accept(unavailable());
            return;
        }
        if (callsWaiting >= WAITING_MAX || (others == null && waiting.size() >= QUESTIONS_MAX)) {
            means.counts().refused.increment();
            told.accept(Refusal.of(Outcome.CHECKS_BUSY));
            return;
        }
        callsWaiting++;
        if (others != null) {
            others.add(told);
            return;
        }
        List<Consumer<Finding>> first = new ArrayList<>(1);
        first.add(told);
        waiting.put(question, first);
        means.counts().asked.incrementAndGet();
        // Composed, so that it also fails when it cannot even be begun.
        Future.succeededFuture().compose(now -> call.ask(question.token())).onComplete(answer -> {
            means.counts().asked.decrementAndGet();
            tell(question, finding(question, issuers, answer));
        });
    }

    /** Whatever happens, there is one: somebody waits for it. */
    private Finding finding(
            IntrospectionQuestion question, TokenIssuers issuers, AsyncResult<IntrospectionCall.Answered> answer) {
        try {
            return answer.succeeded() ? take(question, issuers, answer.result()) : failed(answer.cause());
        } catch (RuntimeException bug) {
            LOG.log(Level.ERROR, "event=introspection-check-failed", bug);
            return Refusal.of(Outcome.INTERNAL);
        }
    }

    private void tell(IntrospectionQuestion question, Finding finding) {
        List<Consumer<Finding>> all = waiting.remove(question);
        if (all != null) {
            callsWaiting -= all.size();
            all.forEach(one -> one.accept(finding));
        }
        closeIfIdle();
    }

    private Finding take(IntrospectionQuestion question, TokenIssuers issuers, IntrospectionCall.Answered answered) {
        IntrospectionAnswer answer = answered.answer();
        (answer.active() ? means.counts().active : means.counts().inactive).increment();
        TokenIssuer issuer = question.issuer();
        long nowMillis = means.clock().epochMillis();
        TokenVerdict verdict = TokenJudge.answer(answer, issuer, nowMillis);
        if (verdict instanceof TokenVerdict.Valid valid) {
            KnownToken good = new KnownToken(
                    valid.token(),
                    null,
                    answered.bytes(),
                    nowMillis + asked.how().cacheMillis());
            means.cache().put(question.digest(), good);
            return good;
        }
        Outcome outcome = TokenChecks.outcome(((TokenVerdict.Refused) verdict).fault());
        Duration kept = Duration.ofMillis(asked.how().inactiveCacheMillis());
        means.cache().put(question.digest(), new TokenCache.Bad(outcome, issuers, issuer, null, kept));
        return Refusal.of(outcome);
    }

    /** Nothing is remembered of it: what cannot be found out now may be the next moment. */
    private Finding failed(Throwable failure) {
        means.counts().failed.increment();
        long nowMillis = means.clock().epochMillis();
        if (warnedAtMillis == Long.MIN_VALUE || nowMillis - warnedAtMillis >= WARNING_MILLIS_MIN) {
            warnedAtMillis = nowMillis;
            LOG.log(
                    Level.WARNING,
                    "event=introspection-failed url=" + asked.how().url() + " detail=\"" + failure.getMessage() + '"');
        }
        return unavailable();
    }
}
