package io.tollgate.controlplane.catalog.revision;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.tollgate.controlplane.catalog.audit.Actor;
import io.tollgate.controlplane.catalog.audit.AuditLog;
import io.tollgate.controlplane.catalog.audit.Deed;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The only door through which the catalog changes. One write is one transaction: the row of the counter is locked first (so the order
 * of revisions is the order of commits, across all control planes), then come the rows, the compiler's judgement, the next revision,
 * its change log and audit rows, and a NOTIFY. A write that changes nothing makes no revision. Shared; worker threads only.
 */
@ApplicationScoped
public class RevisionLog {
    /** Longest wait for the writers before, in this process and in others; beyond it "try later" is the better answer. */
    static final long WRITER_WAIT_MILLIS_MAX = 5_000;

    private static final Duration[] COMMIT_BUCKETS = {
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5)
    };

    private static final Logger LOG = Logger.getLogger(RevisionLog.class);

    private final EntityManager entities;
    private final Portraits portraits;
    private final Reach reach;
    private final AuditLog audit;
    private final ConfigurationGate gate;
    private final Event<RevisionCommitted> committed;
    private final Clock clock;
    private final Timer commits;

    // Held around check and settle, so that the gate sees them in pairs. Costs nothing: the row lock lines writers up
    // anyway.
    private final ReentrantLock writer = new ReentrantLock(true);

    RevisionLog(
            EntityManager entities,
            Portraits portraits,
            Reach reach,
            AuditLog audit,
            ConfigurationGate gate,
            Event<RevisionCommitted> committed,
            Clock clock,
            MeterRegistry figures) {
        this.entities = entities;
        this.portraits = portraits;
        this.reach = reach;
        this.audit = audit;
        this.gate = gate;
        this.committed = committed;
        this.clock = clock;
        this.commits = Timer.builder("tollgate.control.commit")
                .description("Writes that made a revision: from the wait for the writers before to the commit")
                .serviceLevelObjectives(COMMIT_BUCKETS)
                .register(figures);
    }

    /** What a write does, inside the transaction. Throwing rolls everything back. */
    @FunctionalInterface
    public interface Work<T> {
        T apply(RevisionDraft draft);
    }

    /** Progress of one attempt; tells afterwards what its failure means. */
    private static final class Attempt {
        long checkedRevision;
        boolean wantsCommit;

        @Nullable
        RevisionCommitted made;
    }

    /** Does {@code work} in one transaction, as one revision when it changes anything. */
    public <T> T write(Actor actor, Work<T> work) {
        Attempt attempt = new Attempt();
        Timer.Sample sample = Timer.start();
        T result = alone(() -> settled(actor, work, attempt));
        if (attempt.made != null) {
            sample.stop(commits);
            announce(attempt.made);
        }
        return result;
    }

    private <T> T alone(java.util.function.Supplier<T> action) {
        try {
            if (!writer.tryLock(WRITER_WAIT_MILLIS_MAX, TimeUnit.MILLISECONDS)) {
                throw new CatalogBusy("other writers are at work for too long");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CatalogBusy("the control plane is stopping");
        }
        try {
            return action.get();
        } finally {
            writer.unlock();
        }
    }

    private <T> T settled(Actor actor, Work<T> work, Attempt attempt) {
        ConfigurationGate.Settlement settlement = ConfigurationGate.Settlement.ROLLED_BACK;
        try {
            T result = QuarkusTransaction.requiringNew().call(() -> attempt(actor, work, attempt));
            settlement = ConfigurationGate.Settlement.COMMITTED;
            return result;
        } finally {
            if (attempt.wantsCommit && settlement == ConfigurationGate.Settlement.ROLLED_BACK) {
                settlement = ConfigurationGate.Settlement.UNKNOWN;
            }
            if (attempt.checkedRevision != 0) {
                gate.settle(attempt.checkedRevision, settlement);
            }
        }
    }

    private <T> T attempt(Actor actor, Work<T> work, Attempt attempt) {
        RevisionCounter counter = lock();
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        RevisionDraft draft = new RevisionDraft(entities, portraits, reach, actor, counter.revision(), now);
        T result = work.apply(draft);
        List<CatalogChange> changes = draft.seal();
        if (!changes.isEmpty()) {
            long next = counter.revision() + 1;
            attempt.checkedRevision = next;
            gate.check(counter.revision(), next, changes);
            record(counter, next, draft, changes);
            attempt.made = new RevisionCommitted(next, now);
        }
        entities.flush();
        attempt.wantsCommit = true;
        return result;
    }

    private RevisionCounter lock() {
        entities.createNativeQuery("set local lock_timeout = " + WRITER_WAIT_MILLIS_MAX)
                .executeUpdate();
        RevisionCounter counter = entities.find(RevisionCounter.class, true, LockModeType.PESSIMISTIC_WRITE);
        if (counter == null) {
            throw new IllegalStateException("the row of revision_counter is missing");
        }
        return counter;
    }

    private void record(RevisionCounter counter, long next, RevisionDraft draft, List<CatalogChange> changes) {
        counter.moveTo(next);
        entities.persist(new RevisionEntry(next, draft.now(), draft.actor().subject(), summary(changes)));
        entities.flush();
        for (CatalogChange change : changes) {
            entities.persist(new ChangeLogEntry(next, change));
            audit.done(
                    draft.actor(),
                    new Deed(
                            change.action().word(),
                            change.kind().word(),
                            change.id(),
                            change.name(),
                            change.before(),
                            change.after()),
                    next);
        }
        entities.createNativeQuery("select pg_notify('tollgate_revision', :revision)")
                .setParameter("revision", Long.toString(next))
                .getSingleResult();
    }

    /** Names the last change: what goes along with it was done for its sake and comes before it. */
    private static String summary(List<CatalogChange> changes) {
        CatalogChange main = changes.get(changes.size() - 1);
        String also = changes.size() == 1 ? "" : " and " + (changes.size() - 1) + " that belong to it";
        return main.action().word() + " " + main.kind().word() + " " + main.name() + also;
    }

    private void announce(RevisionCommitted made) {
        try {
            committed.fire(made);
        } catch (RuntimeException e) {
            // The write is committed whatever the listeners do; a slow poll of theirs heals a missed wake.
            LOG.errorf(e, "event=revision-listener-failed revision=%d", made.revision());
        }
    }
}
