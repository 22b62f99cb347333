package io.tollgate.engine.compile;

import io.tollgate.engine.consumer.Consumer;
import io.tollgate.engine.consumer.Plan;
import java.util.Map;

/**
 * What a compilation leaves for the next one, so that only what changed is compiled again. Immutable; opaque to all but
 * the compiler.
 */
public final class Linkage {
    final WireConfiguration wire;
    final long wireVersion;
    final Map<String, Plan> plans;
    final PersistentMap<String, Consumer> consumers;
    final PersistentMap<ObjectKey, PolicySet> policies;

    Linkage(
            WireConfiguration wire,
            long wireVersion,
            Map<String, Plan> plans,
            PersistentMap<String, Consumer> consumers,
            PersistentMap<ObjectKey, PolicySet> policies) {
        this.wire = wire;
        this.wireVersion = wireVersion;
        this.plans = plans;
        this.consumers = consumers;
        this.policies = policies;
    }
}
