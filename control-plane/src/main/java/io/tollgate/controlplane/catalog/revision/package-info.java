/**
 * The one line of revisions: the counter, its log, and the only door through which the catalog changes. Enter at
 * {@link io.tollgate.controlplane.catalog.revision.RevisionLog}. What a noun may look like is in that noun's room; what nodes get
 * is in {@code snapshot}. Worker threads only.
 */
@NullMarked
package io.tollgate.controlplane.catalog.revision;

import org.jspecify.annotations.NullMarked;
