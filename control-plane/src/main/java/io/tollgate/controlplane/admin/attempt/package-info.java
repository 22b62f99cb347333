/**
 * Attempts that were refused, on their way into the audit: one place for all operations. Enter at
 * {@link io.tollgate.controlplane.admin.attempt.AttemptWitness}. What was done is written down by the catalog itself. Worker threads.
 */
@NullMarked
package io.tollgate.controlplane.admin.attempt;

import org.jspecify.annotations.NullMarked;
