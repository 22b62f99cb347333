package io.tollgate.controlplane.admin;

import io.tollgate.admin.api.SubscriptionsApi;
import io.tollgate.admin.model.Subscription;
import io.tollgate.controlplane.admin.answer.Cursor;
import io.tollgate.controlplane.admin.answer.Page;
import io.tollgate.controlplane.admin.answer.Reads;
import io.tollgate.controlplane.admin.answer.Writes;
import io.tollgate.controlplane.catalog.consumer.ConsumerCatalog;
import io.tollgate.controlplane.catalog.revision.NotInCatalog;
import io.tollgate.controlplane.catalog.revision.ObjectKind;
import io.tollgate.controlplane.catalog.subscription.SubscriptionCatalog;
import io.tollgate.controlplane.catalog.subscription.SubscriptionEntity;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.UUID;

/** Subscriptions of a consumer over REST. Shared; worker threads only. */
@ApplicationScoped
public class SubscriptionsResource implements SubscriptionsApi {
    private static final UUID BEFORE_ALL = new UUID(0, 0);

    private final ConsumerCatalog consumers;
    private final SubscriptionCatalog subscriptions;
    private final Reads reads;
    private final Writes writes;

    SubscriptionsResource(ConsumerCatalog consumers, SubscriptionCatalog subscriptions, Reads reads, Writes writes) {
        this.consumers = consumers;
        this.subscriptions = subscriptions;
        this.reads = reads;
        this.writes = writes;
    }

    private UUID id(String consumer) {
        return consumers.get(consumer).id();
    }

    @Override
    public Response listSubscriptions(String consumer, Integer limit, String cursor) {
        String listing = ObjectKind.SUBSCRIPTION.word();
        Place after = Place.parse(Cursor.parse(listing, cursor));
        return reads.whole(() -> {
            List<SubscriptionEntity> rows = subscriptions.page(id(consumer), after.start(), after.id(), limit + 1);
            return Page.of(listing, rows, limit, row -> Place.of(row).text(), reads::models);
        });
    }

    /** A place in the order of the listing. */
    private record Place(Instant start, UUID id) {
        static Place of(SubscriptionEntity row) {
            return new Place(row.startsAt(), row.id());
        }

        static Place parse(String text) {
            if (text.isEmpty()) {
                return new Place(Instant.EPOCH.minusSeconds(1), BEFORE_ALL);
            }
            int comma = text.indexOf(',');
            try {
                return new Place(
                        Instant.parse(text.substring(0, Math.max(comma, 0))),
                        UUID.fromString(text.substring(comma + 1)));
            } catch (DateTimeParseException | IllegalArgumentException e) {
                throw Cursor.invalid();
            }
        }

        String text() {
            return start + "," + id;
        }
    }

    @Override
    public Response createSubscription(String consumer, Subscription body, String idempotencyKey, String prefer) {
        return writes.post(
                new Writes.Post(ObjectKind.SUBSCRIPTION, body, idempotencyKey, prefer),
                draft -> subscriptions.create(draft, id(consumer), Drafts.of(body)));
    }

    @Override
    public Response getSubscription(String consumer, UUID subscription) {
        return reads.one(() -> subscriptions.get(id(consumer), subscription));
    }

    @Override
    public Response putSubscription(
            String consumer, UUID subscription, Subscription body, String ifMatch, String prefer) {
        return writes.put(
                new Writes.Change(ObjectKind.SUBSCRIPTION, ifMatch, prefer),
                draft -> subscriptions.find(id(consumer), subscription),
                (draft, current) -> {
                    if (current == null) {
                        throw new NotInCatalog("subscription", subscription.toString());
                    }
                    return subscriptions.put(draft, current, Drafts.of(body));
                });
    }

    @Override
    public Response deleteSubscription(String consumer, UUID subscription, String ifMatch, String prefer) {
        return writes.delete(
                new Writes.Change(ObjectKind.SUBSCRIPTION, ifMatch, prefer),
                draft -> subscriptions.get(id(consumer), subscription),
                subscriptions::delete);
    }
}
