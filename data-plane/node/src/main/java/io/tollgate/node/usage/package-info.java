/**
 * The node's side of the meter: counts that survive the death of the process, and their way to the ledger.
 *
 * <p>Here: {@link io.tollgate.node.usage.UsageJournal} (one per event loop, hot),
 * {@link io.tollgate.node.usage.SegmentStore} (files, recovery) and {@link io.tollgate.node.usage.UsageReporter}
 * (sealed segments to batches; the entry for who wires). Not here: what is counted as what (exchange), the ledger
 * (control plane). Event loops write; one reporter thread does all that touches disk or network.
 */
@NullMarked
package io.tollgate.node.usage;

import org.jspecify.annotations.NullMarked;
