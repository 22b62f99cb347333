package io.tollgate.controlplane.catalog.credential;

import io.tollgate.controlplane.catalog.directory.Ids;
import io.tollgate.controlplane.catalog.directory.Written;
import io.tollgate.controlplane.catalog.revision.CatalogConflict;
import io.tollgate.controlplane.catalog.revision.FieldFaults;
import io.tollgate.controlplane.catalog.revision.NotInCatalog;
import io.tollgate.controlplane.catalog.revision.RevisionCounter;
import io.tollgate.controlplane.catalog.revision.RevisionDraft;
import io.tollgate.engine.consumer.ApiKey;
import io.tollgate.engine.consumer.KeyHasher;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** API keys of consumers and their rules. Shared; worker threads only. */
@ApplicationScoped
public class CredentialCatalog {
    private final CredentialRepository rows;
    private final EntityManager entities;
    private final SecureRandom random = new SecureRandom();

    CredentialCatalog(CredentialRepository rows, EntityManager entities) {
        this.rows = rows;
        this.entities = entities;
    }

    public @Nullable CredentialEntity find(UUID consumerId, String nameOrId) {
        return rows.byNameOrId(consumerId, nameOrId);
    }

    public CredentialEntity get(UUID consumerId, String nameOrId) {
        CredentialEntity found = find(consumerId, nameOrId);
        if (found == null) {
            throw new NotInCatalog("key", nameOrId);
        }
        return found;
    }

    public List<CredentialEntity> page(UUID consumerId, String afterName, int limit) {
        return rows.page(consumerId, afterName, limit);
    }

    /** Makes a new key for a consumer. */
    public IssuedKey issue(RevisionDraft draft, UUID consumerId, CredentialDraft wanted) {
        FieldFaults faults = new FieldFaults();
        Instant expiresAt = wanted.expiresAt();
        if (expiresAt != null && !expiresAt.isAfter(draft.now())) {
            faults.add("/expires_at", expiresAt + " (expected: a moment to come)");
        }
        judgeName(consumerId, null, wanted, faults);
        boolean test = "test".equals(wanted.environment());
        ApiKey key = ApiKey.issue(test ? ApiKey.Environment.TEST : ApiKey.Environment.LIVE, random);
        byte[] secret = entities.find(RevisionCounter.class, true).keyDigestSecret();
        byte[] digest = new KeyHasher(secret).digest(key.text());
        CredentialEntity entity = new CredentialEntity(consumerId, test ? "test" : "live", digest, key.prefix());
        entity.apply(wanted);
        return new IssuedKey(draft.create(entity), key.text());
    }

    /** Changes the name or the expiry of a key. */
    public Written<CredentialEntity> put(RevisionDraft draft, CredentialEntity entity, CredentialDraft wanted) {
        FieldFaults faults = new FieldFaults();
        if (wanted.environment() != null && !wanted.environment().equals(entity.environment())) {
            faults.add(
                    "/environment",
                    wanted.environment() + " (expected: " + entity.environment() + ", it is part of the key)");
        }
        judgeName(entity.consumerId(), entity.id(), wanted, faults);
        boolean changed = draft.replace(entity, row -> row.apply(wanted));
        if (changed && entity.revokedAt() != null) {
            throw new CatalogConflict("key " + entity.name() + " is revoked for ever");
        }
        return new Written<>(entity, changed ? Written.Ending.REPLACED : Written.Ending.UNCHANGED);
    }

    /** Revokes a key for ever; revoking it again changes nothing. */
    public void revoke(RevisionDraft draft, CredentialEntity entity) {
        draft.revoke(entity, row -> row.revoke(draft.now()));
    }

    private void judgeName(UUID consumerId, @Nullable UUID own, CredentialDraft wanted, FieldFaults faults) {
        faults.duplicates("/scopes", wanted.scopes());
        faults.duplicates("/networks", wanted.networks());
        if (Ids.parse(wanted.name()) != null) {
            faults.add("/name", wanted.name() + " (expected: a name that does not look like an id)");
        }
        Instant expiresAt = wanted.expiresAt();
        if (expiresAt != null && expiresAt.toEpochMilli() <= 0) {
            faults.add("/expires_at", expiresAt + " (expected: after 1970)");
        }
        faults.raise();
        CredentialEntity namesake = rows.byName(consumerId, wanted.name());
        if (namesake != null && !namesake.id().equals(own)) {
            throw new CatalogConflict(
                    "the name " + wanted.name() + " is taken by key " + namesake.id() + " of this consumer");
        }
    }
}
