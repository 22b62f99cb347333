package io.tollgate.controlplane.catalog.revision;

import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How far the caller of a request reaches: to everything, or to what some teams have. Asked wherever objects are found, and by the
 * {@link RevisionDraft} before and after each change, so that no write goes past it. One request.
 */
public interface Reach {
    /** A condition in HQL on the rows of a kind. Immutable. */
    record Condition(String hql, Map<String, Object> parameters) {
        public Condition {
            parameters = Map.copyOf(parameters);
        }
    }

    /** Whether there is anything that the caller does not reach. */
    boolean isLimited();

    /** Whether the caller may know of the object. */
    boolean sees(ObjectKind kind, UUID id);

    /** Whether the caller may know of the object: it is the caller's, or everybody's. */
    boolean sees(CatalogEntity entity);

    /**
     * Lets pass what the caller may change.
     *
     * @throws OutOfReach it is everybody's, or would be somebody else's
     */
    void judge(CatalogEntity entity);

    /** What rows of this kind the caller sees; nothing when it is all of them. */
    @Nullable
    Condition narrow(ObjectKind kind);

    /** Makes a new object the caller's. */
    void adopt(RevisionDraft draft, CatalogEntity created);

    /** Takes an object, which is about to be deleted, from whoever has it. */
    void forget(RevisionDraft draft, CatalogEntity deleted);
}
