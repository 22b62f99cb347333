/**
 * What was counted, for people and for invoices: sums over the ledger ({@link io.tollgate.controlplane.billing.UsageReport}) and
 * the same as CSV ({@link io.tollgate.controlplane.billing.UsageCsv}). How counts enter is in {@code usage}. Worker threads only.
 */
@NullMarked
package io.tollgate.controlplane.billing;

import org.jspecify.annotations.NullMarked;
