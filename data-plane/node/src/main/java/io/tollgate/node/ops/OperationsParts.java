package io.tollgate.node.ops;

import io.tollgate.node.exchange.Clock;
import io.tollgate.node.pipeline.ActiveSnapshot;
import io.tollgate.node.telemetry.NodeMetrics;

/**
 * What the operations port tells of. Immutable; what it refers to is shared.
 *
 * @param active the configuration that the node serves
 * @param clock for what depends on the time
 * @param metrics what /metrics tells
 * @param snapshotText what /snapshot tells
 */
public record OperationsParts(ActiveSnapshot active, Clock clock, NodeMetrics metrics, SnapshotText snapshotText) {}
