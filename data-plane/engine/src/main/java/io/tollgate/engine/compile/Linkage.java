package io.tollgate.engine.compile;

import io.tollgate.engine.consumer.Consumer;
import io.tollgate.engine.consumer.Plan;
import io.tollgate.proto.config.v1.ObjectKind;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a compilation leaves for the next one, so that only what changed is compiled again, and for those who want to know
 * why something applies. Immutable; the wire in it is the compiler's alone.
 */
public final class Linkage {
    final WireConfiguration wire;
    final long wireVersion;
    final Map<String, Plan> plans;
    final PersistentMap<String, Consumer> consumers;
    final PersistentMap<ObjectKey, PolicySet> policies;
    final Bindings bindings;

    Linkage(
            WireConfiguration wire,
            long wireVersion,
            Map<String, Plan> plans,
            PersistentMap<String, Consumer> consumers,
            PersistentMap<ObjectKey, PolicySet> policies,
            Bindings bindings) {
        this.wire = wire;
        this.wireVersion = wireVersion;
        this.plans = plans;
        this.consumers = consumers;
        this.policies = policies;
        this.bindings = bindings;
    }

    /** The consumer with this id, or else with this name; null when there is none. Costs a look at each consumer. */
    public @Nullable Consumer findConsumer(String idOrName) {
        Consumer byId = consumers.get(idOrName);
        return byId != null ? byId : consumers.first(consumer -> consumer.name().equals(idOrName));
    }

    /** The enabled policies that are attached globally. */
    public List<AttachedPolicy> globalPolicies() {
        return attachedTo(ObjectKey.GATEWAY);
    }

    /** The enabled policies attached to a service. */
    public List<AttachedPolicy> policiesOfService(String id) {
        return attachedTo(new ObjectKey(ObjectKind.OBJECT_KIND_SERVICE, id));
    }

    /** The enabled policies attached to a route. */
    public List<AttachedPolicy> policiesOfRoute(String id) {
        return attachedTo(new ObjectKey(ObjectKind.OBJECT_KIND_ROUTE, id));
    }

    /** The enabled policies attached to a plan. */
    public List<AttachedPolicy> policiesOfPlan(String id) {
        return attachedTo(new ObjectKey(ObjectKind.OBJECT_KIND_PLAN, id));
    }

    /** The enabled policies attached to a consumer. */
    public List<AttachedPolicy> policiesOfConsumer(String id) {
        return attachedTo(new ObjectKey(ObjectKind.OBJECT_KIND_CONSUMER, id));
    }

    private List<AttachedPolicy> attachedTo(ObjectKey place) {
        PolicySet there = policies.get(place);
        return there == null ? List.of() : there.attached();
    }
}
