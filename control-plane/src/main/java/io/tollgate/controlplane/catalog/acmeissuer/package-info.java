/**
 * ACME servers that certificates are got from, with the accounts there. Enter at {@code AcmeIssuerCatalog}. Who calls them is in the room
 * {@code acme}; how keys are sealed is in {@code envelope}, how a change becomes a revision in {@code revision}. Worker threads only.
 */
@NullMarked
package io.tollgate.controlplane.catalog.acmeissuer;

import org.jspecify.annotations.NullMarked;
