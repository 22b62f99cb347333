package io.tollgate.node.proxy;

import io.tollgate.engine.upstream.CallResult;
import io.tollgate.engine.upstream.CallRules;
import io.tollgate.node.exchange.Outcome;

/**
 * Ends calls, and attempts of theirs, that take longer than they may; asked some times a second. Immutable functions, on the loop of the
 * call.
 */
final class Deadlines {
    private Deadlines() {}

    static void check(ForwardedCall call, long nowNanos) {
        CallRules rules = call.rules();
        if (call.isPastDeadline()) {
            call.fail(Outcome.DEADLINE_EXCEEDED);
            return;
        }
        long ageMillis = millis(nowNanos - call.startNanos());
        if (rules.callTimeoutMillis() > 0 && ageMillis > rules.callTimeoutMillis()) {
            call.fail(call.isClientSlow() ? Outcome.CLIENT_GONE : Outcome.UPSTREAM_TIMEOUT);
            return;
        }
        if (call.admission().giveUp(ageMillis)) {
            call.refuse(Outcome.OVERLOADED);
            return;
        }
        for (Attempt attempt = call.newestAttempt(); attempt != null && !call.isOver(); ) {
            // Kept first: an attempt that fails here leaves the list.
            Attempt after = attempt.sibling;
            check(call, attempt, nowNanos);
            attempt = after;
        }
    }

    private static void check(ForwardedCall call, Attempt attempt, long nowNanos) {
        CallRules rules = call.rules();
        if (!attempt.isConnected()) {
            if (millis(nowNanos - attempt.startNanos()) > rules.connectTimeoutMillis() * attempt.connects()) {
                call.failed(attempt, Outcome.UPSTREAM_CONNECT_TIMEOUT, CallResult.CONNECT_FAILURE);
            }
        } else if (call.isAnswered()) {
            if (isSilent(call, nowNanos)) {
                call.fail(call.isClientSlow() ? Outcome.CLIENT_GONE : Outcome.UPSTREAM_TIMEOUT);
            }
        } else if (call.upload().isDone()) {
            long waitedMillis = millis(nowNanos - call.wholeRequestNanos(attempt));
            if (waitedMillis > call.tries().headTimeoutMillis(rules.responseTimeoutMillis())) {
                call.failed(attempt, Outcome.UPSTREAM_TIMEOUT, CallResult.TIMEOUT);
            }
        } else if (!call.upload().checkContinue(nowNanos)) {
            checkUpload(call, nowNanos);
        }
    }

    private static void checkUpload(ForwardedCall call, long nowNanos) {
        boolean silent = isSilent(call, nowNanos);
        if (call.upload().waitsForUpstream()) {
            if (silent) {
                call.fail(Outcome.UPSTREAM_TIMEOUT);
            }
        } else if (silent || call.upload().isLate(nowNanos)) {
            call.breakBody(Outcome.REQUEST_TIMEOUT);
        }
    }

    private static boolean isSilent(ForwardedCall call, long nowNanos) {
        return millis(nowNanos - call.lastProgressNanos()) > call.rules().idleTimeoutMillis();
    }

    private static long millis(long nanos) {
        return nanos / 1_000_000;
    }
}
