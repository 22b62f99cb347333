package io.tollgate.controlplane.admin;

import io.tollgate.admin.api.CertificatesApi;
import io.tollgate.admin.model.Certificate;
import io.tollgate.controlplane.admin.answer.Reads;
import io.tollgate.controlplane.admin.answer.Writes;
import io.tollgate.controlplane.catalog.certificate.CertificateCatalog;
import io.tollgate.controlplane.catalog.directory.Filter;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.Response;
import java.time.OffsetDateTime;

/** Certificates over REST. Shared; worker threads only. */
@ApplicationScoped
public class CertificatesResource implements CertificatesApi {
    private final CertificateCatalog certificates;
    private final Reads reads;
    private final Writes writes;

    CertificatesResource(CertificateCatalog certificates, Reads reads, Writes writes) {
        this.certificates = certificates;
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
    public Response deleteCertificate(String nameOrId, String ifMatch, String prefer) {
        return writes.delete(
                new Writes.Change(certificates.kind(), ifMatch, prefer),
                draft -> certificates.get(nameOrId),
                certificates::delete);
    }
}
