/**
 * Certificates with their private keys. Enter at {@code CertificateCatalog}. Other nouns are in the rooms beside; how keys are sealed is
 * in {@code envelope}, how a change becomes a revision in {@code revision}. Worker threads only.
 */
@NullMarked
package io.tollgate.controlplane.catalog.certificate;

import org.jspecify.annotations.NullMarked;
