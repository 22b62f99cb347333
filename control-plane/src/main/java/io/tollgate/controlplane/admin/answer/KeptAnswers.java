package io.tollgate.controlplane.admin.answer;

import io.quarkus.scheduler.Scheduled;
import io.tollgate.controlplane.admin.problem.ProblemException;
import io.tollgate.controlplane.admin.problem.ProblemType;
import io.tollgate.controlplane.catalog.revision.RevisionDraft;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Keeps what a POST with an Idempotency-Key was answered, in the transaction that did it, so that a repeat is answered again and not
 * done again. Runs under the revision log's lock: two repeats at once line up. Shared; worker threads only.
 */
@ApplicationScoped
public class KeptAnswers {
    static final Duration KEPT_FOR = Duration.ofHours(24);

    private final EntityManager entities;
    private final Clock clock;

    KeptAnswers(EntityManager entities, Clock clock) {
        this.entities = entities;
        this.clock = clock;
    }

    /**
     * The kept answer, or that of {@code work}, which is then kept.
     *
     * @param requestDigest see {@link RequestDigests}
     */
    Answer once(RevisionDraft draft, String key, byte[] requestDigest, Supplier<Answer> work) {
        var id = new KeptAnswerEntity.Key(draft.actor().identity(), key);
        KeptAnswerEntity kept = entities.find(KeptAnswerEntity.class, id);
        if (kept != null && kept.createdAt().isBefore(draft.now().minus(KEPT_FOR))) {
            entities.remove(kept);
            entities.flush();
            kept = null;
        }
        if (kept == null) {
            Answer answer = work.get();
            entities.persist(new KeptAnswerEntity(id, requestDigest, answer, draft.now()));
            return answer;
        }
        if (!MessageDigest.isEqual(kept.requestDigest(), requestDigest)) {
            throw ProblemException.of(
                    ProblemType.CONFLICT, "Idempotency-Key " + key + " was used for another request before");
        }
        return kept.answer();
    }

    @Scheduled(every = "1h", delayed = "1m")
    @Transactional
    void forgetOld() {
        entities.createQuery("delete from KeptAnswerEntity where createdAt < :before")
                .setParameter("before", clock.instant().minus(KEPT_FOR))
                .executeUpdate();
    }
}
