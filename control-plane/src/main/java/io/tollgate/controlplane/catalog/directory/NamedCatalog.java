package io.tollgate.controlplane.catalog.directory;

import io.tollgate.controlplane.catalog.revision.CatalogConflict;
import io.tollgate.controlplane.catalog.revision.CatalogEntity;
import io.tollgate.controlplane.catalog.revision.FieldFaults;
import io.tollgate.controlplane.catalog.revision.NotInCatalog;
import io.tollgate.controlplane.catalog.revision.ObjectKind;
import io.tollgate.controlplane.catalog.revision.Reach;
import io.tollgate.controlplane.catalog.revision.RevisionDraft;
import jakarta.inject.Inject;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What can be done to a noun with unique names; a room adds its rules. Writes need a {@link RevisionDraft}, so they happen inside the
 * revision log's transaction or not at all. Shared; worker threads only.
 *
 * @param <E> row
 * @param <D> what a caller wants an object to be
 */
public abstract class NamedCatalog<E extends CatalogEntity, D> {
    private final ObjectKind kind;
    private final NamedRepository<E> rows;

    @Inject
    Reach reach;

    protected NamedCatalog(ObjectKind kind, NamedRepository<E> rows) {
        this.kind = kind;
        this.rows = rows;
    }

    public ObjectKind kind() {
        return kind;
    }

    /** The object with this name or id, if it is there and the caller may know of it. */
    public @Nullable E find(String nameOrId) {
        E found = rows.byNameOrId(nameOrId);
        return found != null && reach.sees(found) ? found : null;
    }

    public E get(String nameOrId) {
        E found = find(nameOrId);
        if (found == null) {
            throw new NotInCatalog(kind.word(), nameOrId);
        }
        return found;
    }

    /** At most {@code limit} of the filtered objects, by name, behind {@code afterName}. */
    public List<E> page(Filter filter, String afterName, int limit) {
        Reach.Condition narrowed = reach.narrow(kind);
        if (narrowed != null) {
            narrowed.parameters().forEach((parameter, value) -> filter.where(narrowed.hql(), parameter, value));
        }
        return rows.page(filter, afterName, limit);
    }

    public E create(RevisionDraft draft, D wanted) {
        E entity = blank();
        judge(wanted, entity).accept(entity);
        return draft.create(entity);
    }

    /** Makes {@code current}, or a new object where there is none, what is wanted. */
    public Written<E> put(RevisionDraft draft, String nameOrId, @Nullable E current, D wanted) {
        if (current == null) {
            if (Ids.parse(nameOrId) != null) {
                throw new NotInCatalog(kind.word(), nameOrId);
            }
            if (!nameOf(wanted).equals(nameOrId)) {
                FieldFaults faults = new FieldFaults();
                faults.add("/name", nameOf(wanted) + " (expected: " + nameOrId + ", as in the path, for what is new)");
                faults.raise();
            }
            return new Written<>(create(draft, wanted), Written.Ending.CREATED);
        }
        Consumer<E> edit = judge(wanted, current);
        boolean changed = draft.replace(current, edit);
        return new Written<>(current, changed ? Written.Ending.REPLACED : Written.Ending.UNCHANGED);
    }

    /** Deletes an object that nothing refers to. */
    public void delete(RevisionDraft draft, E entity) {
        requireUnused(entity);
        draft.delete(entity, null);
    }

    /** Refuses what something refers to. */
    protected final void requireUnused(E entity) {
        List<String> referrers = referrers(entity);
        if (!referrers.isEmpty()) {
            // What uses it may be somebody else's.
            String users = reach.isLimited() ? "" : " by " + String.join(", ", referrers);
            throw new CatalogConflict(kind.word() + " " + entity.name() + " is in use" + users);
        }
    }

    private Consumer<E> judge(D wanted, E entity) {
        String name = nameOf(wanted);
        FieldFaults faults = new FieldFaults();
        if (Ids.parse(name) != null) {
            faults.add("/name", name + " (expected: a name that does not look like an id)");
        }
        Consumer<E> edit = judge(wanted, entity, faults);
        faults.raise();
        E namesake = rows.byName(name);
        if (namesake != null && !namesake.id().equals(entity.id())) {
            String by = reach.isLimited() ? "" : " by " + kind.word() + " " + namesake.id();
            throw new CatalogConflict("the name " + name + " is taken" + by);
        }
        return edit;
    }

    protected abstract E blank();

    protected abstract String nameOf(D wanted);

    /** Adds what breaks the noun's rules to {@code faults}, and gives the edit that makes {@code entity} as wanted. */
    protected abstract Consumer<E> judge(D wanted, E entity, FieldFaults faults);

    /** What refers to an object, as "route pets". */
    protected abstract List<String> referrers(E entity);
}
