/** The contract against itself. */
@NullMarked
package io.tollgate.controlplane.admin.contract;

import org.jspecify.annotations.NullMarked;
