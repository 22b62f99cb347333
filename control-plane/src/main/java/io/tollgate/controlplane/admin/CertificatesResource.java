package io.tollgate.controlplane.admin;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.tollgate.admin.api.CertificatesApi;
import io.tollgate.admin.model.Certificate;
import io.tollgate.controlplane.acme.AcmeClient;
import io.tollgate.controlplane.admin.answer.Reads;
import io.tollgate.controlplane.admin.answer.Writes;
import io.tollgate.controlplane.admin.token.Caller;
import io.tollgate.controlplane.catalog.audit.AuditLog;
import io.tollgate.controlplane.catalog.audit.Deed;
import io.tollgate.controlplane.catalog.certificate.CertificateCatalog;
import io.tollgate.controlplane.catalog.certificate.CertificateEntity;
import io.tollgate.controlplane.catalog.directory.Filter;
import io.tollgate.controlplane.catalog.revision.CatalogConflict;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.Response;
import java.sql.SQLException;
import java.time.OffsetDateTime;

/** Certificates over REST. Shared; worker threads only. */
@ApplicationScoped
public class CertificatesResource implements CertificatesApi {
    private final CertificateCatalog certificates;
    private final Reads reads;
    private final Writes writes;
    private final AcmeClient acme;
    private final AuditLog audit;
    private final Caller caller;

    CertificatesResource(
            CertificateCatalog certificates,
            Reads reads,
            Writes writes,
            AcmeClient acme,
            AuditLog audit,
            Caller caller) {
        this.certificates = certificates;
        this.acme = acme;
        this.audit = audit;
        this.caller = caller;
        this.reads = reads;
        this.writes = writes;
    }

    @Override
    public Response listCertificates(Integer limit, String cursor, String tag, OffsetDateTime expiresBefore) {
        Filter filter = new Filter()
                .tag(tag)
                .where(
                        "notAfter < :expiresBefore",
                        "expiresBefore",
                        expiresBefore == null ? null : expiresBefore.toInstant());
        return reads.page(certificates, filter, limit, cursor);
    }

    @Override
    public Response createCertificate(Certificate body, String idempotencyKey, String prefer) {
        return writes.post(
                new Writes.Post(certificates.kind(), body, idempotencyKey, prefer),
                draft -> certificates.create(draft, Drafts.of(body)));
    }

    @Override
    public Response getCertificate(String nameOrId) {
        return reads.one(() -> certificates.get(nameOrId));
    }

    @Override
    public Response putCertificate(String nameOrId, Certificate body, String ifMatch, String prefer) {
        return writes.put(
                new Writes.Change(certificates.kind(), ifMatch, prefer),
                draft -> certificates.find(nameOrId),
                (draft, current) -> certificates.put(draft, nameOrId, current, Drafts.of(body)));
    }

    @Override
    public Response renewCertificate(String nameOrId) {
        QuarkusTransaction.requiringNew().run(() -> {
            CertificateEntity certificate = certificates.get(nameOrId);
            hasten(certificate);
            audit.beside(
                    caller.actor(),
                    new Deed("renew", certificates.kind().word(), certificate.id(), certificate.name(), null, null));
        });
        return reads.accepted(() -> certificates.get(nameOrId));
    }

    private void hasten(CertificateEntity certificate) {
        try {
            if (!acme.hasten(certificate.id())) {
                throw new CatalogConflict("certificate " + certificate.name()
                        + " is not got from an ACME issuer (expected: one with acme)");
            }
        } catch (SQLException e) {
            throw new IllegalStateException("the table of orders cannot be written", e);
        }
    }

    @Override
    public Response deleteCertificate(String nameOrId, String ifMatch, String prefer) {
        return writes.delete(
                new Writes.Change(certificates.kind(), ifMatch, prefer),
                draft -> certificates.get(nameOrId),
                certificates::delete);
    }
}
