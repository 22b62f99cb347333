/**
 * Where nodes take calls. Enter at {@code ListenerCatalog}. Other nouns are in the rooms beside; how a change becomes a revision is in {@code revision}.
 * Worker threads only.
 */
@NullMarked
package io.tollgate.controlplane.catalog.listener;

import org.jspecify.annotations.NullMarked;
