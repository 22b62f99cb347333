package io.tollgate.controlplane.admin;

import io.tollgate.admin.api.ServicesApi;
import io.tollgate.admin.model.Service;
import io.tollgate.controlplane.admin.answer.Reads;
import io.tollgate.controlplane.admin.answer.Writes;
import io.tollgate.controlplane.catalog.directory.Filter;
import io.tollgate.controlplane.catalog.service.ServiceCatalog;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.Response;

/** Services over REST. Shared; worker threads only. */
@ApplicationScoped
public class ServicesResource implements ServicesApi {
    private final ServiceCatalog services;
    private final Reads reads;
    private final Writes writes;

    ServicesResource(ServiceCatalog services, Reads reads, Writes writes) {
        this.services = services;
        this.reads = reads;
        this.writes = writes;
    }

    @Override
    public Response listServices(Integer limit, String cursor, String tag, Boolean enabled) {
        Filter filter = new Filter().tag(tag).enabled(enabled);
        return reads.page(services, filter, limit, cursor);
    }

    @Override
    public Response createService(Service body, String idempotencyKey, String prefer) {
        return writes.post(
                new Writes.Post(services.kind(), body, idempotencyKey, prefer),
                draft -> services.create(draft, Drafts.of(body)));
    }

    @Override
    public Response getService(String nameOrId) {
        return reads.one(() -> services.get(nameOrId));
    }

    @Override
    public Response putService(String nameOrId, Service body, String ifMatch, String prefer) {
        return writes.put(
                new Writes.Change(services.kind(), ifMatch, prefer),
                draft -> services.find(nameOrId),
                (draft, current) -> services.put(draft, nameOrId, current, Drafts.of(body)));
    }

    @Override
    public Response deleteService(String nameOrId, String ifMatch, String prefer) {
        return writes.delete(
                new Writes.Change(services.kind(), ifMatch, prefer), draft -> services.get(nameOrId), services::delete);
    }
}
