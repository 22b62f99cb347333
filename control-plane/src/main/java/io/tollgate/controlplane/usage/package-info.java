/**
 * The ledger: what nodes counted enters here, once ({@link io.tollgate.controlplane.usage.UsageLedger}), by the stream that {@link
 * io.tollgate.controlplane.usage.UsageStream} serves. What is read from the ledger is in {@code billing}. Threads: those of the
 * stream server, which may block.
 */
@NullMarked
package io.tollgate.controlplane.usage;

import org.jspecify.annotations.NullMarked;
