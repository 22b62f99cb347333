package io.tollgate.node.sync;

import org.jspecify.annotations.Nullable;

/**
 * How the configuration stands, for readiness, metrics and the operator. Immutable.
 *
 * @param appliedRevision that requests follow; 0 for none
 * @param durableRevision that a restart would serve; 0 for none
 * @param digestHex of the applied configuration; empty for none
 * @param controlEpoch the line of revisions; empty for none
 * @param committedAtMillis when the applied revision was committed; 0 when unknown
 * @param peer the control plane that the stream is open to; null when there is none
 * @param heardAtMillis when the control plane was dialled or heard last; 0 for never
 * @param updatesRefused updates that were refused since the start
 */
public record WatchFigures(
        long appliedRevision,
        long durableRevision,
        String digestHex,
        String controlEpoch,
        long committedAtMillis,
        @Nullable String peer,
        long heardAtMillis,
        long updatesRefused) {}
