package io.tollgate.controlplane.catalog.subscription;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import io.quarkus.panache.common.Sort;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** Rows of the table subscription. Shared; worker threads only. */
@ApplicationScoped
public class SubscriptionRepository implements PanacheRepositoryBase<SubscriptionEntity, UUID> {
    List<SubscriptionEntity> page(UUID consumerId, Instant afterStart, UUID afterId, int limit) {
        return find(
                        "consumerId = ?1 and (startsAt > ?2 or (startsAt = ?2 and id > ?3))",
                        Sort.by("startsAt").and("id"),
                        consumerId,
                        afterStart,
                        afterId)
                .range(0, limit - 1)
                .list();
    }
}
