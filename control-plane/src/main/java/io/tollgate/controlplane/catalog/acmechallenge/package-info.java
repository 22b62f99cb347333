/**
 * What ACME servers are answered that ask nodes for a token. Enter at {@code AcmeChallengeCatalog}. Other nouns are in the rooms beside; how a change becomes a revision is in {@code revision}.
 * Worker threads only.
 */
@NullMarked
package io.tollgate.controlplane.catalog.acmechallenge;

import org.jspecify.annotations.NullMarked;
