package io.tollgate.controlplane.catalog.subscription;

import io.tollgate.controlplane.catalog.directory.Directory;
import io.tollgate.controlplane.catalog.directory.Written;
import io.tollgate.controlplane.catalog.revision.FieldFaults;
import io.tollgate.controlplane.catalog.revision.NotInCatalog;
import io.tollgate.controlplane.catalog.revision.ObjectKind;
import io.tollgate.controlplane.catalog.revision.RevisionDraft;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Subscriptions of consumers and their rules. Shared; worker threads only. */
@ApplicationScoped
public class SubscriptionCatalog {
    private final SubscriptionRepository rows;
    private final Directory directory;

    SubscriptionCatalog(SubscriptionRepository rows, Directory directory) {
        this.rows = rows;
        this.directory = directory;
    }

    public @Nullable SubscriptionEntity find(UUID consumerId, UUID id) {
        SubscriptionEntity found = rows.findById(id);
        return found != null && found.consumerId().equals(consumerId) ? found : null;
    }

    public SubscriptionEntity get(UUID consumerId, UUID id) {
        SubscriptionEntity found = find(consumerId, id);
        if (found == null) {
            throw new NotInCatalog("subscription", id.toString());
        }
        return found;
    }

    /** At most {@code limit} subscriptions of a consumer, by start and id, behind the given ones. */
    public List<SubscriptionEntity> page(UUID consumerId, Instant afterStart, UUID afterId, int limit) {
        return rows.page(consumerId, afterStart, afterId, limit);
    }

    public SubscriptionEntity create(RevisionDraft draft, UUID consumerId, SubscriptionDraft wanted) {
        FieldFaults faults = new FieldFaults();
        UUID planId = directory.reference(ObjectKind.PLAN, wanted.plan(), "/plan", faults);
        Instant start = wanted.startsAt() == null ? draft.now() : wanted.startsAt();
        judgeTimes(start, wanted.endsAt(), faults);
        faults.raise();
        SubscriptionEntity entity = new SubscriptionEntity(consumerId, Objects.requireNonNull(planId));
        entity.apply(start, wanted.endsAt());
        return draft.create(entity);
    }

    /** Changes the start or the end of a subscription. */
    public Written<SubscriptionEntity> put(RevisionDraft draft, SubscriptionEntity entity, SubscriptionDraft wanted) {
        FieldFaults faults = new FieldFaults();
        UUID planId = directory.reference(ObjectKind.PLAN, wanted.plan(), "/plan", faults);
        if (planId != null && !planId.equals(entity.planId())) {
            faults.add(
                    "/plan",
                    wanted.plan() + " (expected: " + directory.name(ObjectKind.PLAN, entity.planId())
                            + "; another plan is another subscription)");
        }
        Instant start = wanted.startsAt() == null ? entity.startsAt() : wanted.startsAt();
        judgeTimes(start, wanted.endsAt(), faults);
        faults.raise();
        boolean changed = draft.replace(entity, row -> row.apply(start, wanted.endsAt()));
        return new Written<>(entity, changed ? Written.Ending.REPLACED : Written.Ending.UNCHANGED);
    }

    public void delete(RevisionDraft draft, SubscriptionEntity entity) {
        draft.delete(entity, null);
    }

    private static void judgeTimes(Instant start, @Nullable Instant end, FieldFaults faults) {
        if (start.toEpochMilli() < 0) {
            faults.add("/starts_at", start + " (expected: not before 1970)");
        }
        if (end != null && !end.isAfter(start)) {
            faults.add("/ends_at", end + " (expected: after starts_at, " + start + ")");
        }
    }
}
