package io.tollgate.engine.upstream;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A service as the gateway calls it. Immutable; the states it refers to are shared.
 *
 * @param id canonical UUID text of the service
 * @param name unique name of the service
 * @param enabled false: its routes are answered with 503
 * @param targets as configured
 * @param states of the targets, at the same positions
 * @param balancer chooses between them
 * @param connectTimeoutMillis longest wait for a connection
 * @param responseTimeoutMillis from the last byte of the request sent to the first byte of the answer's head
 * @param idleTimeoutMillis longest silence in either body
 * @param preserveHost true: the upstream gets the client's Host; false: the target's own
 * @param pathPrefix put before every forwarded path; empty or "/..." without a trailing slash
 */
public record Upstream(
        String id,
        String name,
        boolean enabled,
        List<Target> targets,
        List<TargetState> states,
        Balancer balancer,
        long connectTimeoutMillis,
        long responseTimeoutMillis,
        long idleTimeoutMillis,
        boolean preserveHost,
        String pathPrefix) {
    /** Copies the lists. */
    public Upstream {
        targets = List.copyOf(targets);
        states = List.copyOf(states);
        if (targets.size() != states.size()) {
            throw new IllegalArgumentException(targets.size() + " targets, " + states.size() + " states");
        }
    }

    /** The target for a call now; null only when no target takes calls. */
    public @Nullable TargetState pick(long nowMillis) {
        return balancer.pick(nowMillis);
    }
}
