package io.tollgate.engine.upstream;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Targets to choose from in tests: {@code fleet.add(5).add(1)}. One thread. */
final class Fleet {
    static final long NOW = 1_700_000_000_000L;

    private final TargetTable table = new TargetTable();
    private final List<Target> targets = new ArrayList<>();
    private final List<TargetState> states = new ArrayList<>();
    private int slowStartMillis;
    private @Nullable RoundRobin roundRobin;

    Fleet add(int weight) {
        return add(weight, "");
    }

    Fleet add(int weight, String zone) {
        Target target = new Target("10.0.0." + targets.size(), 80, weight, zone);
        targets.add(target);
        states.add(table.adopt("s", target.host(), target.host(), target.port()));
        roundRobin = null;
        return this;
    }

    Fleet slowStart(int millis) {
        slowStartMillis = millis;
        return this;
    }

    /** Without the target at this position; the others keep their states. */
    Fleet remove(int index) {
        targets.remove(index);
        states.remove(index);
        roundRobin = null;
        return this;
    }

    TargetState state(int index) {
        return states.get(index);
    }

    int size() {
        return states.size();
    }

    int indexOf(@Nullable TargetState state) {
        return states.indexOf(state);
    }

    int weightTotal() {
        return targets.stream().mapToInt(Target::weight).sum();
    }

    Candidates candidates() {
        return new Candidates(targets, states, slowStartMillis);
    }

    RoundRobin roundRobin() {
        RoundRobin known = roundRobin;
        if (known == null) {
            known = RoundRobin.of(candidates());
            roundRobin = known;
        }
        return known;
    }

    Upstream upstream(Choice.Rules choice, EjectionRules ejection, String zone) {
        return Upstream.of(
                new Upstream.Identity("s", "service", true),
                targets,
                zone,
                new Upstream.Rules(
                        choice,
                        ejection,
                        null,
                        null,
                        null,
                        CallRules.plain(1_000, 1_000, 1_000, 0),
                        TransportRules.PLAIN,
                        false,
                        ""),
                table);
    }

    /** How far the share of a target is from what its weight says, at worst. */
    double largestDeviation(Balancer balancer, int picks) {
        Map<TargetState, Integer> picked = new HashMap<>();
        for (int i = 0; i < picks; i++) {
            picked.merge(Objects.requireNonNull(balancer.pick(Asking.PLAIN, NOW, false)), 1, Integer::sum);
        }
        double worst = 0;
        for (int i = 0; i < targets.size(); i++) {
            double share = picked.getOrDefault(states.get(i), 0) / (double) picks;
            worst = Math.max(worst, Math.abs(share - targets.get(i).weight() / (double) weightTotal()));
        }
        return worst;
    }
}
