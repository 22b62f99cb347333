package io.tollgate.controlplane.catalog.certificate;

/**
 * A private key as its row holds it. The bytes are not to be changed. Immutable.
 *
 * @param bytes see {@link io.tollgate.controlplane.catalog.envelope.EnvelopeKey#seal}
 * @param envelopeKeyId of the key that sealed it
 */
record SealedKey(byte[] bytes, String envelopeKeyId) {}
