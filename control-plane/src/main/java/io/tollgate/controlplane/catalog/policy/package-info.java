/**
 * Typed rules on traffic and where they are attached. Enter at {@code PolicyCatalog}. Other nouns are in the rooms beside; how a change becomes a revision is in {@code revision}.
 * Worker threads only.
 */
@NullMarked
package io.tollgate.controlplane.catalog.policy;

import org.jspecify.annotations.NullMarked;
