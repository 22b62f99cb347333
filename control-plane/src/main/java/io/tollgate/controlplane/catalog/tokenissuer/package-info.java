/**
 * Whose tokens are believed. Enter at {@code TokenIssuerCatalog}. Other nouns are in the rooms beside; how a change becomes a revision is in
 * {@code revision}. Worker threads only.
 */
@NullMarked
package io.tollgate.controlplane.catalog.tokenissuer;

import org.jspecify.annotations.NullMarked;
