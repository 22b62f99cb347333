package io.tollgate.engine.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.engine.fixture.Seed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RoundRobinTest {
    private static final long NOW = 1_700_000_000_000L;

    private final TargetTable table = new TargetTable();
    private final List<Target> targets = new ArrayList<>();
    private final List<TargetState> states = new ArrayList<>();

    @Test
    void pick_weights_sharesExactlyAndSmoothly() {
        add(5);
        add(1);
        add(1);
        add(0);
        RoundRobin balancer = RoundRobin.of(targets, states);
        StringBuilder order = new StringBuilder();
        for (int i = 0; i < 14; i++) {
            order.append(states.indexOf(balancer.pick(NOW)));
        }
        assertThat(order.toString()).isEqualTo("00102000010200");
    }

    @Test
    void pick_randomWeights_sharesWithinAThousandth() {
        Random random = Seed.random(RoundRobinTest.class);
        for (int i = 0; i < 50; i++) {
            add(random.nextInt(Target.WEIGHT_MAX + 1));
        }
        add(1);
        RoundRobin balancer = RoundRobin.of(targets, states);
        int total = targets.stream().mapToInt(Target::weight).sum();
        Map<TargetState, Integer> picked = new HashMap<>();
        for (int i = 0; i < total * 10; i++) {
            picked.merge(java.util.Objects.requireNonNull(balancer.pick(NOW)), 1, Integer::sum);
        }
        for (int i = 0; i < targets.size(); i++) {
            double share = picked.getOrDefault(states.get(i), 0) / (10.0 * total);
            assertThat(share)
                    .isBetween(
                            targets.get(i).weight() / (double) total - 0.001,
                            targets.get(i).weight() / (double) total + 0.001);
        }
    }

    @Test
    void pick_ejectedTarget_isPassedOverUntilItsTimeIsUp() {
        add(1);
        add(1);
        RoundRobin balancer = RoundRobin.of(targets, states);
        fail(states.get(0), 3);
        for (int i = 0; i < 10; i++) {
            assertThat(balancer.pick(NOW)).isSameAs(states.get(1));
        }
        assertThat(balancer.pick(NOW + TargetState.EJECTION_MILLIS)).isNotNull();
        assertThat(states.get(0).isEjected(NOW + TargetState.EJECTION_MILLIS)).isFalse();
    }

    @Test
    void pick_allEjected_servesAllTheSame() {
        add(1);
        add(1);
        RoundRobin balancer = RoundRobin.of(targets, states);
        fail(states.get(0), 3);
        fail(states.get(1), 3);
        assertThat(balancer.pick(NOW)).isNotSameAs(balancer.pick(NOW));
    }

    @Test
    void pick_noWeight_isNull() {
        assertThat(RoundRobin.of(targets, states).pick(NOW)).isNull();
        add(0);
        assertThat(RoundRobin.of(targets, states).pick(NOW)).isNull();
    }

    @Test
    void onConnectFailure_afterEjection_ejectsAgainAtOnceUntilSuccess() {
        add(1);
        TargetState state = states.get(0);
        fail(state, 2);
        assertThat(state.isEjected(NOW)).isFalse();
        state.onSuccess();
        fail(state, 2);
        assertThat(state.isEjected(NOW)).isFalse();
        fail(state, 1);
        assertThat(state.isEjected(NOW)).isTrue();
        long later = NOW + TargetState.EJECTION_MILLIS;
        assertThat(state.isEjected(later)).isFalse();
        state.onConnectFailure(later);
        assertThat(state.isEjected(later)).isTrue();
        state.onSuccess();
        assertThat(state.isEjected(later)).isFalse();
        assertThat(state.connectFailures()).isZero();
    }

    @Test
    void adopt_sameAddressOfSameService_isTheSameState() {
        TargetState state = table.adopt("s", "h", 1);
        assertThat(table.adopt("s", "h", 1)).isSameAs(state);
        assertThat(table.adopt("t", "h", 1)).isNotSameAs(state);
        assertThat(table.adopt("s", "h", 2)).isNotSameAs(state);
    }

    private static void fail(TargetState state, int times) {
        for (int i = 0; i < times; i++) {
            state.onConnectFailure(NOW);
        }
    }

    private void add(int weight) {
        Target target = new Target("h" + targets.size(), 1 + targets.size(), weight);
        targets.add(target);
        states.add(table.adopt("s", target.host(), target.port()));
    }
}
