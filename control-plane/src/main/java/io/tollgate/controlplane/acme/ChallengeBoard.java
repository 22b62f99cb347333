package io.tollgate.controlplane.acme;

import io.tollgate.controlplane.catalog.acmechallenge.AcmeChallengeCatalog;
import io.tollgate.controlplane.catalog.acmechallenge.AcmeChallengeDraft;
import io.tollgate.controlplane.catalog.audit.Actor;
import io.tollgate.controlplane.catalog.revision.AppliedEverywhere;
import io.tollgate.controlplane.catalog.revision.RevisionLog;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/** Has nodes answer ACME servers, and stop that again. Shared; blocks. */
@Singleton
final class ChallengeBoard {
    /** A node that takes longer has other troubles, and is told of. */
    private static final Duration NODES_WAIT_MAX = Duration.ofSeconds(30);

    private final RevisionLog revisions;
    private final AcmeChallengeCatalog challenges;
    private final AppliedEverywhere applied;

    ChallengeBoard(RevisionLog revisions, AcmeChallengeCatalog challenges, AppliedEverywhere applied) {
        this.revisions = revisions;
        this.challenges = challenges;
        this.applied = applied;
    }

    /** Has all live nodes answer these challenges of a certificate; done once they do. */
    void put(UUID certificateId, List<AcmeChallengeDraft> wanted) throws OrderFailed {
        long revision = revisions.write(Actor.ACME, draft -> challenges.replaceAll(draft, certificateId, wanted));
        List<String> pending = applied.awaitPending(revision, NODES_WAIT_MAX);
        if (!pending.isEmpty()) {
            throw new OrderFailed(
                    "nodes that do not answer the challenge yet: " + String.join(", ", pending), OrderFailed.End.KEEP);
        }
    }

    /** Ends that. */
    void clear(UUID certificateId) {
        revisions.write(Actor.ACME, draft -> challenges.replaceAll(draft, certificateId, List.of()));
    }
}
