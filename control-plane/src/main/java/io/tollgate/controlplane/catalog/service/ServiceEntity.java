package io.tollgate.controlplane.catalog.service;

import io.tollgate.controlplane.catalog.revision.CatalogEntity;
import io.tollgate.controlplane.catalog.revision.ObjectKind;
import io.tollgate.controlplane.catalog.revision.ObjectRef;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/** An upstream API as its row says it. Worker threads only. */
@Entity
@Table(name = "service")
public class ServiceEntity extends CatalogEntity {
    @Column(nullable = false)
    private String name;

    @Column(nullable = false)
    private boolean enabled;

    @Column(name = "connect_timeout_millis", nullable = false)
    private int connectTimeoutMillis;

    @Column(name = "response_timeout_millis", nullable = false)
    private int responseTimeoutMillis;

    @Column(name = "idle_timeout_millis", nullable = false)
    private int idleTimeoutMillis;

    @Column(name = "preserve_host", nullable = false)
    private boolean preserveHost;

    @Column(name = "path_prefix", nullable = false)
    private String pathPrefix;

    @JdbcTypeCode(SqlTypes.JSON)
    @Column(nullable = false)
    private List<ServiceTarget> targets = List.of();

    @JdbcTypeCode(SqlTypes.JSON)
    @Column(nullable = false)
    private Map<String, Object> settings = Map.of();

    // The references of the settings once more, so that what they refer to cannot go.
    @Column(name = "trust_root_id")
    private @Nullable UUID trustRootId;

    @Column(name = "client_certificate_id")
    private @Nullable UUID clientCertificateId;

    @JdbcTypeCode(SqlTypes.ARRAY)
    @Column(nullable = false)
    private List<String> tags = List.of();

    protected ServiceEntity() {}

    void apply(ServiceDraft draft, ServiceSettings resolved) {
        name = draft.name();
        enabled = draft.enabled();
        targets = List.copyOf(draft.targets());
        connectTimeoutMillis = draft.connectTimeoutMillis();
        responseTimeoutMillis = draft.responseTimeoutMillis();
        idleTimeoutMillis = draft.idleTimeoutMillis();
        preserveHost = draft.preserveHost();
        pathPrefix = draft.pathPrefix();
        settings = Map.copyOf(resolved.settings());
        trustRootId = resolved.trustRootId();
        clientCertificateId = resolved.clientCertificateId();
        tags = List.copyOf(draft.tags());
    }

    @Override
    public String name() {
        return name;
    }

    public boolean enabled() {
        return enabled;
    }

    public List<ServiceTarget> targets() {
        return targets;
    }

    public int connectTimeoutMillis() {
        return connectTimeoutMillis;
    }

    public int responseTimeoutMillis() {
        return responseTimeoutMillis;
    }

    public int idleTimeoutMillis() {
        return idleTimeoutMillis;
    }

    public boolean preserveHost() {
        return preserveHost;
    }

    public String pathPrefix() {
        return pathPrefix;
    }

    /** Whom it believes; absent: what the nodes' runtime believes. */
    public @Nullable UUID trustRootId() {
        return trustRootId;
    }

    /** What it shows to its targets; absent: nothing. */
    public @Nullable UUID clientCertificateId() {
        return clientCertificateId;
    }

    /** The members of the contract that have no column of their own; what {@code tls} refers to by id. */
    public Map<String, Object> settings() {
        return settings;
    }

    public List<String> tags() {
        return tags;
    }

    @Override
    public ObjectKind kind() {
        return ObjectKind.SERVICE;
    }

    @Override
    public ObjectRef owner() {
        return new ObjectRef(ObjectKind.SERVICE, id());
    }
}
