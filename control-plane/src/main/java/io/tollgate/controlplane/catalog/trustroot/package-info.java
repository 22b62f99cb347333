/**
 * Authorities whose signatures on certificates are believed. Enter at {@code TrustRootCatalog}. Other nouns are in the rooms beside; how
 * a change becomes a revision is in {@code revision}. Worker threads only.
 */
@NullMarked
package io.tollgate.controlplane.catalog.trustroot;

import org.jspecify.annotations.NullMarked;
