/**
 * The contract (admin.yaml) at work: which roles may call what, and what parameters and bodies must look like. Enter at
 * {@link io.tollgate.controlplane.admin.contract.ContractGate}. Rules that need the database are in {@code catalog}. Worker threads.
 */
@NullMarked
package io.tollgate.controlplane.admin.contract;

import org.jspecify.annotations.NullMarked;
