package io.tollgate.controlplane.catalog.audit;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** Appends to the audit and reads it back. Shared; worker threads only. */
@ApplicationScoped
public class AuditLog {
    private final EntityManager entities;
    private final Clock clock;

    AuditLog(EntityManager entities, Clock clock) {
        this.entities = entities;
        this.clock = clock;
    }

    /** Appends what was done in {@code revision}; in the caller's transaction. */
    @Transactional(Transactional.TxType.MANDATORY)
    public void done(Actor actor, Deed deed, long revision) {
        entities.persist(AuditEntry.done(now(), actor, deed, revision));
    }

    /** Appends what was done beside the catalog, in the caller's transaction: it has no revision. */
    @Transactional(Transactional.TxType.MANDATORY)
    public void beside(Actor actor, Deed deed) {
        entities.persist(AuditEntry.done(now(), actor, deed, null));
    }

    /** Appends an attempt that was refused; in a transaction of its own, since that of the attempt is rolled back. */
    @Transactional(Transactional.TxType.REQUIRES_NEW)
    public void refused(Actor actor, Deed deed, Refusal refusal) {
        entities.persist(AuditEntry.refused(now(), actor, deed, refusal));
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    /** Everything that was done in {@code revision}, in the order of the doing. */
    @Transactional
    public List<AuditEntry> ofRevision(long revision) {
        return entities.createQuery("from AuditEntry where revision = :revision order by id", AuditEntry.class)
                .setParameter("revision", revision)
                .getResultList();
    }
}
