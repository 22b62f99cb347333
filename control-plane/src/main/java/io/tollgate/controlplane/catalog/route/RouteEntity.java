package io.tollgate.controlplane.catalog.route;

import io.tollgate.controlplane.catalog.revision.CatalogEntity;
import io.tollgate.controlplane.catalog.revision.ObjectKind;
import io.tollgate.controlplane.catalog.revision.ObjectRef;
import jakarta.persistence.CollectionTable;
import jakarta.persistence.Column;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Entity;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.Table;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.hibernate.annotations.Fetch;
import org.hibernate.annotations.FetchMode;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/** A route as its row says it. Worker threads only. */
@Entity
@Table(name = "route")
public class RouteEntity extends CatalogEntity {
    @Column(nullable = false)
    private String name;

    @Column(nullable = false)
    private boolean enabled;

    @Column(name = "service_id")
    private @Nullable UUID serviceId;

    // Every service that the route refers to, in whatever member.
    @ElementCollection
    @CollectionTable(name = "route_uses_service", joinColumns = @JoinColumn(name = "route_id"))
    @Column(name = "service_id", nullable = false)
    @Fetch(FetchMode.SUBSELECT)
    private Set<UUID> serviceIds = new HashSet<>();

    @JdbcTypeCode(SqlTypes.ARRAY)
    @Column(nullable = false)
    private List<String> hosts = List.of();

    @JdbcTypeCode(SqlTypes.JSON)
    @Column(nullable = false)
    private List<RoutePath> paths = List.of();

    @JdbcTypeCode(SqlTypes.ARRAY)
    @Column(nullable = false)
    private List<String> methods = List.of();

    @JdbcTypeCode(SqlTypes.JSON)
    private @Nullable RouteRewrite rewrite;

    // Conditions, actions and edits: enforced by nodes, of no concern to SQL. Services in it by id.
    @JdbcTypeCode(SqlTypes.JSON)
    @Column(nullable = false)
    private Map<String, Object> settings = Map.of();

    @JdbcTypeCode(SqlTypes.ARRAY)
    @Column(nullable = false)
    private List<String> tags = List.of();

    protected RouteEntity() {}

    void apply(RouteDraft draft, @Nullable UUID service, RouteSettings resolved) {
        name = draft.name();
        enabled = draft.enabled();
        serviceId = service;
        hosts = List.copyOf(draft.hosts());
        paths = List.copyOf(draft.paths());
        methods = List.copyOf(draft.methods());
        rewrite = draft.rewrite();
        tags = List.copyOf(draft.tags());
        settings = resolved.settings();
        Set<UUID> referred = new HashSet<>(resolved.serviceIds());
        if (service != null) {
            referred.add(service);
        }
        // Difference only: rows that stay are not deleted and inserted again.
        serviceIds.retainAll(referred);
        serviceIds.addAll(referred);
    }

    @Override
    public String name() {
        return name;
    }

    public boolean enabled() {
        return enabled;
    }

    /** The service that answers; absent when a split, a redirect or a fixed answer does. */
    public @Nullable UUID serviceId() {
        return serviceId;
    }

    /** Every service that the route refers to. */
    public Set<UUID> serviceIds() {
        return serviceIds;
    }

    /** What has no column of its own, as JSON in the names of the contract; a service in it is its id, as {@code service_id}. */
    public Map<String, Object> settings() {
        return settings;
    }

    public List<String> hosts() {
        return hosts;
    }

    public List<RoutePath> paths() {
        return paths;
    }

    public List<String> methods() {
        return methods;
    }

    public @Nullable RouteRewrite rewrite() {
        return rewrite;
    }

    public List<String> tags() {
        return tags;
    }

    @Override
    public ObjectKind kind() {
        return ObjectKind.ROUTE;
    }

    @Override
    public ObjectRef owner() {
        return new ObjectRef(ObjectKind.ROUTE, id());
    }
}
