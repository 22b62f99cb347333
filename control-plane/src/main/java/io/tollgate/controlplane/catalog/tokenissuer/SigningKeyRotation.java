package io.tollgate.controlplane.catalog.tokenissuer;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.scheduler.Scheduled;
import io.tollgate.controlplane.catalog.audit.Actor;
import io.tollgate.controlplane.catalog.revision.RevisionLog;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Gives issuers of ours new keys when it is time. All control planes look; which one writes does not matter, since each looks once more under the lock
 * of the revisions. Shared; a thread of the scheduler.
 */
@ApplicationScoped
public class SigningKeyRotation {
    private static final Logger LOG = Logger.getLogger(SigningKeyRotation.class);

    private final TokenIssuerRepository rows;
    private final TokenIssuerCatalog catalog;
    private final RevisionLog revisions;

    SigningKeyRotation(TokenIssuerRepository rows, TokenIssuerCatalog catalog, RevisionLog revisions) {
        this.rows = rows;
        this.catalog = catalog;
        this.revisions = revisions;
    }

    @Scheduled(every = "1m", delayed = "1m", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void look() {
        try {
            for (UUID id : due()) {
                revisions.write(Actor.TOLLGATE, draft -> {
                    TokenIssuerEntity issuer = rows.findById(id);
                    if (issuer != null) {
                        catalog.renew(draft, issuer);
                    }
                    return id;
                });
            }
        } catch (RuntimeException e) {
            // The next look may fare better; the keys at hand are good meanwhile.
            LOG.warnf("event=signing-keys-not-rotated cause=%s", e.getMessage());
        }
    }

    private List<UUID> due() {
        return QuarkusTransaction.requiringNew()
                .call(() -> rows.list("signingKeys is not null").stream()
                        .filter(catalog::isDue)
                        .map(TokenIssuerEntity::id)
                        .toList());
    }
}
