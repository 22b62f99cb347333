/** Tests of how secrets are sealed. */
@NullMarked
package io.tollgate.controlplane.catalog.envelope;

import org.jspecify.annotations.NullMarked;
