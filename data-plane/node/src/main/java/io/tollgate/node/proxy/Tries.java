package io.tollgate.node.proxy;

import io.tollgate.engine.upstream.CallResult;
import io.tollgate.engine.upstream.RetryBudget;
import io.tollgate.engine.upstream.RetryRules;
import io.tollgate.engine.upstream.RetryRules.Condition;
import io.tollgate.engine.upstream.TargetState;
import org.jspecify.annotations.Nullable;

/** Which targets a call has been tried on, and whether it is tried again. Event-loop confined. */
final class Tries {
    /** Nobody asks where a call that is not repeated has been. */
    private static final TargetState[] NONE = {};

    private final @Nullable RetryRules rules;
    private final RetryBudget budget;
    private final TargetState[] tried;
    private int count;

    /** @param rules null: nothing is tried again */
    Tries(@Nullable RetryRules rules, RetryBudget budget) {
        this.rules = rules;
        this.budget = budget;
        this.tried = rules == null ? NONE : new TargetState[rules.retries() + 1];
    }

    /** The call begins; the budget grows with each. */
    void onCall(long nowMillis) {
        if (rules != null) {
            budget.onCall(nowMillis);
        }
    }

    void begun(TargetState target) {
        if (rules != null) {
            tried[count] = target;
        }
        count++;
    }

    /** Whether the call has reached a target at all. */
    boolean isBegun() {
        return count > 0;
    }

    boolean isTried(TargetState target) {
        for (int i = 0; i < count && i < tried.length; i++) {
            if (tried[i].equals(target)) {
                return true;
            }
        }
        return false;
    }

    /** Number of the attempt for the upstream; 0 when it is not told. */
    int mark() {
        return rules != null && rules.marked() ? count : 0;
    }

    /** Largest request body that is kept for a repeat. */
    int bodyBytesMax() {
        return rules == null ? 0 : rules.bodyBytesMax();
    }

    /** Whether an attempt that ended so is one to repeat. */
    boolean repeats(CallResult result) {
        if (rules == null) {
            return false;
        }
        return switch (result) {
            case CONNECT_FAILURE -> rules.conditions().contains(Condition.CONNECT);
            case RESET -> rules.conditions().contains(Condition.RESET);
            case TIMEOUT -> rules.conditions().contains(Condition.TIMEOUT);
            case SUCCESS, SERVER_ERROR, CANCELLED -> false;
        };
    }

    /** Whether an answer with this status is one to repeat. */
    boolean repeats(int status) {
        return rules != null && rules.repeats(status);
    }

    boolean repeatsAnyMethod() {
        return rules != null && rules.nonIdempotent();
    }

    /** Takes one retry from the call's own number and from the service's budget; false when either is used up. */
    boolean withdraw(long nowMillis) {
        return rules != null && count < tried.length && budget.tryWithdraw(rules, nowMillis);
    }

    /** How long the repeat that follows waits. */
    long backoffMillis(int random) {
        return rules == null ? 0 : rules.backoffMillis(count, random);
    }

    /** Longest wait for the head of the answer of one attempt. */
    long headTimeoutMillis(long responseTimeoutMillis) {
        return rules == null || rules.attemptTimeoutMillis() == 0
                ? responseTimeoutMillis
                : Math.min(responseTimeoutMillis, rules.attemptTimeoutMillis());
    }
}
