package io.tollgate.controlplane.catalog.listener;

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
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;

/** A listener as its row says it. Worker threads only. */
@Entity
@Table(name = "listener")
public class ListenerEntity extends CatalogEntity {
    @Column(nullable = false)
    private String name;

    @Column(nullable = false)
    private boolean enabled;

    @Column(nullable = false)
    private String address;

    @Column(nullable = false)
    private int port;

    @JdbcTypeCode(SqlTypes.JSON)
    @Column(nullable = false)
    private Map<String, Object> settings = Map.of();

    @JdbcTypeCode(SqlTypes.ARRAY)
    @Column(nullable = false)
    private List<String> tags = List.of();

    @ElementCollection
    @CollectionTable(name = "listener_uses_certificate", joinColumns = @JoinColumn(name = "listener_id"))
    @Column(name = "certificate_id", nullable = false)
    private Set<UUID> certificateIds = new HashSet<>();

    @ElementCollection
    @CollectionTable(name = "listener_uses_trust_root", joinColumns = @JoinColumn(name = "listener_id"))
    @Column(name = "trust_root_id", nullable = false)
    private Set<UUID> trustRootIds = new HashSet<>();

    protected ListenerEntity() {}

    void apply(ListenerDraft draft, ListenerSettings resolved) {
        name = draft.name();
        enabled = draft.enabled();
        address = draft.address();
        port = draft.port();
        settings = Map.copyOf(resolved.settings());
        // Difference only: rows that stay are not deleted and inserted again.
        certificateIds.retainAll(resolved.certificateIds());
        certificateIds.addAll(resolved.certificateIds());
        trustRootIds.retainAll(resolved.trustRootIds());
        trustRootIds.addAll(resolved.trustRootIds());
        tags = List.copyOf(draft.tags());
    }

    @Override
    public String name() {
        return name;
    }

    public boolean enabled() {
        return enabled;
    }

    public String address() {
        return address;
    }

    public int port() {
        return port;
    }

    /** The members of the contract that have no column of their own. */
    public Map<String, Object> settings() {
        return settings;
    }

    /** Every certificate that it names. */
    public Set<UUID> certificateIds() {
        return certificateIds;
    }

    /** Every trust root that it names. */
    public Set<UUID> trustRootIds() {
        return trustRootIds;
    }

    public List<String> tags() {
        return tags;
    }

    @Override
    public ObjectKind kind() {
        return ObjectKind.LISTENER;
    }
}
