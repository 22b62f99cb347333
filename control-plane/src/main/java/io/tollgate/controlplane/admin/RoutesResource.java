package io.tollgate.controlplane.admin;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.tollgate.admin.api.RoutesApi;
import io.tollgate.admin.model.ExplainRequest;
import io.tollgate.admin.model.Route;
import io.tollgate.controlplane.admin.answer.Reads;
import io.tollgate.controlplane.admin.answer.Writes;
import io.tollgate.controlplane.catalog.directory.Directory;
import io.tollgate.controlplane.catalog.directory.Filter;
import io.tollgate.controlplane.catalog.revision.ObjectKind;
import io.tollgate.controlplane.catalog.revision.Reach;
import io.tollgate.controlplane.catalog.route.RouteCatalog;
import io.tollgate.controlplane.catalog.route.RouteEntity;
import io.tollgate.controlplane.snapshot.ConfigurationMirror;
import io.tollgate.engine.explain.Explainer;
import io.tollgate.engine.explain.ShadowedRoutes;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.Response;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Routes over REST. Shared; worker threads only. */
@ApplicationScoped
public class RoutesResource implements RoutesApi {
    private static final String WARNING = "Tollgate-Warning";

    private final RouteCatalog routes;
    private final ConfigurationMirror mirror;
    private final Clock clock;
    private final Directory directory;
    private final Reach reach;
    private final Reads reads;
    private final Writes writes;

    RoutesResource(
            RouteCatalog routes,
            Directory directory,
            Reach reach,
            ConfigurationMirror mirror,
            Clock clock,
            Reads reads,
            Writes writes) {
        this.mirror = mirror;
        this.clock = clock;
        this.routes = routes;
        this.directory = directory;
        this.reach = reach;
        this.reads = reads;
        this.writes = writes;
    }

    @Override
    public Response listRoutes(Integer limit, String cursor, String tag, Boolean enabled, String service) {
        Filter filter = new Filter()
                .tag(tag)
                .enabled(enabled)
                .where(":service member of serviceIds", "service", serviceId(service));
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
        Response answer = writes.post(
                new Writes.Post(routes.kind(), body, idempotencyKey, prefer),
                draft -> routes.create(draft, Drafts.of(body)));
        return warned(answer, body.getName());
    }

    @Override
    public Response getRoute(String nameOrId) {
        return reads.one(() -> routes.get(nameOrId));
    }

    @Override
    public Response putRoute(String nameOrId, Route body, String ifMatch, String prefer) {
        Response answer = writes.put(
                new Writes.Change(routes.kind(), ifMatch, prefer),
                draft -> routes.find(nameOrId),
                (draft, current) -> routes.put(draft, nameOrId, current, Drafts.of(body)));
        return warned(answer, body.getName());
    }

    @Override
    public Response deleteRoute(String nameOrId, String ifMatch, String prefer) {
        return writes.delete(
                new Writes.Change(routes.kind(), ifMatch, prefer), draft -> routes.get(nameOrId), routes::delete);
    }

    @Override
    public Response explain(ExplainRequest body) {
        return Response.ok(ExplainModels.of(
                        Explainer.explain(mirror.configuration(), ExplainModels.question(body, clock.millis()))))
                .build();
    }

    /** Says with the answer what is allowed and probably not meant. */
    private Response warned(Response answer, String name) {
        // The other route may be somebody else's.
        if (reach.isLimited() || answer.getStatusInfo().getFamily() != Response.Status.Family.SUCCESSFUL) {
            return answer;
        }
        RouteEntity written = QuarkusTransaction.requiringNew().call(() -> routes.find(name));
        List<String> sentences = written == null
                ? List.of()
                : ShadowedRoutes.of(mirror.configuration(), written.id().toString());
        return sentences.isEmpty()
                ? answer
                : Response.fromResponse(answer)
                        .header(WARNING, String.join("; ", sentences))
                        .build();
    }
}
