/**
 * What a request must look like, and which service answers. Enter at {@code RouteCatalog}. Other nouns are in the rooms beside; how a change becomes a revision is in {@code revision}.
 * Worker threads only.
 */
@NullMarked
package io.tollgate.controlplane.catalog.route;

import org.jspecify.annotations.NullMarked;
