package io.tollgate.controlplane.catalog.route;

import io.tollgate.controlplane.catalog.revision.CatalogEntity;
import io.tollgate.controlplane.catalog.revision.ObjectKind;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.util.List;
import java.util.Map;
import java.util.UUID;
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

    @Column(name = "service_id", nullable = false)
    private UUID serviceId;

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

    @JdbcTypeCode(SqlTypes.JSON)
    @Column(nullable = false)
    private Map<String, Object> settings = Map.of();

    @JdbcTypeCode(SqlTypes.ARRAY)
    @Column(nullable = false)
    private List<String> tags = List.of();

    protected RouteEntity() {}

    void apply(RouteDraft draft, UUID service) {
        name = draft.name();
        enabled = draft.enabled();
        serviceId = service;
        hosts = List.copyOf(draft.hosts());
        paths = List.copyOf(draft.paths());
        methods = List.copyOf(draft.methods());
        rewrite = draft.rewrite();
        settings = Map.copyOf(draft.settings());
        tags = List.copyOf(draft.tags());
    }

    @Override
    public String name() {
        return name;
    }

    public boolean enabled() {
        return enabled;
    }

    public UUID serviceId() {
        return serviceId;
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

    /** The members of the contract that have no column of their own. */
    public Map<String, Object> settings() {
        return settings;
    }

    public List<String> tags() {
        return tags;
    }

    @Override
    public ObjectKind kind() {
        return ObjectKind.ROUTE;
    }
}
