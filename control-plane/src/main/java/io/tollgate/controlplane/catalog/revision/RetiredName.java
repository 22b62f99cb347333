package io.tollgate.controlplane.catalog.revision;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What a deleted object was called, so that an invoice can still name it. Worker threads only. */
@Entity
@Table(name = "retired_name")
public class RetiredName {
    /** Which object. Immutable. */
    @Embeddable
    public record Key(
            @Column(name = "object_kind", nullable = false) String objectKind,
            @Column(name = "object_id", nullable = false) UUID objectId) {}

    @EmbeddedId
    private Key key;

    @Column(nullable = false)
    private String name;

    @Column(name = "billing_id")
    private @Nullable String billingId;

    @Column(name = "retired_at", nullable = false)
    private Instant retiredAt;

    protected RetiredName() {}

    RetiredName(CatalogEntity entity, @Nullable String billingId, Instant retiredAt) {
        this.key = new Key(entity.kind().word(), entity.id());
        this.name = entity.name();
        this.billingId = billingId;
        this.retiredAt = retiredAt;
    }

    public ObjectKind kind() {
        return ObjectKind.ofWord(key.objectKind());
    }

    public UUID objectId() {
        return key.objectId();
    }

    public String name() {
        return name;
    }

    public @Nullable String billingId() {
        return billingId;
    }

    public Instant retiredAt() {
        return retiredAt;
    }
}
