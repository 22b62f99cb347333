package io.tollgate.engine.upstream;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A service as the gateway calls it. Its configuration is immutable; its instances are swapped as a whole by one volatile write, as
 * the names of its targets are followed and new ones warm up. Shared.
 */
public final class Upstream {
    /** Most instances: names cannot make more of a service than its configuration may. */
    public static final int INSTANCES_MAX = 1_000;

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
     * @param transport how connections are made
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
            TransportRules transport,
            boolean preserveHost,
            String pathPrefix) {}

    /**
     * The instances of now. Immutable; the states are shared.
     *
     * @param states of the targets, at the same positions
     * @param choice between those that are warm
     * @param leavesOut whether there are others
     */
    private record Instances(List<Target> targets, List<TargetState> states, Choice choice, boolean leavesOut) {
        Instances {
            targets = List.copyOf(targets);
            states = List.copyOf(states);
        }
    }

    private record Address(String host, int port) {}

    private final Identity identity;
    private final List<Target> configured;
    private final String zone;
    private final Rules rules;
    private final TargetTable table;
    private final ServiceState state;
    private final Transport transport;
    private volatile Instances now;

    private Upstream(Identity identity, List<Target> configured, String zone, Rules rules, TargetTable table) {
        this.identity = identity;
        this.configured = List.copyOf(configured);
        this.zone = zone;
        this.rules = rules;
        this.table = table;
        this.state = table.adopt(identity.id());
        this.transport = table.adopt(rules.transport());
        this.now = instances();
    }

    /**
     * A service whose instances adopt their states.
     *
     * @param configured its targets
     * @param zone the node's own; empty when it has none
     * @param table where states and names are found
     */
    public static Upstream of(Identity identity, List<Target> configured, String zone, Rules rules, TargetTable table) {
        return new Upstream(identity, configured, zone, rules, table);
    }

    /** Looks again at what its names have and which instances are warm. Any thread. */
    public synchronized void refresh() {
        now = instances();
    }

    private Instances instances() {
        List<Target> targets = new ArrayList<>();
        List<TargetState> states = new ArrayList<>();
        Set<Address> known = new HashSet<>();
        for (Target target : configured) {
            for (Target instance : instancesOf(target)) {
                // What two targets stand for is one instance, as the first of them says.
                if (targets.size() < INSTANCES_MAX && known.add(new Address(instance.host(), instance.port()))) {
                    // Services that share an address tell each other apart by the name; SRV records say their own.
                    String name = target.discovery() == Discovery.DNS ? target.host() : instance.host();
                    targets.add(instance);
                    states.add(table.adopt(identity.id(), name, instance.host(), instance.port()));
                }
            }
        }
        List<Target> warmTargets = new ArrayList<>();
        List<TargetState> warmStates = new ArrayList<>();
        boolean taking = false;
        for (int i = 0; i < targets.size(); i++) {
            if (states.get(i).isWarm()) {
                warmTargets.add(targets.get(i));
                warmStates.add(states.get(i));
                taking |= targets.get(i).weight() > 0;
            }
        }
        if (!taking) {
            // Nobody else could take the calls meanwhile.
            states.forEach(TargetState::warmed);
            return new Instances(targets, states, choice(targets, states), false);
        }
        return new Instances(targets, states, choice(warmTargets, warmStates), warmStates.size() < states.size());
    }

    private List<Target> instancesOf(Target target) {
        if (target.discovery() == Discovery.ADDRESS) {
            return List.of(target);
        }
        List<Target> instances = new ArrayList<>();
        for (NamedInstance found : table.instances(new FollowedName(target.discovery(), target.host()))) {
            int weight = found.weight() == 0 || target.weight() == 0 ? target.weight() : found.weight();
            instances.add(
                    new Target(found.host(), found.port() == 0 ? target.port() : found.port(), weight, target.zone()));
        }
        return instances;
    }

    private Choice choice(List<Target> targets, List<TargetState> states) {
        Candidates candidates = new Candidates(targets, states, rules.choice().slowStartMillis());
        return Choice.of(rules.choice(), rules.ejection().panicPercent(), candidates, zone);
    }

    /** The names that its targets stand for. */
    public List<FollowedName> names() {
        List<FollowedName> names = new ArrayList<>();
        for (Target target : configured) {
            if (target.discovery() != Discovery.ADDRESS) {
                names.add(new FollowedName(target.discovery(), target.host()));
            }
        }
        return names;
    }

    /** Whether it has instances that get no calls, since they were cold when it looked last. */
    public boolean leavesOut() {
        return now.leavesOut();
    }

    /** Instances that get no calls before they are warm. */
    public List<TargetState> cold() {
        return now.states().stream().filter(one -> !one.isWarm()).toList();
    }

    /** Each instance of now with its state. */
    public void forEach(BiConsumer<Target, TargetState> action) {
        Instances there = now;
        for (int i = 0; i < there.states().size(); i++) {
            action.accept(there.targets().get(i), there.states().get(i));
        }
    }

    /** The states of the instances of now. */
    public List<TargetState> states() {
        return now.states();
    }

    /** What is known of it beyond its configuration. */
    public ServiceState state() {
        return state;
    }

    /** How connections to its targets are made. */
    public Transport transport() {
        return transport;
    }

    /** How it is called. */
    public Rules rules() {
        return rules;
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
        return now.choice().pick(request, nowMillis);
    }

    /** Whether a target takes calls at all, healthy or not. */
    public boolean takesCalls() {
        for (Target target : now.targets()) {
            if (target.weight() > 0) {
                return true;
            }
        }
        return false;
    }

    /** How many targets take calls and are neither unhealthy nor ejected. */
    public int callable(long nowMillis) {
        Instances there = now;
        int callable = 0;
        for (int i = 0; i < there.states().size(); i++) {
            callable += there.targets().get(i).weight() > 0
                            && !there.states().get(i).isOut(nowMillis)
                    ? 1
                    : 0;
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
        for (TargetState other : now.states()) {
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
            for (TargetState other : now.states()) {
                ejected += other.isEjected(nowMillis) ? 1 : 0;
            }
            int count = now.states().size();
            int allowed = count == 1 ? 0 : Math.max(1, count * ejection.ejectedPercentMax() / 100);
            if (ejected < allowed) {
                target.eject(ejection, nowMillis);
            }
        }
    }
}
