package io.tollgate.controlplane.catalog.credential;

import io.tollgate.controlplane.catalog.directory.Directory;
import io.tollgate.controlplane.catalog.directory.Ids;
import io.tollgate.controlplane.catalog.directory.Written;
import io.tollgate.controlplane.catalog.revision.CatalogConflict;
import io.tollgate.controlplane.catalog.revision.FieldFaults;
import io.tollgate.controlplane.catalog.revision.NotInCatalog;
import io.tollgate.controlplane.catalog.revision.ObjectKind;
import io.tollgate.controlplane.catalog.revision.RevisionDraft;
import io.tollgate.engine.consumer.ApiKey;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** API keys of consumers and their rules. Shared; worker threads only. */
@ApplicationScoped
public class CredentialCatalog {
    /** As long as the contract lets a rotation overlap. */
    static final Duration OVERLAP_MAX = Duration.ofDays(90);
    /** Secrets of one name that work at once: who rotates faster than partners follow should notice. */
    static final int GENERATIONS_MAX = 8;

    /** A path of the API that a name would hide. */
    private static final String IMPORT = "import";

    private final CredentialRepository rows;
    private final Directory directory;
    private final KeySecrets secrets;

    CredentialCatalog(CredentialRepository rows, Directory directory, KeySecrets secrets) {
        this.rows = rows;
        this.directory = directory;
        this.secrets = secrets;
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

    public List<CredentialEntity> page(UUID consumerId, KeyPlace after, int limit) {
        return rows.page(consumerId, after, limit);
    }

    /** The minutes in which these keys were used last, where they were at all. */
    public Map<UUID, Instant> lastUsed(List<CredentialEntity> keys) {
        return rows.lastUsed(keys.stream().map(CredentialEntity::id).toList());
    }

    /** Makes a new key for a consumer. */
    public IssuedKey issue(RevisionDraft draft, UUID consumerId, CredentialDraft wanted) {
        return issue(draft, consumerId, wanted, "");
    }

    /** @param at where in the request the key is described */
    private IssuedKey issue(RevisionDraft draft, UUID consumerId, CredentialDraft wanted, String at) {
        judgeNew(draft, consumerId, wanted, at);
        String environment = environment(wanted);
        ApiKey key = secrets.issue(environment);
        CredentialEntity entity = new CredentialEntity(consumerId, environment, secrets.of(key));
        entity.apply(wanted);
        return new IssuedKey(draft.create(entity), key.text());
    }

    /** Makes many keys, all or none. */
    public List<IssuedKey> issue(RevisionDraft draft, List<KeyOrder> orders) {
        FieldFaults faults = new FieldFaults();
        Map<String, UUID> consumers = new HashMap<>();
        for (int i = 0; i < orders.size(); i++) {
            String consumer = orders.get(i).consumer();
            UUID known = consumers.get(consumer);
            UUID id = known != null
                    ? known
                    : directory.reference(ObjectKind.CONSUMER, consumer, "/keys/" + i + "/consumer", faults);
            if (id != null) {
                consumers.put(consumer, id);
            }
        }
        faults.raise();
        List<IssuedKey> issued = new ArrayList<>(orders.size());
        for (int i = 0; i < orders.size(); i++) {
            KeyOrder order = orders.get(i);
            issued.add(issue(
                    draft,
                    Objects.requireNonNull(consumers.get(order.consumer())),
                    order.key(),
                    "/keys/" + i + "/key"));
        }
        return issued;
    }

    /** Takes over a key that was issued elsewhere. */
    public CredentialEntity take(RevisionDraft draft, UUID consumerId, CredentialDraft wanted, ForeignKey foreign) {
        judgeNew(draft, consumerId, wanted, "");
        CredentialEntity.Secret secret = secrets.of(foreign);
        if (rows.count("digest", secret.digest()) > 0) {
            // Whose it is would tell somebody who tries keys out whom it opens.
            throw new CatalogConflict("the key is here already");
        }
        CredentialEntity entity = new CredentialEntity(consumerId, environment(wanted), secret);
        entity.apply(wanted);
        return draft.create(entity);
    }

    /** Gives a key a successor under the same name; it works on for a while itself. */
    public IssuedKey rotate(RevisionDraft draft, CredentialEntity old, RotationDraft wanted) {
        FieldFaults faults = new FieldFaults();
        judgeExpiry(draft, wanted.expiresAt(), "", faults);
        faults.raise();
        requireRotatable(draft, old);
        Instant end = old.expiresAt();
        ApiKey key = secrets.issue(old.environment());
        CredentialEntity next = old.successor(secrets.of(key), wanted.expiresAt() == null ? end : wanted.expiresAt());
        Instant overlapEnd = draft.now().plus(wanted.overlap());
        draft.replace(
                old,
                row -> row.replacedBy(next, draft.now(), end != null && end.isBefore(overlapEnd) ? end : overlapEnd));
        return new IssuedKey(draft.create(next), key.text());
    }

    private void requireRotatable(RevisionDraft draft, CredentialEntity old) {
        Instant end = old.expiresAt();
        if (old.revokedAt() != null) {
            throw new CatalogConflict("key " + old.name() + " is revoked for ever");
        }
        if (old.replacedBy() != null) {
            throw new CatalogConflict("key " + old.name() + " was replaced by " + old.replacedBy());
        }
        if (end != null && !end.isAfter(draft.now())) {
            throw new CatalogConflict("key " + old.name() + " has expired (expected: one that works; issue a new one)");
        }
        long working = rows.generations(old.consumerId(), old.name()).stream()
                .filter(key -> key.revokedAt() == null
                        && (key.expiresAt() == null || key.expiresAt().isAfter(draft.now())))
                .count();
        if (working >= GENERATIONS_MAX) {
            throw new CatalogConflict("of key " + old.name() + " " + working
                    + " secrets work at once (expected: at most " + GENERATIONS_MAX + "; revoke one)");
        }
    }

    /** Changes a key; a new name is that of all that it replaced too. */
    public Written<CredentialEntity> put(RevisionDraft draft, CredentialEntity entity, CredentialDraft wanted) {
        FieldFaults faults = new FieldFaults();
        if (wanted.environment() != null && !wanted.environment().equals(entity.environment())) {
            faults.add(
                    "/environment",
                    wanted.environment() + " (expected: " + entity.environment() + ", it is part of the key)");
        }
        judgeReplaced(entity, wanted, faults);
        judgeName(entity.consumerId(), entity.name(), wanted, "", faults);
        String before = entity.name();
        boolean changed = draft.replace(entity, row -> row.apply(wanted));
        if (changed && entity.revokedAt() != null) {
            throw new CatalogConflict("key " + entity.name() + " is revoked for ever");
        }
        if (!wanted.name().equals(before)) {
            for (CredentialEntity older : rows.generations(entity.consumerId(), before)) {
                if (older.replacedBy() != null) {
                    draft.replace(older, row -> row.rename(wanted.name()));
                }
            }
        }
        return new Written<>(entity, changed ? Written.Ending.REPLACED : Written.Ending.UNCHANGED);
    }

    /** A key that was replaced keeps its successor's name, and ends. */
    private static void judgeReplaced(CredentialEntity entity, CredentialDraft wanted, FieldFaults faults) {
        Instant since = entity.deprecatedAt();
        if (since == null) {
            return;
        }
        if (!wanted.name().equals(entity.name())) {
            faults.add("/name", wanted.name() + " (expected: " + entity.name() + ", the name of its successor)");
        }
        Instant end = wanted.expiresAt();
        if (end == null || end.isAfter(since.plus(OVERLAP_MAX))) {
            faults.add(
                    "/expires_at",
                    (end == null ? "never" : end) + " (expected: at most " + OVERLAP_MAX.toDays()
                            + " days after the key was replaced at " + since + ")");
        }
    }

    /** Revokes one key for ever; revoking it again changes nothing. */
    public void revoke(RevisionDraft draft, CredentialEntity entity) {
        draft.revoke(entity, row -> row.revoke(draft.now()));
    }

    /** Revokes a key and all that it replaced, for ever. */
    public void revokeAll(RevisionDraft draft, CredentialEntity newest) {
        List<CredentialEntity> generations = rows.generations(newest.consumerId(), newest.name());
        for (int i = generations.size() - 1; i >= 0; i--) {
            revoke(draft, generations.get(i));
        }
    }

    private static String environment(CredentialDraft wanted) {
        return wanted.environment() == null ? "live" : wanted.environment();
    }

    private void judgeNew(RevisionDraft draft, UUID consumerId, CredentialDraft wanted, String at) {
        FieldFaults faults = new FieldFaults();
        judgeExpiry(draft, wanted.expiresAt(), at, faults);
        judgeName(consumerId, null, wanted, at, faults);
    }

    private static void judgeExpiry(RevisionDraft draft, @Nullable Instant expiresAt, String at, FieldFaults faults) {
        if (expiresAt != null && !expiresAt.isAfter(draft.now())) {
            faults.add(at + "/expires_at", expiresAt + " (expected: a moment to come)");
        }
    }

    private void judgeName(
            UUID consumerId, @Nullable String own, CredentialDraft wanted, String at, FieldFaults faults) {
        faults.duplicates(at + "/scopes", wanted.scopes());
        faults.duplicates(at + "/networks", wanted.networks());
        if (Ids.parse(wanted.name()) != null) {
            faults.add(at + "/name", wanted.name() + " (expected: a name that does not look like an id)");
        }
        if (wanted.name().equals(IMPORT) && !wanted.name().equals(own)) {
            faults.add(at + "/name", IMPORT + " (expected: another name, this one is a part of the API)");
        }
        Instant expiresAt = wanted.expiresAt();
        if (expiresAt != null && expiresAt.toEpochMilli() <= 0) {
            faults.add(at + "/expires_at", expiresAt + " (expected: after 1970)");
        }
        faults.raise();
        CredentialEntity namesake = wanted.name().equals(own) ? null : rows.anyByName(consumerId, wanted.name());
        if (namesake != null) {
            throw new CatalogConflict(
                    "the name " + wanted.name() + " is taken by key " + namesake.id() + " of this consumer");
        }
    }
}
