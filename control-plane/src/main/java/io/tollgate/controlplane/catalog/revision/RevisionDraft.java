package io.tollgate.controlplane.catalog.revision;

import io.tollgate.controlplane.catalog.audit.Actor;
import jakarta.persistence.EntityManager;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The revision that a write is making: the only thing that may create, change or delete a {@link CatalogEntity}. Only {@link RevisionLog}
 * makes one, so whoever holds one is inside the transaction and holds the lock of the counter. One thread, one transaction.
 */
public final class RevisionDraft {
    private final EntityManager entities;
    private final Portraits portraits;
    private final Reach reach;
    private final Actor actor;
    private final long heldRevision;
    private final Instant now;
    private final List<Step> steps = new ArrayList<>();

    /** What was done to one entity, before its final portrait is known. */
    private record Step(
            CatalogEntity entity,
            CatalogChange.Action action,
            @Nullable Map<String, Object> before) {}

    RevisionDraft(
            EntityManager entities, Portraits portraits, Reach reach, Actor actor, long heldRevision, Instant now) {
        this.entities = entities;
        this.portraits = portraits;
        this.reach = reach;
        this.actor = actor;
        this.heldRevision = heldRevision;
        this.now = now;
    }

    public Actor actor() {
        return actor;
    }

    public Instant now() {
        return now;
    }

    /** The revision that holds this write: the next one, or the one that is, when nothing changed. */
    public long revision() {
        return steps.isEmpty() ? heldRevision : heldRevision + 1;
    }

    /** Stores a new object. */
    public <E extends CatalogEntity> E create(E entity) {
        entity.born(now);
        entities.persist(entity);
        reach.adopt(this, entity);
        steps.add(new Step(entity, CatalogChange.Action.CREATE, null));
        reach.judge(entity);
        return entity;
    }

    /** Edits an object; an edit that leaves it as it was is none. */
    public <E extends CatalogEntity> boolean replace(E entity, Consumer<E> edit) {
        reach.judge(entity);
        boolean changed = edit(entity, CatalogChange.Action.REPLACE, edit);
        // It must not become somebody else's either.
        reach.judge(entity);
        return changed;
    }

    /** Edits an object that changes along with another one; whether the caller may is settled by that one. */
    public <E extends CatalogEntity> void replaceAlong(E entity, Consumer<E> edit) {
        edit(entity, CatalogChange.Action.REPLACE, edit);
    }

    /** Edits a credential so that it never works again. */
    public <E extends CatalogEntity> boolean revoke(E entity, Consumer<E> edit) {
        reach.judge(entity);
        return edit(entity, CatalogChange.Action.REVOKE, edit);
    }

    private <E extends CatalogEntity> boolean edit(E entity, CatalogChange.Action action, Consumer<E> edit) {
        Map<String, Object> before = portraits.of(entity);
        edit.accept(entity);
        if (before.equals(portraits.of(entity))) {
            return false;
        }
        entity.changed(now);
        steps.add(new Step(entity, action, before));
        return true;
    }

    /** Deletes an object and keeps its name, and its billing id if it has one. */
    public void delete(CatalogEntity entity, @Nullable String billingId) {
        reach.judge(entity);
        reach.forget(this, entity);
        steps.add(new Step(entity, CatalogChange.Action.DELETE, portraits.of(entity)));
        entities.persist(new RetiredName(entity, billingId, now));
        entities.remove(entity);
        // In this order on the wire too: what refers goes before what it refers to.
        entities.flush();
    }

    /** Writes the rows out and tells what changed. */
    List<CatalogChange> seal() {
        entities.flush();
        List<CatalogChange> changes = new ArrayList<>(steps.size());
        for (Step step : steps) {
            CatalogEntity entity = step.entity();
            Map<String, Object> after = step.action() == CatalogChange.Action.DELETE ? null : portraits.of(entity);
            changes.add(
                    new CatalogChange(entity.kind(), entity.id(), entity.name(), step.action(), step.before(), after));
        }
        return changes;
    }
}
