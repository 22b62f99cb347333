package io.tollgate.engine.upstream;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * The targets that a balancer chooses from, with their states at the same positions. Immutable; the states are shared.
 *
 * @param slowStartMillis how long a target that is new or came back ramps up; 0: at once
 */
record Candidates(List<Target> targets, List<TargetState> states, int slowStartMillis) {
    Candidates {
        targets = List.copyOf(targets);
        states = List.copyOf(states);
        if (targets.size() != states.size()) {
            throw new IllegalArgumentException(targets.size() + " targets, " + states.size() + " states");
        }
    }

    Candidates only(Predicate<Target> wanted) {
        List<Target> kept = new ArrayList<>();
        List<TargetState> keptStates = new ArrayList<>();
        for (int i = 0; i < targets.size(); i++) {
            if (wanted.test(targets.get(i))) {
                kept.add(targets.get(i));
                keptStates.add(states.get(i));
            }
        }
        return new Candidates(kept, keptStates, slowStartMillis);
    }

    int size() {
        return targets.size();
    }

    TargetState state(int index) {
        return states.get(index);
    }

    int[] weights() {
        return targets.stream().mapToInt(Target::weight).toArray();
    }

    /** Targets that take calls and are not out, as a share of those that take calls; 0 when none does. */
    int healthyPercent(long nowMillis) {
        int healthy = 0;
        int taking = 0;
        for (int i = 0; i < states.size(); i++) {
            if (targets.get(i).weight() > 0) {
                taking++;
                healthy += states.get(i).isOut(nowMillis) ? 0 : 1;
            }
        }
        return taking == 0 ? 0 : healthy * 100 / taking;
    }

    /** Whether a target that starts slowly takes this call: the share of calls that it takes grows with its time. */
    static boolean isDrawn(TargetState state, int slowStartMillis, PickRequest request, long nowMillis) {
        if (slowStartMillis == 0) {
            return true;
        }
        state.joined(nowMillis);
        int ramp = state.rampOf256(slowStartMillis, nowMillis);
        return ramp == 256 || (request.random() & 255) < ramp;
    }
}
