package io.tollgate.node.pipeline;

import java.util.List;
import java.util.UUID;

/**
 * What a revision takes back, told before the revision itself comes. Immutable.
 *
 * @param revision that says so; from it on the configuration says it
 * @param ids of credentials and consumers
 */
public record Revocation(long revision, List<UUID> ids) {
    /** Copies the list. */
    public Revocation {
        ids = List.copyOf(ids);
    }
}
