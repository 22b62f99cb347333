package io.tollgate.engine.compile;

import io.tollgate.engine.policy.Policies;
import java.util.List;

/** The enabled policies attached to one place, and all of them in words. Immutable. */
record PolicySet(Policies policies, List<AttachedPolicy> attached) {
    static final PolicySet NONE = new PolicySet(Policies.NONE, List.of());

    /** Copies the list. */
    PolicySet {
        attached = List.copyOf(attached);
    }
}
