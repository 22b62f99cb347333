package io.tollgate.controlplane.admin;

import io.tollgate.admin.api.TrustRootsApi;
import io.tollgate.admin.model.TrustRoot;
import io.tollgate.controlplane.admin.answer.Reads;
import io.tollgate.controlplane.admin.answer.Writes;
import io.tollgate.controlplane.catalog.directory.Filter;
import io.tollgate.controlplane.catalog.trustroot.TrustRootCatalog;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.Response;

/** Trust roots over REST. Shared; worker threads only. */
@ApplicationScoped
public class TrustRootsResource implements TrustRootsApi {
    private final TrustRootCatalog trustRoots;
    private final Reads reads;
    private final Writes writes;

    TrustRootsResource(TrustRootCatalog trustRoots, Reads reads, Writes writes) {
        this.trustRoots = trustRoots;
        this.reads = reads;
        this.writes = writes;
    }

    @Override
    public Response listTrustRoots(Integer limit, String cursor, String tag) {
        Filter filter = new Filter().tag(tag);
        return reads.page(trustRoots, filter, limit, cursor);
    }

    @Override
    public Response createTrustRoot(TrustRoot body, String idempotencyKey, String prefer) {
        return writes.post(
                new Writes.Post(trustRoots.kind(), body, idempotencyKey, prefer),
                draft -> trustRoots.create(draft, Drafts.of(body)));
    }

    @Override
    public Response getTrustRoot(String nameOrId) {
        return reads.one(() -> trustRoots.get(nameOrId));
    }

    @Override
    public Response putTrustRoot(String nameOrId, TrustRoot body, String ifMatch, String prefer) {
        return writes.put(
                new Writes.Change(trustRoots.kind(), ifMatch, prefer),
                draft -> trustRoots.find(nameOrId),
                (draft, current) -> trustRoots.put(draft, nameOrId, current, Drafts.of(body)));
    }

    @Override
    public Response deleteTrustRoot(String nameOrId, String ifMatch, String prefer) {
        return writes.delete(
                new Writes.Change(trustRoots.kind(), ifMatch, prefer),
                draft -> trustRoots.get(nameOrId),
                trustRoots::delete);
    }
}
