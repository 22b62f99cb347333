package io.tollgate.node.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.engine.upstream.CallRules;
import io.tollgate.engine.upstream.HedgeRules;
import io.tollgate.engine.upstream.RetryBudget;
import io.tollgate.engine.upstream.RetryRules;
import io.tollgate.engine.upstream.RetryRules.Condition;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TriesTest {
    private static final long NOW_MILLIS = 1_700_000_000_000L;

    private final RetryBudget budget = new RetryBudget();

    private Tries hedged(int hedges, int perSecondMin) {
        RetryRules retry =
                new RetryRules(1, Set.of(Condition.RESET), Set.of(), 0, 0, 0, false, 0, 1, perSecondMin, false);
        return new Tries(new CallRules(1, 1, 1, 0, retry, new HedgeRules(10, hedges), 50), budget);
    }

    @Test
    void hedges_areTakenOneAfterTheOther_andNoMoreThanThereAre() {
        Tries tries = hedged(2, 100);
        for (int i = 0; i < 2; i++) {
            assertThat(tries.hedgeDelayMillis()).isEqualTo(10);
            assertThat(tries.withdrawHedge(NOW_MILLIS)).isTrue();
        }
        assertThat(tries.hedgeDelayMillis()).isZero();
        assertThat(tries.withdrawHedge(NOW_MILLIS)).isFalse();
        assertThat(tries.withdraw(NOW_MILLIS)).as("a retry is counted apart").isTrue();
    }

    @Test
    void hedge_thatTheBudgetRefuses_isNotAskedForAgain() {
        Tries tries = hedged(1, 0);
        assertThat(tries.withdrawHedge(NOW_MILLIS)).isFalse();
        assertThat(tries.hedgeDelayMillis()).as("no further timer").isZero();
    }

    @Test
    void hedge_withoutATarget_costsTheBudgetNothing_andIsNotAskedForAgain() {
        Tries tries = hedged(1, 1);
        assertThat(tries.withdrawHedge(NOW_MILLIS)).isTrue();
        tries.giveBackHedge(NOW_MILLIS);
        assertThat(tries.hedgeDelayMillis()).isZero();
        assertThat(hedged(1, 1).withdrawHedge(NOW_MILLIS)).as("another call").isTrue();
        assertThat(hedged(1, 1).withdrawHedge(NOW_MILLIS)).isFalse();
    }
}
