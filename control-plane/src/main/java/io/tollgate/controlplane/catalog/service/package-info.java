/**
 * Upstream APIs and their targets. Enter at {@code ServiceCatalog}. Other nouns are in the rooms beside; how a change becomes a revision is in {@code revision}.
 * Worker threads only.
 */
@NullMarked
package io.tollgate.controlplane.catalog.service;

import org.jspecify.annotations.NullMarked;
