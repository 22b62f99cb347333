package io.tollgate.node.discovery;

import io.tollgate.engine.upstream.NamedInstance;
import java.util.List;

/**
 * What the domain name system said. Immutable.
 *
 * @param instances in a stable order; empty when the name has none
 * @param ttlSeconds the shortest time to live among its records; 0 when there is none
 */
public record DnsAnswer(List<NamedInstance> instances, long ttlSeconds) {
    /** The name exists without such records, or does not exist. */
    static final DnsAnswer EMPTY = new DnsAnswer(List.of(), 0);

    /** Copies the list. */
    public DnsAnswer {
        instances = List.copyOf(instances);
    }

    /** Both together. */
    DnsAnswer and(DnsAnswer other) {
        if (instances.isEmpty() || other.instances.isEmpty()) {
            return instances.isEmpty() ? other : this;
        }
        List<NamedInstance> all = new java.util.ArrayList<>(instances);
        all.addAll(other.instances);
        return new DnsAnswer(all, Math.min(ttlSeconds, other.ttlSeconds));
    }
}
