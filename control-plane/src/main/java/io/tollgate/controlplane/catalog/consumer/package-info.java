/**
 * Who calls. Enter at {@code ConsumerCatalog}. Other nouns are in the rooms beside; how a change becomes a revision is in {@code revision}.
 * Worker threads only.
 */
@NullMarked
package io.tollgate.controlplane.catalog.consumer;

import org.jspecify.annotations.NullMarked;
