package io.tollgate.controlplane.catalog.consumer;

import io.tollgate.controlplane.catalog.revision.CatalogEntity;
import io.tollgate.controlplane.catalog.revision.ObjectKind;
import io.tollgate.controlplane.catalog.revision.ObjectRef;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.util.List;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/** A consumer as its row says it. Worker threads only. */
@Entity
@Table(name = "consumer")
public class ConsumerEntity extends CatalogEntity {
    @Column(nullable = false)
    private String name;

    @Column(nullable = false)
    private boolean enabled;

    @Column(name = "billing_id")
    private @Nullable String billingId;

    @JdbcTypeCode(SqlTypes.ARRAY)
    @Column(nullable = false)
    private List<String> groups = List.of();

    @JdbcTypeCode(SqlTypes.ARRAY)
    @Column(nullable = false)
    private List<String> tags = List.of();

    protected ConsumerEntity() {}

    void apply(ConsumerDraft draft) {
        name = draft.name();
        enabled = draft.enabled();
        billingId = draft.billingId();
        groups = List.copyOf(draft.groups());
        tags = List.copyOf(draft.tags());
    }

    @Override
    public String name() {
        return name;
    }

    public boolean enabled() {
        return enabled;
    }

    public @Nullable String billingId() {
        return billingId;
    }

    public List<String> groups() {
        return groups;
    }

    public List<String> tags() {
        return tags;
    }

    @Override
    public ObjectKind kind() {
        return ObjectKind.CONSUMER;
    }

    @Override
    public ObjectRef owner() {
        return new ObjectRef(ObjectKind.CONSUMER, id());
    }
}
