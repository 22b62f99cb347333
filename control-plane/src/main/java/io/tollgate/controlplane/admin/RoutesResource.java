package io.tollgate.controlplane.admin;

import io.tollgate.admin.api.RoutesApi;
import io.tollgate.admin.model.Route;
import io.tollgate.controlplane.admin.answer.Reads;
import io.tollgate.controlplane.admin.answer.Writes;
import io.tollgate.controlplane.catalog.directory.Directory;
import io.tollgate.controlplane.catalog.directory.Filter;
import io.tollgate.controlplane.catalog.revision.ObjectKind;
import io.tollgate.controlplane.catalog.route.RouteCatalog;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.Response;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Routes over REST. Shared; worker threads only. */
@ApplicationScoped
public class RoutesResource implements RoutesApi {
    private final RouteCatalog routes;
    private final Directory directory;
    private final Reads reads;
    private final Writes writes;

    RoutesResource(RouteCatalog routes, Directory directory, Reads reads, Writes writes) {
        this.routes = routes;
        this.directory = directory;
        this.reads = reads;
        this.writes = writes;
    }

    @Override
    public Response listRoutes(Integer limit, String cursor, String tag, Boolean enabled, String service) {
        Filter filter =
                new Filter().tag(tag).enabled(enabled).where("serviceId = :service", "service", serviceId(service));
        return reads.page(routes, filter, limit, cursor);
    }

    /** Of a service that is not there, there are no routes. */
    private @Nullable UUID serviceId(@Nullable String nameOrId) {
        if (nameOrId == null) {
            return null;
        }
        UUID id = directory.idOf(ObjectKind.SERVICE, nameOrId);
        return id == null ? new UUID(0, 0) : id;
    }

    @Override
    public Response createRoute(Route body, String idempotencyKey, String prefer) {
        return writes.post(
                new Writes.Post(routes.kind(), body, idempotencyKey, prefer),
                draft -> routes.create(draft, Drafts.of(body)));
    }

    @Override
    public Response getRoute(String nameOrId) {
        return reads.one(() -> routes.get(nameOrId));
    }

    @Override
    public Response putRoute(String nameOrId, Route body, String ifMatch, String prefer) {
        return writes.put(
                new Writes.Change(routes.kind(), ifMatch, prefer),
                draft -> routes.find(nameOrId),
                (draft, current) -> routes.put(draft, nameOrId, current, Drafts.of(body)));
    }

    @Override
    public Response deleteRoute(String nameOrId, String ifMatch, String prefer) {
        return writes.delete(
                new Writes.Change(routes.kind(), ifMatch, prefer), draft -> routes.get(nameOrId), routes::delete);
    }
}
