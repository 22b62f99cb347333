package io.tollgate.controlplane.acme;

import io.tollgate.controlplane.catalog.acmeissuer.AcmeIssuerKeys;
import io.tollgate.controlplane.catalog.certificate.CertificateEntity;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What one attempt is to get, as it was read at its start. Its text holds no key. Immutable.
 *
 * @param name of the certificate, for people
 * @param acme what is wanted
 */
record OrderPlan(String name, CertificateEntity.Acme acme, Issuer issuer) {
    /**
     * From whom.
     *
     * @param externalKeyId of the external account; null when there is none
     * @param trusted authorities that are believed about the server; empty: the runtime's
     */
    record Issuer(
            UUID id,
            String name,
            String directoryUrl,
            List<String> contacts,
            @Nullable String externalKeyId,
            AcmeIssuerKeys keys,
            List<X509Certificate> trusted) {}
}
