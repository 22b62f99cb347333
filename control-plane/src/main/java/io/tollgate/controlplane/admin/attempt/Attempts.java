package io.tollgate.controlplane.admin.attempt;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.scheduler.Scheduled;
import io.tollgate.controlplane.catalog.audit.Actor;
import io.tollgate.controlplane.catalog.audit.AuditLog;
import io.tollgate.controlplane.catalog.audit.Deed;
import io.tollgate.controlplane.catalog.audit.Refusal;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import org.jboss.logging.Logger;

/**
 * Writes refused attempts into the audit: each by itself while its source has not too many, otherwise counted and told of once a minute.
 * What was counted and not yet told is lost when the process is killed. Shared; worker threads only.
 */
@ApplicationScoped
public class Attempts {
    /** Stands where one row tells of several attempts. */
    static final String MANY = "attempts";

    private static final Logger LOG = Logger.getLogger(Attempts.class);

    private final AuditLog audit;
    private final Clock clock;
    private final AttemptBudget budget = new AttemptBudget();
    private final UntoldAttempts untold = new UntoldAttempts();

    Attempts(AuditLog audit, Clock clock) {
        this.audit = audit;
        this.clock = clock;
    }

    /** Takes note of an attempt that was answered with {@code status}; the answer goes out also when it cannot be written down. */
    void refused(Actor actor, Deed deed, int status) {
        long nowMillis = clock.millis();
        if (!hasBudget(actor, nowMillis)) {
            untold.count(actor, status, nowMillis);
            return;
        }
        try {
            audit.refused(actor, deed, Refusal.of(status));
        } catch (RuntimeException e) {
            LOG.errorf(
                    "event=audit-failed actor=%s action=%s status=%d cause=%s",
                    actor.subject(), deed.action(), status, e.getMessage());
        }
    }

    private boolean hasBudget(Actor actor, long nowMillis) {
        return actor.isKnown()
                ? budget.admitsKnown(actor.proof() + actor.subject(), nowMillis)
                : budget.admitsStranger(String.valueOf(actor.origin().clientAddress()), nowMillis);
    }

    /** Writes down what was counted; one at a time. */
    @Scheduled(every = "1m", delayed = "1m")
    synchronized void tell() {
        for (UntoldAttempts.Told told : untold.take()) {
            Deed deed = new Deed(
                    MANY, MANY, null, null, null, Map.of("detail", "more attempts than get a row of their own"));
            try {
                audit.refused(
                        told.source().actor(),
                        deed,
                        new Refusal(told.source().status(), told.attempts(), Instant.ofEpochMilli(told.lastMillis())));
            } catch (RuntimeException e) {
                LOG.errorf(
                        "event=audit-failed actor=%s attempts=%d cause=%s",
                        told.source().actor().subject(), told.attempts(), e.getMessage());
            }
        }
    }

    void onStop(@Observes ShutdownEvent event) {
        tell();
    }
}
