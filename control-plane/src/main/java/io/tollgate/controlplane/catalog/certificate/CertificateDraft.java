package io.tollgate.controlplane.catalog.certificate;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a caller wants a certificate to be; its shape has been judged against the contract. Its text never holds the key. Immutable.
 *
 * @param certificateChain PEM; absent where an ACME issuer gives it
 * @param privateKey PEM; absent: the one that is there stays
 * @param ocspResponse DER in Base64
 * @param acme how it is got from an ACME issuer; absent: it is not
 */
public record CertificateDraft(
        String name,
        @Nullable String certificateChain,
        @Nullable String privateKey,
        @Nullable String ocspResponse,
        @Nullable Acme acme,
        List<String> tags) {
    /**
     * How a certificate is got.
     *
     * @param issuer name or id
     * @param domains that it is for
     * @param keyType ecdsa-p256, ecdsa-p384, or rsa- and its bits
     * @param challenge http-01 or tls-alpn-01
     */
    public record Acme(String issuer, List<String> domains, String keyType, String challenge) {}

    /** The chain of one that is given. */
    String givenChain() {
        return Objects.requireNonNullElse(certificateChain, "");
    }

    @Override
    public String toString() {
        return "CertificateDraft[" + name + "]";
    }
}
