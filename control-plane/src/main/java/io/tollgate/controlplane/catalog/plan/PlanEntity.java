package io.tollgate.controlplane.catalog.plan;

import io.tollgate.controlplane.catalog.policy.RateWindowRow;
import io.tollgate.controlplane.catalog.revision.CatalogEntity;
import io.tollgate.controlplane.catalog.revision.ObjectKind;
import jakarta.persistence.CollectionTable;
import jakarta.persistence.Column;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Entity;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.Table;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.hibernate.annotations.Fetch;
import org.hibernate.annotations.FetchMode;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;

/** A plan as its rows say it. Worker threads only. */
@Entity
@Table(name = "plan")
public class PlanEntity extends CatalogEntity {
    @Column(nullable = false)
    private String name;

    @Column(nullable = false)
    private String description;

    @Column(nullable = false)
    private boolean enabled;

    @Column(name = "all_routes", nullable = false)
    private boolean allRoutes;

    @JdbcTypeCode(SqlTypes.JSON)
    @Column(name = "rate_limits", nullable = false)
    private List<RateWindowRow> rateLimits = List.of();

    // "refuse" or "serve".
    @Column(name = "when_unmetered", nullable = false)
    private String whenUnmetered;

    @ElementCollection
    @CollectionTable(name = "plan_route", joinColumns = @JoinColumn(name = "plan_id"))
    @Column(name = "route_id", nullable = false)
    @Fetch(FetchMode.SUBSELECT)
    private Set<UUID> routeIds = new HashSet<>();

    @ElementCollection
    @CollectionTable(name = "plan_service", joinColumns = @JoinColumn(name = "plan_id"))
    @Column(name = "service_id", nullable = false)
    @Fetch(FetchMode.SUBSELECT)
    private Set<UUID> serviceIds = new HashSet<>();

    @JdbcTypeCode(SqlTypes.ARRAY)
    @Column(nullable = false)
    private List<String> tags = List.of();

    protected PlanEntity() {}

    void apply(PlanDraft draft, Set<UUID> routes, Set<UUID> services) {
        name = draft.name();
        description = draft.description();
        enabled = draft.enabled();
        allRoutes = draft.allRoutes();
        rateLimits = List.copyOf(draft.rateLimits());
        whenUnmetered = draft.whenUnmetered();
        tags = List.copyOf(draft.tags());
        // Difference only: rows that stay are not deleted and inserted again.
        routeIds.retainAll(routes);
        routeIds.addAll(routes);
        serviceIds.retainAll(services);
        serviceIds.addAll(services);
    }

    @Override
    public String name() {
        return name;
    }

    public String description() {
        return description;
    }

    public boolean enabled() {
        return enabled;
    }

    public boolean allRoutes() {
        return allRoutes;
    }

    public List<RateWindowRow> rateLimits() {
        return rateLimits;
    }

    public String whenUnmetered() {
        return whenUnmetered;
    }

    public Set<UUID> routeIds() {
        return routeIds;
    }

    public Set<UUID> serviceIds() {
        return serviceIds;
    }

    public List<String> tags() {
        return tags;
    }

    @Override
    public ObjectKind kind() {
        return ObjectKind.PLAN;
    }
}
