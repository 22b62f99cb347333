package io.tollgate.controlplane.stream;

import io.tollgate.controlplane.catalog.revision.ObjectFault;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one node enforces, as last heard. Immutable.
 *
 * @param connected whether a control plane holds a stream of it
 * @param desiredRevision what it was last offered, or holds when nothing newer was
 * @param refusedRevision the last one that it refused after the applied one; 0: none
 * @param targets how it sees the targets of its services
 * @param listeners how it fares with the listeners of the configuration
 * @param appliedAt when the applied revision was first reported; absent while there is none
 */
public record NodeState(
        Identity identity,
        boolean connected,
        long desiredRevision,
        long appliedRevision,
        long durableRevision,
        long refusedRevision,
        List<ObjectFault> problems,
        List<TargetView> targets,
        List<ListenerView> listeners,
        @Nullable Instant appliedAt) {

    /** Who a node says that it is, for the life of one stream. */
    public record Identity(
            String nodeId,
            long bootEpoch,
            String zone,
            String version,
            String proxyAddress,
            String operationsAddress,
            Instant connectedAt) {}

    public String nodeId() {
        return identity.nodeId();
    }

    NodeState asDisconnected() {
        return new NodeState(
                identity,
                false,
                desiredRevision,
                appliedRevision,
                durableRevision,
                refusedRevision,
                problems,
                targets,
                listeners,
                appliedAt);
    }
}
