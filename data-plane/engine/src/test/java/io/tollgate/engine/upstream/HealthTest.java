package io.tollgate.engine.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class HealthTest {
    private static final EjectionRules FIVE_IN_A_ROW =
            new EjectionRules(false, 5, 0, 0, 1, 10_000, 1_000, 3_000, 50, 0);
    private static final EjectionRules BY_RATE = new EjectionRules(false, 0, 50, 20, 10, 10_000, 1_000, 3_000, 50, 0);

    private final Fleet fleet = new Fleet();
    private long nowMillis = Fleet.NOW;

    @Test
    void default_threeFailedConnections_ejectForFiveSeconds() {
        Upstream upstream = fleet.add(1).add(1).upstream(Choice.Rules.DEFAULT, EjectionRules.DEFAULT, "");
        fail(upstream, 0, CallResult.CONNECT_FAILURE, 2);
        fail(upstream, 0, CallResult.SERVER_ERROR, 1);
        fail(upstream, 0, CallResult.CONNECT_FAILURE, 2);
        assertThat(fleet.state(0).isEjected(nowMillis)).isFalse();
        fail(upstream, 0, CallResult.CONNECT_FAILURE, 1);
        assertThat(fleet.state(0).ejectedUntilMillis(nowMillis)).isEqualTo(nowMillis + 5_000);
        assertThat(fleet.state(0).isEjected(nowMillis + 4_999)).isTrue();
        assertThat(fleet.state(0).isEjected(nowMillis + 5_000)).isFalse();
    }

    @Test
    void onlyTarget_isNeverEjected() {
        Upstream upstream = fleet.add(1).upstream(Choice.Rules.DEFAULT, EjectionRules.DEFAULT, "");
        fail(upstream, 0, CallResult.CONNECT_FAILURE, 10);
        assertThat(fleet.state(0).isEjected(nowMillis)).isFalse();
    }

    @Test
    void ejections_inARow_lastLonger_untilASuccess() {
        Upstream upstream = fleet.add(1).add(1).upstream(Choice.Rules.DEFAULT, FIVE_IN_A_ROW, "");
        fail(upstream, 0, CallResult.TIMEOUT, 5);
        for (int lasts : new int[] {1_000, 2_000, 3_000, 3_000}) {
            assertThat(fleet.state(0).ejectedUntilMillis(nowMillis)).isEqualTo(nowMillis + lasts);
            nowMillis += lasts;
            assertThat(fleet.state(0).isEjected(nowMillis)).isFalse();
            // The failures stay counted: the first call afterwards decides.
            fail(upstream, 0, CallResult.RESET, 1);
        }
        nowMillis += 3_000;
        upstream.onAttemptEnd(fleet.state(0), CallResult.SUCCESS, nowMillis);
        fail(upstream, 0, CallResult.SERVER_ERROR, 4);
        assertThat(fleet.state(0).isEjected(nowMillis)).isFalse();
        fail(upstream, 0, CallResult.SERVER_ERROR, 1);
        assertThat(fleet.state(0).ejectedUntilMillis(nowMillis)).isEqualTo(nowMillis + 1_000);
    }

    @Test
    void ejectedShare_isBounded() {
        for (int i = 0; i < 5; i++) {
            fleet.add(1);
        }
        Upstream upstream = fleet.upstream(Choice.Rules.DEFAULT, FIVE_IN_A_ROW, "");
        for (int i = 0; i < 5; i++) {
            fail(upstream, i, CallResult.SERVER_ERROR, 5);
        }
        int ejected = 0;
        for (int i = 0; i < 5; i++) {
            ejected += fleet.state(i).isEjected(nowMillis) ? 1 : 0;
        }
        assertThat(ejected).isEqualTo(2);
    }

    @Test
    void errorRate_onlyAgainstTheOthers_andFromTheMinimumOn() {
        Upstream upstream = fleet.add(1).add(1).add(1).upstream(Choice.Rules.DEFAULT, BY_RATE, "");
        for (int i = 0; i < 4; i++) {
            upstream.onAttemptEnd(fleet.state(0), CallResult.SUCCESS, nowMillis);
        }
        fail(upstream, 0, CallResult.SERVER_ERROR, 5);
        assertThat(fleet.state(0).isEjected(nowMillis)).as("nine calls").isFalse();
        fail(upstream, 0, CallResult.SERVER_ERROR, 1);
        assertThat(fleet.state(0).isEjected(nowMillis)).as("six of ten").isTrue();

        nowMillis += 10_000;
        for (int target = 0; target < 3; target++) {
            fail(upstream, target, CallResult.SERVER_ERROR, target == 0 ? 0 : 20);
        }
        fail(upstream, 0, CallResult.SERVER_ERROR, 20);
        assertThat(fleet.state(0).isEjected(nowMillis)).as("all fail alike").isFalse();
    }

    @Test
    void noTargetHealthy_isARefusal_orOpenByChoice_orPanic() {
        fleet.add(1).add(1);
        Choice.Rules open = new Choice.Rules(Choice.Algorithm.ROUND_ROBIN, null, 0, 0, 0, true);
        EjectionRules panic = new EjectionRules(false, 5, 0, 0, 1, 10_000, 1_000, 3_000, 50, 60);
        fleet.state(0).onCheck(false, 1, 1, nowMillis);
        assertThat(picks(fleet.upstream(Choice.Rules.DEFAULT, panic, "")))
                .as("half is below 60 %")
                .isEqualTo(2);
        assertThat(picks(fleet.upstream(Choice.Rules.DEFAULT, FIVE_IN_A_ROW, "")))
                .isEqualTo(1);
        fleet.state(1).onCheck(false, 1, 1, nowMillis);
        assertThat(picks(fleet.upstream(Choice.Rules.DEFAULT, FIVE_IN_A_ROW, "")))
                .isZero();
        assertThat(picks(fleet.upstream(open, FIVE_IN_A_ROW, ""))).isEqualTo(2);
    }

    @Test
    void zone_isPreferred_whileEnoughOfItIsHealthy() {
        fleet.add(1, "a").add(1, "a").add(1, "b");
        Choice.Rules rules = new Choice.Rules(Choice.Algorithm.ROUND_ROBIN, null, 0, 0, 50, false);
        Upstream upstream = fleet.upstream(rules, EjectionRules.DEFAULT, "a");
        assertThat(picks(upstream)).isEqualTo(2);
        fleet.state(0).onCheck(false, 1, 1, nowMillis);
        assertThat(pickedBy(upstream)).containsOnly(fleet.state(1));
        fleet.state(1).onCheck(false, 1, 1, nowMillis);
        assertThat(pickedBy(upstream)).containsOnly(fleet.state(2));
        assertThat(picks(fleet.upstream(rules, EjectionRules.DEFAULT, "elsewhere")))
                .isEqualTo(1);
    }

    @Test
    void check_firstAnswerDecides_thenThresholds() {
        fleet.add(1);
        TargetState state = fleet.state(0);
        assertThat(state.verdict()).isEqualTo(TargetState.Verdict.UNKNOWN);
        assertThat(state.onCheck(true, 2, 3, nowMillis)).isTrue();
        assertThat(state.onCheck(false, 2, 3, nowMillis)).isFalse();
        assertThat(state.onCheck(false, 2, 3, nowMillis)).isFalse();
        assertThat(state.onCheck(true, 2, 3, nowMillis))
                .as("the row was broken")
                .isFalse();
        assertThat(state.onCheck(false, 2, 3, nowMillis)).isFalse();
        assertThat(state.onCheck(false, 2, 3, nowMillis)).isFalse();
        assertThat(state.onCheck(false, 2, 3, nowMillis)).isTrue();
        assertThat(state.isOut(nowMillis)).isTrue();
        assertThat(state.onCheck(true, 2, 3, nowMillis)).isFalse();
        assertThat(state.onCheck(true, 2, 3, nowMillis)).isTrue();
        assertThat(state.isOut(nowMillis)).isFalse();
    }

    @Test
    void failures_fromManyThreads_areAllCounted() throws InterruptedException {
        fleet.add(1);
        AtomicInteger reached = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Thread thread = new Thread(() -> {
                for (int n = 0; n < 500; n++) {
                    reached.addAndGet(fleet.state(0).onFailure(1_900) ? 1 : 0);
                }
            });
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(fleet.state(0).consecutiveFailures()).isEqualTo(2_000);
        assertThat(reached).hasValue(101);
    }

    private void fail(Upstream upstream, int target, CallResult result, int times) {
        for (int i = 0; i < times; i++) {
            upstream.onAttemptEnd(fleet.state(target), result, nowMillis);
        }
    }

    /** How many different targets are picked. */
    private long picks(Upstream upstream) {
        return pickedBy(upstream).stream()
                .filter(java.util.Objects::nonNull)
                .distinct()
                .count();
    }

    private List<@Nullable TargetState> pickedBy(Upstream upstream) {
        Asking asking = new Asking(new Random(1));
        List<@Nullable TargetState> picked = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            picked.add(upstream.pick(asking, nowMillis));
        }
        return picked;
    }
}
