/**
 * Which plan a consumer has, from when to when. Enter at {@code SubscriptionCatalog}. Other nouns are in the rooms beside; how a change becomes a revision is in {@code revision}.
 * Worker threads only.
 */
@NullMarked
package io.tollgate.controlplane.catalog.subscription;

import org.jspecify.annotations.NullMarked;
