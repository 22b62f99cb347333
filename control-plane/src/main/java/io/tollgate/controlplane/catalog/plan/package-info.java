/**
 * What can be bought. Enter at {@code PlanCatalog}. Other nouns are in the rooms beside; how a change becomes a revision is in {@code revision}.
 * Worker threads only.
 */
@NullMarked
package io.tollgate.controlplane.catalog.plan;

import org.jspecify.annotations.NullMarked;
