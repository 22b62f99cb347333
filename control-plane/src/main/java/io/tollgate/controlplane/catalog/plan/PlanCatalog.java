package io.tollgate.controlplane.catalog.plan;

import io.tollgate.controlplane.catalog.directory.Directory;
import io.tollgate.controlplane.catalog.directory.NamedCatalog;
import io.tollgate.controlplane.catalog.policy.RateWindowRow;
import io.tollgate.controlplane.catalog.revision.FieldFaults;
import io.tollgate.controlplane.catalog.revision.ObjectKind;
import jakarta.inject.Singleton;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Plans and their rules. Shared; worker threads only. */
@Singleton
public class PlanCatalog extends NamedCatalog<PlanEntity, PlanDraft> {
    private final Directory directory;

    PlanCatalog(PlanRepository rows, Directory directory) {
        super(ObjectKind.PLAN, rows);
        this.directory = directory;
    }

    @Override
    protected PlanEntity blank() {
        return new PlanEntity();
    }

    @Override
    protected String nameOf(PlanDraft wanted) {
        return wanted.name();
    }

    @Override
    protected Consumer<PlanEntity> judge(PlanDraft wanted, PlanEntity entity, FieldFaults faults) {
        faults.duplicates("/tags", wanted.tags());
        RateWindowRow.judge("/rate_limits", wanted.rateLimits(), faults);
        Set<UUID> routes = references(ObjectKind.ROUTE, wanted.routes(), "/routes", faults);
        Set<UUID> services = references(ObjectKind.SERVICE, wanted.services(), "/services", faults);
        return row -> row.apply(wanted, routes, services);
    }

    private Set<UUID> references(ObjectKind kind, List<String> namesOrIds, String pointer, FieldFaults faults) {
        Map<String, UUID> found = directory.idsOf(kind, namesOrIds);
        Set<UUID> ids = new HashSet<>();
        for (int i = 0; i < namesOrIds.size(); i++) {
            String text = namesOrIds.get(i);
            UUID id = found.get(text);
            if (id == null) {
                faults.add(pointer + "/" + i, text + " (expected: name or id of a " + kind.word() + ")");
            } else if (!ids.add(id)) {
                faults.add(pointer + "/" + i, text + " (expected: each once)");
            }
        }
        return ids;
    }

    @Override
    protected List<String> referrers(PlanEntity entity) {
        return Stream.of(
                        directory.referrers(ObjectKind.SUBSCRIPTION, "planId = :id", entity.id()),
                        directory.referrers(ObjectKind.POLICY, "planId = :id", entity.id()),
                        directory.referrers(ObjectKind.TOKEN_ISSUER, "newConsumerPlanId = :id", entity.id()))
                .flatMap(List::stream)
                .toList();
    }
}
