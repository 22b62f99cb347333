package io.tollgate.engine.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.engine.fixture.Seed;
import io.tollgate.engine.upstream.CircuitBreaker.Permit;
import io.tollgate.engine.upstream.CircuitBreaker.Phase;
import java.util.ArrayDeque;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CircuitBreakerTest {
    private static final CircuitRules RULES = new CircuitRules(50, 10, 10_000, 2_000, 3);

    private final CircuitBreaker circuit = new CircuitBreaker();
    private long nowMillis = 1_700_000_000_000L;

    @Test
    void failures_belowTheMinimum_sayNothing() {
        call(CallResult.TIMEOUT, 9);
        assertThat(circuit.phase()).isEqualTo(Phase.CLOSED);
        call(CallResult.TIMEOUT, 1);
        assertThat(circuit.phase()).isEqualTo(Phase.OPEN);
        assertThat(circuit.tryAcquire(RULES, nowMillis)).isEqualTo(Permit.REFUSED);
        assertThat(circuit.openForMillis(nowMillis + 500)).isEqualTo(1_500);
    }

    @Test
    void probes_allGood_close() {
        call(CallResult.RESET, 10);
        nowMillis += 2_000;
        for (int i = 0; i < 3; i++) {
            assertThat(circuit.tryAcquire(RULES, nowMillis)).isEqualTo(Permit.PROBE);
        }
        assertThat(circuit.tryAcquire(RULES, nowMillis)).isEqualTo(Permit.REFUSED);
        for (int i = 0; i < 3; i++) {
            assertThat(circuit.phase()).isEqualTo(Phase.HALF_OPEN);
            circuit.onEnd(RULES, Permit.PROBE, CallResult.SUCCESS, nowMillis);
        }
        assertThat(circuit.phase()).isEqualTo(Phase.CLOSED);
        call(CallResult.SERVER_ERROR, 9);
        assertThat(circuit.phase()).as("the window began anew").isEqualTo(Phase.CLOSED);
    }

    @Test
    void probe_failed_opensAgain_andOneGivenUp_makesRoom() {
        call(CallResult.RESET, 10);
        nowMillis += 2_000;
        for (int i = 0; i < 3; i++) {
            assertThat(circuit.tryAcquire(RULES, nowMillis)).isEqualTo(Permit.PROBE);
        }
        circuit.onEnd(RULES, Permit.PROBE, CallResult.CANCELLED, nowMillis);
        assertThat(circuit.tryAcquire(RULES, nowMillis)).isEqualTo(Permit.PROBE);
        circuit.onEnd(RULES, Permit.PROBE, CallResult.SUCCESS, nowMillis);
        circuit.onEnd(RULES, Permit.PROBE, CallResult.TIMEOUT, nowMillis);
        assertThat(circuit.phase()).isEqualTo(Phase.OPEN);
        assertThat(circuit.tryAcquire(RULES, nowMillis + 1_999)).isEqualTo(Permit.REFUSED);
        circuit.onEnd(RULES, Permit.PROBE, CallResult.SUCCESS, nowMillis);
        assertThat(circuit.phase()).as("a late probe says nothing").isEqualTo(Phase.OPEN);
    }

    @Test
    void closed_randomCalls_openExactlyWhenTheWindowSaysSo() {
        Random random = Seed.random(CircuitBreakerTest.class);
        ArrayDeque<long[]> seen = new ArrayDeque<>();
        for (int step = 0; step < 20_000; step++) {
            nowMillis += random.nextInt(300);
            boolean fails = random.nextInt(100) < 35;
            assertThat(circuit.tryAcquire(RULES, nowMillis)).isEqualTo(Permit.PERMITTED);
            circuit.onEnd(RULES, Permit.PERMITTED, fails ? CallResult.TIMEOUT : CallResult.SUCCESS, nowMillis);
            seen.add(new long[] {nowMillis / 1_000, fails ? 1 : 0});
            seen.removeIf(call -> call[0] <= nowMillis / 1_000 - 10);
            long failures = seen.stream().filter(call -> call[1] == 1).count();
            boolean opens = fails && seen.size() >= 10 && failures * 2 >= seen.size();
            assertThat(circuit.phase()).isEqualTo(opens ? Phase.OPEN : Phase.CLOSED);
            if (opens) {
                nowMillis += 2_000;
                for (int i = 0; i < 3; i++) {
                    assertThat(circuit.tryAcquire(RULES, nowMillis)).isEqualTo(Permit.PROBE);
                    circuit.onEnd(RULES, Permit.PROBE, CallResult.SUCCESS, nowMillis);
                }
                seen.clear();
            }
        }
    }

    @Test
    void budget_neverMoreThanTheShare_norLessThanTheFloor() {
        RetryRules rules = new RetryRules(1, Set.of(), Set.of(), 0, 0, 0, false, 0, 20, 3, false);
        RetryBudget budget = new RetryBudget();
        int granted = 0;
        for (int i = 0; i < 1_000; i++) {
            budget.onCall(nowMillis);
            granted += budget.tryWithdraw(rules.budgetPercent(), rules.budgetRetriesPerSecondMin(), nowMillis) ? 1 : 0;
        }
        assertThat(granted).isBetween(198, 203);
        nowMillis += 60_000;
        granted = 0;
        for (int i = 0; i < 100; i++) {
            granted += budget.tryWithdraw(rules.budgetPercent(), rules.budgetRetriesPerSecondMin(), nowMillis) ? 1 : 0;
        }
        assertThat(granted).as("no calls at all: the floor").isEqualTo(3);
    }

    @Test
    void budget_whatIsGivenBack_isThereAgain() {
        RetryBudget budget = new RetryBudget();
        assertThat(budget.tryWithdraw(1, 1, nowMillis)).isTrue();
        assertThat(budget.tryWithdraw(1, 1, nowMillis)).isFalse();
        budget.giveBack(nowMillis);
        assertThat(budget.tryWithdraw(1, 1, nowMillis)).isTrue();
        budget.giveBack(nowMillis + 1_000);
        assertThat(budget.tryWithdraw(1, 1, nowMillis + 1_000))
                .as("no more than was taken")
                .isTrue();
        assertThat(budget.tryWithdraw(1, 1, nowMillis + 1_000)).isFalse();
    }

    @Test
    void backoff_growsAndStaysBelowItsBound() {
        RetryRules rules = new RetryRules(9, Set.of(), Set.of(), 0, 25, 250, false, 0, 20, 3, false);
        Random random = Seed.random(CircuitBreakerTest.class);
        for (int number = 1; number < 40; number++) {
            long most = Math.min(25L << Math.min(number - 1, 16), 250);
            for (int i = 0; i < 200; i++) {
                assertThat(rules.backoffMillis(number, random.nextInt())).isBetween(0L, most);
            }
        }
    }

    private void call(CallResult result, int times) {
        for (int i = 0; i < times; i++) {
            Permit permit = circuit.tryAcquire(RULES, nowMillis);
            circuit.onEnd(RULES, permit, result, nowMillis);
        }
    }
}
