/** The ledger: what counts once, what never counts. */
@NullMarked
package io.tollgate.controlplane.usage;

import org.jspecify.annotations.NullMarked;
