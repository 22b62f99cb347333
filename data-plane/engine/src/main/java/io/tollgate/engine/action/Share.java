package io.tollgate.engine.action;

import io.tollgate.engine.upstream.Upstream;
import java.util.UUID;

/**
 * One of the services of a split. Immutable.
 *
 * @param upstream the service
 * @param weight against those of the others, 0 to 1000; 0 gets nothing
 */
public record Share(Upstream upstream, int weight) {
    /** A number that belongs to the service alone, the same on every node. */
    long salt() {
        UUID id = UUID.fromString(upstream.id());
        return id.getMostSignificantBits() ^ Long.rotateLeft(id.getLeastSignificantBits(), 32);
    }
}
