/**
 * How configuration comes in: the stream to the control plane, the replica that folds it, the file that outlives a
 * restart.
 *
 * <p>Here: {@link io.tollgate.node.sync.SnapshotWatch} (the entry), {@link io.tollgate.node.sync.SnapshotReplica},
 * {@link io.tollgate.node.sync.SnapshotFile}. Not here: what a snapshot means (engine, compile), how requests see it
 * (pipeline), dialling (dial). One watch thread folds and compiles, one writes the file, one keeps the heartbeat; event
 * loops are never used.
 */
@NullMarked
package io.tollgate.node.sync;

import org.jspecify.annotations.NullMarked;
