/**
 * The desired state as the nodes' messages: rows become objects ({@link io.tollgate.controlplane.snapshot.CatalogRows}), the
 * newest committed configuration is kept in memory ({@link io.tollgate.controlplane.snapshot.ConfigurationMirror}), full snapshots
 * and deltas are cut from it, and the nodes' own compiler judges every write before it is committed ({@link
 * io.tollgate.controlplane.snapshot.CompilerGate}). How updates travel is in {@code stream}; what operators may write is in
 * {@code catalog}. Threads: any that may block.
 */
@NullMarked
package io.tollgate.controlplane.snapshot;

import org.jspecify.annotations.NullMarked;
