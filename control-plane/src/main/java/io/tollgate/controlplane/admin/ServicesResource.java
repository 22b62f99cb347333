package io.tollgate.controlplane.admin;

import io.tollgate.admin.api.ServicesApi;
import io.tollgate.admin.model.NodeTargetHealth;
import io.tollgate.admin.model.Service;
import io.tollgate.admin.model.ServiceHealth;
import io.tollgate.admin.model.TargetHealth;
import io.tollgate.controlplane.DatabaseFailure;
import io.tollgate.controlplane.admin.answer.Reads;
import io.tollgate.controlplane.admin.answer.Writes;
import io.tollgate.controlplane.catalog.directory.Filter;
import io.tollgate.controlplane.catalog.service.ServiceCatalog;
import io.tollgate.controlplane.catalog.service.ServiceEntity;
import io.tollgate.controlplane.stream.NodeDirectory;
import io.tollgate.controlplane.stream.TargetView;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.Response;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Services over REST. Shared; worker threads only. */
@ApplicationScoped
public class ServicesResource implements ServicesApi {
    private final ServiceCatalog services;
    private final Reads reads;
    private final Writes writes;
    private final NodeDirectory nodes;
    private final Clock clock;

    ServicesResource(ServiceCatalog services, NodeDirectory nodes, Clock clock, Reads reads, Writes writes) {
        this.clock = clock;
        this.services = services;
        this.nodes = nodes;
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

    @Override
    public Response getServiceHealth(String nameOrId) {
        return reads.whole(() -> {
            ServiceEntity service = services.get(nameOrId);
            return health(service.name(), DatabaseFailure.unchecked(() -> nodes.targets(service.id())));
        });
    }

    private ServiceHealth health(String service, Map<String, List<TargetView>> byNode) {
        long nowMillis = clock.millis();
        Map<String, TargetHealth> targets = new TreeMap<>();
        byNode.forEach((node, seen) -> seen.forEach(target -> targets.computeIfAbsent(
                        target.host() + " " + target.port(),
                        unknown -> new TargetHealth().host(target.host()).port(target.port()))
                .addNodesItem(model(node, target, nowMillis))));
        return new ServiceHealth().service(service).targets(List.copyOf(targets.values()));
    }

    private static NodeTargetHealth model(String node, TargetView target, long nowMillis) {
        boolean ejected = target.ejectedUntilMillis() > nowMillis;
        return new NodeTargetHealth()
                .node(node)
                .checked(NodeTargetHealth.CheckedEnum.fromValue(target.checked()))
                .callable(!ejected && !target.checked().equals("unhealthy"))
                .ejectedUntil(
                        ejected
                                ? Instant.ofEpochMilli(target.ejectedUntilMillis())
                                        .atOffset(ZoneOffset.UTC)
                                : null)
                .inFlight(target.inFlight())
                .detail(target.detail().isEmpty() ? null : target.detail());
    }
}
