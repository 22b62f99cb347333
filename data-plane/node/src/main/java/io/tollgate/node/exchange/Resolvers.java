package io.tollgate.node.exchange;

import io.tollgate.engine.compile.CompiledConfiguration;
import io.tollgate.engine.policy.EffectivePolicies;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Knows which resolvers the calls of a route need. Shared. */
@FunctionalInterface
public interface Resolvers {
    /** Nothing is ever waited for. */
    Resolvers NONE = policies -> List.of();

    /** Those of a route where these policies win, in the order in which they are asked; none for most. */
    List<Resolver> of(EffectivePolicies policies);

    /** Who tells upstreams who calls, on a route where these policies win; null: nobody. */
    default @Nullable Introducer introducer(EffectivePolicies policies) {
        return null;
    }

    /** Where the gateway answers by itself under this configuration. */
    default OwnEndpoints endpoints(CompiledConfiguration configuration) {
        return OwnEndpoints.NONE;
    }
}
