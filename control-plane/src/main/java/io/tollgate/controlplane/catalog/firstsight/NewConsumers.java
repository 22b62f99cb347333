package io.tollgate.controlplane.catalog.firstsight;

import io.quarkus.runtime.ShutdownEvent;
import io.tollgate.controlplane.catalog.audit.Actor;
import io.tollgate.controlplane.catalog.consumer.ConsumerCatalog;
import io.tollgate.controlplane.catalog.consumer.ConsumerDraft;
import io.tollgate.controlplane.catalog.consumer.ConsumerEntity;
import io.tollgate.controlplane.catalog.credential.BindingCatalog;
import io.tollgate.controlplane.catalog.credential.BindingDraft;
import io.tollgate.controlplane.catalog.revision.CatalogBusy;
import io.tollgate.controlplane.catalog.revision.RevisionDraft;
import io.tollgate.controlplane.catalog.revision.RevisionLog;
import io.tollgate.controlplane.catalog.subscription.SubscriptionCatalog;
import io.tollgate.controlplane.catalog.subscription.SubscriptionDraft;
import io.tollgate.controlplane.catalog.tokenissuer.TokenIssuerEntity;
import io.tollgate.controlplane.catalog.tokenissuer.TokenIssuerRepository;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.persistence.EntityManager;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Makes consumers of subjects that nodes meet first: a consumer, a subscription to the plan that the issuer names, and the credential that binds it.
 * From then on it is a consumer as any other. Shared; one thread of its own makes them, many in one revision when many come.
 */
@ApplicationScoped
public class NewConsumers {
    /** Told and not made yet; what comes beyond is told again by whoever still waits. */
    static final int QUEUE_MAX = 4_096;
    /** In one revision: it is one compilation and one update, and nobody else writes meanwhile. */
    static final int BATCH_MAX = 100;

    /** Longest subject that can be bound. */
    private static final int SUBJECT_CHARACTERS_MAX = 256;

    private static final long IDLE_SECONDS = 10;
    /** How long an issuer that has as many consumers as it may is not asked about again. */
    private static final long ENOUGH_SECONDS = 5;

    private static final Logger LOG = Logger.getLogger(NewConsumers.class);

    private final RevisionLog revisions;
    private final EntityManager entities;
    private final TokenIssuerRepository issuers;
    private final ConsumerCatalog consumers;
    private final SubscriptionCatalog subscriptions;
    private final BindingCatalog bindings;
    private final Clock clock;

    // Of the thread.
    private final Map<UUID, Instant> enough = new HashMap<>();

    private final BlockingQueue<Subject> queue = new ArrayBlockingQueue<>(QUEUE_MAX);
    private final ThreadPoolExecutor thread = new ThreadPoolExecutor(
            1,
            1,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(2),
            work -> {
                Thread made = new Thread(work, "new-consumers");
                made.setDaemon(true);
                return made;
            },
            new ThreadPoolExecutor.DiscardPolicy());

    NewConsumers(
            RevisionLog revisions,
            EntityManager entities,
            TokenIssuerRepository issuers,
            ConsumerCatalog consumers,
            SubscriptionCatalog subscriptions,
            BindingCatalog bindings,
            Clock clock) {
        this.clock = clock;
        this.revisions = revisions;
        this.entities = entities;
        this.issuers = issuers;
        this.consumers = consumers;
        this.subscriptions = subscriptions;
        this.bindings = bindings;
        thread.allowCoreThreadTimeOut(true);
    }

    /** Somebody whose token holds and whom nobody knows. Immutable. */
    public record Subject(UUID issuerId, String value) {}

    /** Has it made soon, unless it is there by then. At once; any thread. */
    public void tell(Subject subject) {
        if (!subject.value().isEmpty()
                && subject.value().length() <= SUBJECT_CHARACTERS_MAX
                && subject.value().indexOf('\0') < 0
                && queue.offer(subject)) {
            // Two places: what comes while one is at work is found by the next.
            thread.execute(this::work);
        }
    }

    void stop(@Observes ShutdownEvent event) {
        thread.shutdownNow();
    }

    private void work() {
        List<Subject> batch = new ArrayList<>();
        while (queue.drainTo(batch, BATCH_MAX) > 0) {
            List<Subject> distinct = batch.stream()
                    .distinct()
                    .filter(subject -> !hasEnough(subject.issuerId()))
                    .toList();
            if (!distinct.isEmpty() && !make(distinct) && distinct.size() > 1) {
                // One that cannot be made must not keep the others away.
                distinct.forEach(one -> make(List.of(one)));
            }
            batch.clear();
        }
    }

    /** Whether an issuer had as many as it may a moment ago: no other write waits for finding that out again. */
    private boolean hasEnough(UUID issuerId) {
        Instant until = enough.get(issuerId);
        if (until == null || clock.instant().isBefore(until)) {
            return until != null;
        }
        enough.remove(issuerId);
        return false;
    }

    private boolean make(List<Subject> subjects) {
        try {
            revisions.write(Actor.TOLLGATE, draft -> {
                Map<UUID, Long> bound = new HashMap<>();
                subjects.forEach(subject -> make(draft, subject, bound));
                return subjects;
            });
            return true;
        } catch (CatalogBusy e) {
            // One by one they would wait as long each. Whoever still waits tells them again.
            LOG.warnf("event=consumers-not-made subjects=%d cause=%s", subjects.size(), e.getMessage());
            return true;
        } catch (RuntimeException e) {
            LOG.warnf("event=consumers-not-made subjects=%d cause=%s", subjects.size(), e.getMessage());
            return false;
        }
    }

    /** @param bound how many subjects of each issuer have a consumer, counted once for all of a revision */
    private void make(RevisionDraft draft, Subject subject, Map<UUID, Long> bound) {
        TokenIssuerEntity issuer = issuers.findById(subject.issuerId());
        UUID plan = issuer == null ? null : issuer.newConsumerPlanId();
        if (issuer == null || plan == null || !issuer.enabled() || isBound(subject)) {
            return;
        }
        long count = bound.computeIfAbsent(issuer.id(), this::bound);
        if (count >= most(issuer)) {
            enough.put(issuer.id(), clock.instant().plusSeconds(ENOUGH_SECONDS));
            LOG.warnf("event=consumers-enough issuer=%s consumers_max=%d", issuer.name(), most(issuer));
            return;
        }
        bound.put(issuer.id(), count + 1);
        String name =
                SubjectName.free(issuer.name(), issuer.id(), subject.value(), taken -> consumers.find(taken) != null);
        ConsumerEntity consumer =
                consumers.create(draft, new ConsumerDraft(name, true, null, groups(issuer), List.of(issuer.name())));
        subscriptions.create(draft, consumer.id(), new SubscriptionDraft(plan.toString(), null, null));
        bindings.create(
                draft,
                consumer.id(),
                new BindingDraft(
                        issuer.name(), "jwt", issuer.id().toString(), Map.of("subject", subject.value()), null));
        LOG.infof("event=consumer-made issuer=%s consumer=%s", issuer.name(), consumer.name());
    }

    private static long most(TokenIssuerEntity issuer) {
        return issuer.newConsumers().get("consumers_max") instanceof Integer most ? most : 0;
    }

    private static List<String> groups(TokenIssuerEntity issuer) {
        return issuer.newConsumers().get("groups") instanceof List<?> groups
                ? groups.stream().map(String::valueOf).toList()
                : List.of();
    }

    private boolean isBound(Subject subject) {
        return !entities.createNativeQuery(
                        "select id from credential where token_issuer_id = :issuer and config #>> '{jwt,subject}' = :subject")
                .setParameter("issuer", subject.issuerId())
                .setParameter("subject", subject.value())
                .setMaxResults(1)
                .getResultList()
                .isEmpty();
    }

    private long bound(UUID issuerId) {
        @Nullable
        Object count = entities.createNativeQuery(
                        "select count(*) from credential where token_issuer_id = :issuer", Long.class)
                .setParameter("issuer", issuerId)
                .getSingleResult();
        return count instanceof Long number ? number : 0;
    }
}
