/**
 * Issuers beside our own whose tokens the admin API believes. Enter at {@code AdminIssuerCatalog}. How their tokens are verified is the
 * edge's affair; nodes know nothing of them. Worker threads only.
 */
@NullMarked
package io.tollgate.controlplane.catalog.adminissuer;

import org.jspecify.annotations.NullMarked;
