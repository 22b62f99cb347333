package io.tollgate.controlplane.catalog.acmeissuer;

import java.security.KeyPair;
import org.jspecify.annotations.Nullable;

/**
 * The secrets of an ACME issuer, opened. Its text holds none of them. Immutable; the bytes are not to be changed.
 *
 * @param account key of the account at the server
 * @param externalHmac key of the external account; null when there is none
 */
public record AcmeIssuerKeys(KeyPair account, byte @Nullable [] externalHmac) {
    @Override
    public String toString() {
        return "AcmeIssuerKeys[]";
    }
}
