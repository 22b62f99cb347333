package io.tollgate.controlplane.stream;

import io.tollgate.controlplane.catalog.revision.ObjectFault;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A node as operators see it, whichever control plane it is connected to. Immutable.
 *
 * @param live connected, and heard of within three heartbeats
 * @param desiredRevision the newest committed one
 * @param configurationAgeMillis how long it has not enforced what it should; 0 when it is up to date
 */
public record NodeView(
        String id,
        boolean live,
        long bootEpoch,
        long desiredRevision,
        long appliedRevision,
        long durableRevision,
        @Nullable Long refusedRevision,
        List<ObjectFault> problems,
        List<ListenerView> listeners,
        long configurationAgeMillis,
        @Nullable Instant appliedAt,
        String version,
        String zone,
        String proxyAddress,
        String operationsAddress,
        Instant connectedAt,
        Instant seenAt) {}
