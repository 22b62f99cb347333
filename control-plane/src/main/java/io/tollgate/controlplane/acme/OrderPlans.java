package io.tollgate.controlplane.acme;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.tollgate.controlplane.catalog.acmeissuer.AcmeIssuerCatalog;
import io.tollgate.controlplane.catalog.acmeissuer.AcmeIssuerEntity;
import io.tollgate.controlplane.catalog.certificate.CertificateCatalog;
import io.tollgate.controlplane.catalog.certificate.CertificateEntity;
import io.tollgate.controlplane.catalog.trustroot.TrustRootCatalog;
import jakarta.inject.Singleton;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads what orders are to get. Shared; blocks. */
@Singleton
final class OrderPlans {
    private final CertificateCatalog certificates;
    private final AcmeIssuerCatalog issuers;
    private final TrustRootCatalog trustRoots;

    OrderPlans(CertificateCatalog certificates, AcmeIssuerCatalog issuers, TrustRootCatalog trustRoots) {
        this.certificates = certificates;
        this.issuers = issuers;
        this.trustRoots = trustRoots;
    }

    /** What a certificate is to be; null when it is got no more. */
    @Nullable
    OrderPlan read(UUID certificateId) {
        return QuarkusTransaction.requiringNew().call(() -> {
            CertificateEntity certificate = certificates.find(certificateId.toString());
            CertificateEntity.Acme acme = certificate == null ? null : certificate.acme();
            if (certificate == null || acme == null) {
                return null;
            }
            AcmeIssuerEntity issuer = issuers.get(acme.issuerId().toString());
            List<X509Certificate> trusted = issuer.trustRootIds().stream()
                    .sorted()
                    .flatMap(id -> trustRoots.get(id.toString()).authorities().stream())
                    .toList();
            return new OrderPlan(
                    certificate.name(),
                    acme,
                    new OrderPlan.Issuer(
                            issuer.id(),
                            issuer.name(),
                            issuer.directoryUrl(),
                            List.copyOf(issuer.contacts()),
                            issuer.externalKeyId(),
                            issuers.keys(issuer),
                            trusted));
        });
    }
}
