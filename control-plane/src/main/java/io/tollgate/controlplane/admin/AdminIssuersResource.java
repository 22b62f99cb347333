package io.tollgate.controlplane.admin;

import io.tollgate.admin.api.AdminIssuersApi;
import io.tollgate.admin.model.AdminIssuer;
import io.tollgate.controlplane.admin.answer.Reads;
import io.tollgate.controlplane.admin.answer.Writes;
import io.tollgate.controlplane.catalog.adminissuer.AdminIssuerCatalog;
import io.tollgate.controlplane.catalog.directory.Filter;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.Response;

/** Issuers of admin tokens over REST. Shared; worker threads only. */
@ApplicationScoped
public class AdminIssuersResource implements AdminIssuersApi {
    private final AdminIssuerCatalog issuers;
    private final Reads reads;
    private final Writes writes;

    AdminIssuersResource(AdminIssuerCatalog issuers, Reads reads, Writes writes) {
        this.issuers = issuers;
        this.reads = reads;
        this.writes = writes;
    }

    @Override
    public Response listAdminIssuers(Integer limit, String cursor, Boolean enabled, String tag) {
        Filter filter = new Filter().tag(tag).enabled(enabled);
        return reads.page(issuers, filter, limit, cursor);
    }

    @Override
    public Response createAdminIssuer(AdminIssuer body, String idempotencyKey, String prefer) {
        return writes.post(
                new Writes.Post(issuers.kind(), body, idempotencyKey, prefer),
                draft -> issuers.create(draft, Drafts.of(body)));
    }

    @Override
    public Response getAdminIssuer(String nameOrId) {
        return reads.one(() -> issuers.get(nameOrId));
    }

    @Override
    public Response putAdminIssuer(String nameOrId, AdminIssuer body, String ifMatch, String prefer) {
        return writes.put(
                new Writes.Change(issuers.kind(), ifMatch, prefer),
                draft -> issuers.find(nameOrId),
                (draft, current) -> issuers.put(draft, nameOrId, current, Drafts.of(body)));
    }

    @Override
    public Response deleteAdminIssuer(String nameOrId, String ifMatch, String prefer) {
        return writes.delete(
                new Writes.Change(issuers.kind(), ifMatch, prefer), draft -> issuers.get(nameOrId), issuers::delete);
    }
}
