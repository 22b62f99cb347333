/**
 * Secrets of the catalog that must be read again, sealed for the database. Enter at
 * {@link io.tollgate.controlplane.catalog.envelope.EnvelopeKey}. Secrets that are only compared are kept as digests, in the rooms of
 * their nouns.
 */
@NullMarked
package io.tollgate.controlplane.catalog.envelope;

import org.jspecify.annotations.NullMarked;
