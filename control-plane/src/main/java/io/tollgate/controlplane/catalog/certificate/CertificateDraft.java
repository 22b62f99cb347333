package io.tollgate.controlplane.catalog.certificate;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a caller wants a certificate to be; its shape has been judged against the contract. Its text never holds the key. Immutable.
 *
 * @param certificateChain PEM
 * @param privateKey PEM; absent: the one that is there stays
 * @param ocspResponse DER in Base64
 */
public record CertificateDraft(
        String name,
        String certificateChain,
        @Nullable String privateKey,
        @Nullable String ocspResponse,
        List<String> tags) {
    @Override
    public String toString() {
        return "CertificateDraft[" + name + "]";
    }
}
