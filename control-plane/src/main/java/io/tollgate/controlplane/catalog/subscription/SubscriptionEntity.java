package io.tollgate.controlplane.catalog.subscription;

import io.tollgate.controlplane.catalog.revision.CatalogEntity;
import io.tollgate.controlplane.catalog.revision.ObjectKind;
import io.tollgate.controlplane.catalog.revision.ObjectRef;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A subscription as its row says it. Worker threads only. */
@Entity
@Table(name = "subscription")
public class SubscriptionEntity extends CatalogEntity {
    @Column(name = "consumer_id", nullable = false)
    private UUID consumerId;

    @Column(name = "plan_id", nullable = false)
    private UUID planId;

    @Column(name = "starts_at", nullable = false)
    private Instant startsAt;

    @Column(name = "ends_at")
    private @Nullable Instant endsAt;

    protected SubscriptionEntity() {}

    SubscriptionEntity(UUID consumerId, UUID planId) {
        this.consumerId = consumerId;
        this.planId = planId;
    }

    void apply(Instant start, @Nullable Instant end) {
        startsAt = start;
        endsAt = end;
    }

    /** Subscriptions have no name: the id's text. */
    @Override
    public String name() {
        return id().toString();
    }

    public UUID consumerId() {
        return consumerId;
    }

    public UUID planId() {
        return planId;
    }

    public Instant startsAt() {
        return startsAt;
    }

    public @Nullable Instant endsAt() {
        return endsAt;
    }

    @Override
    public ObjectKind kind() {
        return ObjectKind.SUBSCRIPTION;
    }

    @Override
    public ObjectRef owner() {
        return new ObjectRef(ObjectKind.CONSUMER, consumerId);
    }
}
