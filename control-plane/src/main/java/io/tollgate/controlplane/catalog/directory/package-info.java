/**
 * What every noun has in common: found by name or id, listed by name, referred to by others. Enter at
 * {@link io.tollgate.controlplane.catalog.directory.NamedCatalog}. The rules of one noun are in its own room. Worker threads only.
 */
@NullMarked
package io.tollgate.controlplane.catalog.directory;

import org.jspecify.annotations.NullMarked;
