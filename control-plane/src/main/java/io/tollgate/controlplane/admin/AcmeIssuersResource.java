package io.tollgate.controlplane.admin;

import io.tollgate.admin.api.AcmeIssuersApi;
import io.tollgate.admin.model.AcmeIssuer;
import io.tollgate.controlplane.admin.answer.Reads;
import io.tollgate.controlplane.admin.answer.Writes;
import io.tollgate.controlplane.catalog.acmeissuer.AcmeIssuerCatalog;
import io.tollgate.controlplane.catalog.directory.Filter;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.Response;

/** ACME issuers over REST. Shared; worker threads only. */
@ApplicationScoped
public class AcmeIssuersResource implements AcmeIssuersApi {
    private final AcmeIssuerCatalog issuers;
    private final Reads reads;
    private final Writes writes;

    AcmeIssuersResource(AcmeIssuerCatalog issuers, Reads reads, Writes writes) {
        this.issuers = issuers;
        this.reads = reads;
        this.writes = writes;
    }

    @Override
    public Response listAcmeIssuers(Integer limit, String cursor, String tag) {
        Filter filter = new Filter().tag(tag);
        return reads.page(issuers, filter, limit, cursor);
    }

    @Override
    public Response createAcmeIssuer(AcmeIssuer body, String idempotencyKey, String prefer) {
        return writes.post(
                new Writes.Post(issuers.kind(), body, idempotencyKey, prefer),
                draft -> issuers.create(draft, Drafts.of(body)));
    }

    @Override
    public Response getAcmeIssuer(String nameOrId) {
        return reads.one(() -> issuers.get(nameOrId));
    }

    @Override
    public Response putAcmeIssuer(String nameOrId, AcmeIssuer body, String ifMatch, String prefer) {
        return writes.put(
                new Writes.Change(issuers.kind(), ifMatch, prefer),
                draft -> issuers.find(nameOrId),
                (draft, current) -> issuers.put(draft, nameOrId, current, Drafts.of(body)));
    }

    @Override
    public Response deleteAcmeIssuer(String nameOrId, String ifMatch, String prefer) {
        return writes.delete(
                new Writes.Change(issuers.kind(), ifMatch, prefer), draft -> issuers.get(nameOrId), issuers::delete);
    }
}
