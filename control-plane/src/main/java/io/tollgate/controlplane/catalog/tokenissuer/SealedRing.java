package io.tollgate.controlplane.catalog.tokenissuer;

import java.util.List;

/**
 * Key pairs as their row holds them. The bytes are not to be changed. Immutable.
 *
 * @param bytes see {@link io.tollgate.controlplane.catalog.envelope.EnvelopeKey#seal}
 * @param envelopeKeyId of the key that sealed them
 */
record SealedRing(byte[] bytes, String envelopeKeyId, List<ListedKey> listed) {
    /** Copies the list. */
    SealedRing {
        listed = List.copyOf(listed);
    }
}
