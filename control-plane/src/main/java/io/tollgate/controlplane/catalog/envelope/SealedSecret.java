package io.tollgate.controlplane.catalog.envelope;

import java.time.Instant;

/**
 * A secret as its row holds it. The bytes are not to be changed. Immutable.
 *
 * @param bytes see {@link EnvelopeKey#seal}
 * @param envelopeKeyId of the key that sealed it
 * @param changedAt when it became this one
 */
public record SealedSecret(byte[] bytes, String envelopeKeyId, Instant changedAt) {}
