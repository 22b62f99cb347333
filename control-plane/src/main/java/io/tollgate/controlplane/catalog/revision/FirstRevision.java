package io.tollgate.controlplane.catalog.revision;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.StartupEvent;
import io.tollgate.controlplane.catalog.audit.Actor;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.persistence.EntityManager;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

/**
 * Makes the counter's row and revision 1 on an empty database: a configuration that holds nothing but the gateway itself. When two
 * control planes start at once, one makes them and the other waits and finds them. Shared; start-up thread.
 */
@ApplicationScoped
public class FirstRevision {
    /** Observers of the start that read the catalog come later. */
    public static final int STARTUP_PRIORITY = 100;

    /** Id of the one gateway object. */
    public static final UUID GATEWAY_ID = new UUID(0, 0);

    private static final int SECRET_BYTES = 32;

    private final EntityManager entities;
    private final Clock clock;

    FirstRevision(EntityManager entities, Clock clock) {
        this.entities = entities;
        this.clock = clock;
    }

    void onStart(@Observes @Priority(STARTUP_PRIORITY) StartupEvent event) {
        QuarkusTransaction.requiringNew().run(this::makeIfAbsent);
    }

    private void makeIfAbsent() {
        byte[] secret = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(secret);
        int made = entities.createNativeQuery(
                        "insert into revision_counter (revision, key_digest_secret) values (1, :secret) on conflict do nothing")
                .setParameter("secret", secret)
                .executeUpdate();
        if (made == 1) {
            entities.persist(new RevisionEntry(
                    1, clock.instant().truncatedTo(ChronoUnit.MILLIS), Actor.TOLLGATE.subject(), "create gateway"));
            entities.flush();
            entities.persist(new ChangeLogEntry(
                    1,
                    new CatalogChange(
                            ObjectKind.GATEWAY, GATEWAY_ID, "gateway", CatalogChange.Action.CREATE, null, null)));
        }
    }
}
