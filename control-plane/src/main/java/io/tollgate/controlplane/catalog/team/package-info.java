/**
 * Teams, and how far somebody reaches who is limited to some of them. Enter at {@code TeamCatalog} and {@code TeamReach}. Which token is
 * limited to which teams is the edge's affair; nodes know nothing of teams. Worker threads only.
 */
@NullMarked
package io.tollgate.controlplane.catalog.team;

import org.jspecify.annotations.NullMarked;
