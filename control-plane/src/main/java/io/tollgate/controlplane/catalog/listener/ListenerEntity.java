package io.tollgate.controlplane.catalog.listener;

import io.tollgate.controlplane.catalog.revision.CatalogEntity;
import io.tollgate.controlplane.catalog.revision.ObjectKind;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.util.List;
import java.util.Map;
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

    protected ListenerEntity() {}

    void apply(ListenerDraft draft) {
        name = draft.name();
        enabled = draft.enabled();
        address = draft.address();
        port = draft.port();
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

    public List<String> tags() {
        return tags;
    }

    @Override
    public ObjectKind kind() {
        return ObjectKind.LISTENER;
    }
}
