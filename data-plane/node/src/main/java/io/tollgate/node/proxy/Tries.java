package io.tollgate.node.proxy;

import io.tollgate.engine.upstream.CallResult;
import io.tollgate.engine.upstream.CallRules;
import io.tollgate.engine.upstream.HedgeRules;
import io.tollgate.engine.upstream.RetryBudget;
import io.tollgate.engine.upstream.RetryRules;
import io.tollgate.engine.upstream.RetryRules.Condition;
import io.tollgate.engine.upstream.TargetState;
import org.jspecify.annotations.Nullable;

/** Which targets a call has been tried on, and whether it is tried again or on another one too. Event-loop confined. */
final class Tries {
    /** Nobody asks where a call that is tried once has been. */
    private static final TargetState[] NONE = {};

    private final @Nullable RetryRules rules;
    private final @Nullable HedgeRules hedge;
    private final RetryBudget budget;
    private final TargetState[] tried;
    private int count;
    private int retries;
    private int hedges;

    Tries(CallRules calls, RetryBudget budget) {
        this.rules = calls.retry();
        this.hedge = calls.hedge();
        this.budget = budget;
        int more = (rules == null ? 0 : rules.retries()) + (hedge == null ? 0 : hedge.hedges());
        this.tried = more == 0 ? NONE : new TargetState[more + 1];
    }

    /** The call begins; the budget grows with each. */
    void onCall(long nowMillis) {
        if (tried.length > 0) {
            budget.onCall(nowMillis);
        }
    }

    void begun(TargetState target) {
        if (tried.length > 0) {
            tried[count] = target;
        }
        count++;
    }

    /** Attempts begun so far. */
    int count() {
        return count;
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
        if (rules == null || retries == rules.retries() || !withdrawFromBudget(nowMillis)) {
            return false;
        }
        retries++;
        return true;
    }

    /** How long the repeat that follows waits. */
    long backoffMillis(int random) {
        return rules == null ? 0 : rules.backoffMillis(retries, random);
    }

    /** After which silence the call is sent to another target too; 0: never again. */
    int hedgeDelayMillis() {
        return hedge == null || hedges == hedge.hedges() ? 0 : hedge.delayMillis();
    }

    /**
     * Takes one hedge, likewise. One that the budget refuses is used up too: a call that is not answered for long must not ask
     * again after each delay, least of all when none is.
     */
    boolean withdrawHedge(long nowMillis) {
        if (hedgeDelayMillis() == 0) {
            return false;
        }
        hedges++;
        return withdrawFromBudget(nowMillis);
    }

    /** There was no other target for the hedge that was taken last: the budget has it again. */
    void giveBackHedge(long nowMillis) {
        budget.giveBack(nowMillis);
    }

    private boolean withdrawFromBudget(long nowMillis) {
        return rules == null
                ? budget.tryWithdraw(RetryBudget.PERCENT_DEFAULT, RetryBudget.PER_SECOND_MIN_DEFAULT, nowMillis)
                : budget.tryWithdraw(rules.budgetPercent(), rules.budgetRetriesPerSecondMin(), nowMillis);
    }

    /** Longest wait for the head of the answer of one attempt. */
    long headTimeoutMillis(long responseTimeoutMillis) {
        return rules == null || rules.attemptTimeoutMillis() == 0
                ? responseTimeoutMillis
                : Math.min(responseTimeoutMillis, rules.attemptTimeoutMillis());
    }
}
