package io.tollgate.controlplane.admin.token;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.scheduler.Scheduled;
import io.tollgate.controlplane.catalog.audit.Actor;
import io.tollgate.controlplane.catalog.audit.AuditLog;
import io.tollgate.controlplane.catalog.audit.Deed;
import io.tollgate.controlplane.catalog.revision.NotInCatalog;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.TypedQuery;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The tokens that the own issuer has signed. Each call with one looks it up in the database, so that a revoked one is refused by every
 * control plane from the moment at which its revocation was committed. Shared; worker threads only.
 */
@ApplicationScoped
public class AdminTokens {
    /** How often the use of a token is written down at most: calls that follow each other must not each write. */
    static final Duration USE_NOTED_EVERY = Duration.ofMinutes(5);

    /** How long a token is listed after it has expired: long enough to ask what it was, and the audit knows it for ever. */
    static final Duration LISTED_AFTER_EXPIRY = Duration.ofDays(30);

    private final EntityManager entities;
    private final AuditLog audit;
    private final Clock clock;

    AdminTokens(EntityManager entities, AuditLog audit, Clock clock) {
        this.entities = entities;
        this.audit = audit;
        this.clock = clock;
    }

    /** Writes down, for ever, that {@code by} has issued a token; before the token is out, since whoever signs can become anybody. */
    void issued(TokenGrant grant, Actor by) {
        QuarkusTransaction.requiringNew().run(() -> {
            entities.persist(new AdminTokenEntity(grant, by.subject()));
            audit.beside(by, new Deed("issue", "token", grant.id(), grant.subject(), null, portrait(grant)));
        });
    }

    private static Map<String, Object> portrait(TokenGrant grant) {
        return Map.of(
                "name", grant.name(),
                "subject", grant.subject(),
                "roles", String.join(",", grant.roles().stream().sorted().toList()),
                "teams", ids(grant),
                "expires_at", grant.expiresAt().toString());
    }

    /**
     * Looks up a token whose signature is ours and which has not expired. One without a row was signed before tokens were listed, or by a
     * control plane that does not list them yet; it is listed from now on and can be revoked like any other.
     */
    AdminTokenEntity used(TokenGrant grant) {
        return QuarkusTransaction.requiringNew().call(() -> {
            AdminTokenEntity row = entities.find(AdminTokenEntity.class, grant.id());
            if (row == null) {
                list(grant);
                row = get(grant.id());
            }
            Instant now = now();
            Instant noted = row.lastUsedAt();
            if (row.isActive(now) && (noted == null || noted.isBefore(now.minus(USE_NOTED_EVERY)))) {
                entities.createQuery(
                                "update AdminTokenEntity set lastUsedAt = :now where id = :id and (lastUsedAt is null or lastUsedAt < :now)")
                        .setParameter("now", now)
                        .setParameter("id", grant.id())
                        .executeUpdate();
            }
            return row;
        });
    }

    /** Two first uses at once are one row. */
    private void list(TokenGrant grant) {
        entities.createNativeQuery("""
                        insert into admin_token (id, name, subject, roles, teams, created_by, created_at, expires_at)
                        values (:id, :name, :subject, string_to_array(:roles, ','), cast(string_to_array(:teams, ',') as uuid[]), :by, :created, :expires)
                        on conflict do nothing""")
                .setParameter("id", grant.id())
                .setParameter("name", grant.name())
                .setParameter("subject", grant.subject())
                .setParameter("roles", String.join(",", grant.roles()))
                .setParameter("teams", ids(grant))
                .setParameter("by", Actor.TOLLGATE.subject())
                .setParameter("created", grant.issuedAt())
                .setParameter("expires", grant.expiresAt())
                .executeUpdate();
    }

    private static String ids(TokenGrant grant) {
        return String.join(
                ",", grant.teams().stream().map(UUID::toString).sorted().toList());
    }

    public AdminTokenEntity get(UUID id) {
        AdminTokenEntity row = entities.find(AdminTokenEntity.class, id);
        if (row == null) {
            throw new NotInCatalog("token", id.toString());
        }
        return row;
    }

    /** A place in the list. Immutable. */
    public record Place(Instant createdAt, UUID id) {}

    /** At most {@code limit} tokens, the newest first, behind {@code after}; only those that are active or not when asked. */
    public List<AdminTokenEntity> page(@Nullable Place after, @Nullable Boolean active, int limit) {
        String only =
                active == null ? "" : " and " + (active ? "" : "not ") + "(revokedAt is null and expiresAt > :now)";
        String behind = after == null ? "" : " and (createdAt < :at or (createdAt = :at and id < :id))";
        TypedQuery<AdminTokenEntity> query = entities.createQuery(
                "from AdminTokenEntity where true = true" + only + behind + " order by createdAt desc, id desc",
                AdminTokenEntity.class);
        if (active != null) {
            query.setParameter("now", now());
        }
        if (after != null) {
            query.setParameter("at", after.createdAt()).setParameter("id", after.id());
        }
        return query.setMaxResults(limit).getResultList();
    }

    /** Revokes a token; one that is revoked already stays as it is. */
    public void revoke(UUID id, Actor by) {
        QuarkusTransaction.requiringNew().run(() -> {
            AdminTokenEntity row = entities.find(AdminTokenEntity.class, id, LockModeType.PESSIMISTIC_WRITE);
            if (row == null) {
                throw new NotInCatalog("token", id.toString());
            }
            if (row.revokedAt() == null) {
                row.revoke(now(), by.subject());
                audit.beside(
                        by,
                        new Deed(
                                "revoke",
                                "token",
                                id,
                                row.subject(),
                                null,
                                Map.of("name", row.name(), "revoked_at", String.valueOf(row.revokedAt()))));
            }
        });
    }

    @Scheduled(every = "1h", delayed = "2m")
    void forgetOld() {
        QuarkusTransaction.requiringNew()
                .run(() -> entities.createQuery("delete from AdminTokenEntity where expiresAt < :before")
                        .setParameter("before", now().minus(LISTED_AFTER_EXPIRY))
                        .executeUpdate());
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
