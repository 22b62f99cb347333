package io.tollgate.engine.upstream;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A service as the gateway calls it. Immutable; the states it refers to are shared.
 *
 * @param identity who it is
 * @param targets as configured
 * @param states of the targets, at the same positions
 * @param choice chooses between them
 * @param rules how it is called
 * @param state what is known of it beyond its configuration
 */
public record Upstream(
        Identity identity,
        List<Target> targets,
        List<TargetState> states,
        Choice choice,
        Rules rules,
        ServiceState state) {
    /**
     * Who a service is. Immutable.
     *
     * @param id canonical UUID text
     * @param name unique name
     * @param enabled false: its routes are answered with 503
     */
    public record Identity(String id, String name, boolean enabled) {}

    /**
     * How a service is called. Immutable.
     *
     * @param choice how targets are chosen
     * @param ejection when failing calls take a target out
     * @param check how targets are asked for their health; null: they are not
     * @param circuit when calls are refused without trying; null: never
     * @param limit how many calls may be in flight; null: any number
     * @param calls time-outs and retries, where a route says nothing else
     * @param preserveHost true: the upstream gets the client's Host; false: the target's own
     * @param pathPrefix put before every forwarded path; empty or "/..." without a trailing slash
     */
    public record Rules(
            Choice.Rules choice,
            EjectionRules ejection,
            @Nullable CheckRules check,
            @Nullable CircuitRules circuit,
            @Nullable LimitRules limit,
            CallRules calls,
            boolean preserveHost,
            String pathPrefix) {}

    /** Copies the lists. */
    public Upstream {
        targets = List.copyOf(targets);
        states = List.copyOf(states);
    }

    /** @param zone the node's own; empty when it has none */
    public static Upstream of(
            Identity identity,
            List<Target> targets,
            List<TargetState> states,
            String zone,
            Rules rules,
            ServiceState state) {
        Candidates all = new Candidates(targets, states, rules.choice().slowStartMillis());
        Choice choice = Choice.of(rules.choice(), rules.ejection().panicPercent(), all, zone);
        return new Upstream(identity, targets, states, choice, rules, state);
    }

    public String id() {
        return identity.id();
    }

    public String name() {
        return identity.name();
    }

    public boolean enabled() {
        return identity.enabled();
    }

    public boolean preserveHost() {
        return rules.preserveHost();
    }

    public String pathPrefix() {
        return rules.pathPrefix();
    }

    /** The target for a call now; null when no target takes calls, or none is healthy and that is a refusal. */
    public @Nullable TargetState pick(PickRequest request, long nowMillis) {
        return choice.pick(request, nowMillis);
    }

    /** Whether a target takes calls at all, healthy or not. */
    public boolean takesCalls() {
        for (Target target : targets) {
            if (target.weight() > 0) {
                return true;
            }
        }
        return false;
    }

    /** How many targets take calls and are neither unhealthy nor ejected. */
    public int callable(long nowMillis) {
        int callable = 0;
        for (int i = 0; i < targets.size(); i++) {
            callable += targets.get(i).weight() > 0 && !states.get(i).isOut(nowMillis) ? 1 : 0;
        }
        return callable;
    }

    /** Takes the end of an attempt on a target: counts for and against it, and ejects it when it is enough. */
    public void onAttemptEnd(TargetState target, CallResult result, long nowMillis) {
        if (result == CallResult.CANCELLED) {
            return;
        }
        EjectionRules ejection = rules.ejection();
        boolean failed = ejection.counts(result);
        boolean enough = failed && target.onFailure(ejection.consecutiveFailures());
        if (!failed) {
            target.onSuccess();
        }
        if (ejection.errorRatePercent() > 0) {
            long counts = target.count(failed, ejection.intervalMillis(), nowMillis);
            enough |= failed && isOutlier(ejection, target, counts, nowMillis);
        }
        if (enough) {
            eject(target, nowMillis);
        }
    }

    private boolean isOutlier(EjectionRules ejection, TargetState target, long counts, long nowMillis) {
        long calls = TargetState.calls(counts);
        long failures = TargetState.failures(counts);
        if (calls < ejection.minimumCalls() || failures * 100 < calls * ejection.errorRatePercent()) {
            return false;
        }
        long otherCalls = 0;
        long otherFailures = 0;
        for (TargetState other : states) {
            if (!other.equals(target)) {
                long seen = other.counts(ejection.intervalMillis(), nowMillis);
                otherCalls += TargetState.calls(seen);
                otherFailures += TargetState.failures(seen);
            }
        }
        long ownPercent = failures * 100 / calls;
        long otherPercent = otherCalls == 0 ? 0 : otherFailures * 100 / otherCalls;
        return ownPercent - otherPercent >= ejection.errorRateMarginPercent();
    }

    // Ejections are rare; under the lock of the service no two of them can both be the last one that is allowed.
    private void eject(TargetState target, long nowMillis) {
        synchronized (state) {
            EjectionRules ejection = rules.ejection();
            int ejected = 0;
            for (TargetState other : states) {
                ejected += other.isEjected(nowMillis) ? 1 : 0;
            }
            int allowed = states.size() == 1 ? 0 : Math.max(1, states.size() * ejection.ejectedPercentMax() / 100);
            if (ejected < allowed) {
                target.eject(ejection, nowMillis);
            }
        }
    }
}
