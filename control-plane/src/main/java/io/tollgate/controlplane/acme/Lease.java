package io.tollgate.controlplane.acme;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The right to work on the order of a certificate, and how far it was when it was given. Its text holds no key. Immutable; the bytes are not
 * to be changed.
 *
 * @param owner who has it; every attempt is another
 * @param wanted what is ordered; see {@code CertificateEntity.Acme.wanted}
 * @param orderUrl the order at the server; null: none is open
 * @param privateKey of the certificate, sealed with the certificate's id; null: none is open
 * @param attempts that failed since the last that succeeded
 */
record Lease(
        UUID certificateId,
        UUID owner,
        String wanted,
        @Nullable String orderUrl,
        byte @Nullable [] privateKey,
        int attempts) {
    @Override
    public String toString() {
        return "Lease[" + certificateId + "]";
    }
}
