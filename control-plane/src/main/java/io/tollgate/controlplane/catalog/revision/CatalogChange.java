package io.tollgate.controlplane.catalog.revision;

import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One object's change within a revision. Immutable.
 *
 * @param before the object as the admin API showed it; absent when it is new
 * @param after  the object as the admin API shows it now; absent when it is gone
 */
public record CatalogChange(
        ObjectKind kind,
        UUID id,
        String name,
        Action action,
        @Nullable Map<String, Object> before,
        @Nullable Map<String, Object> after) {

    /** What was done to an object. */
    public enum Action {
        CREATE("create"),
        REPLACE("replace"),
        REVOKE("revoke"),
        DELETE("delete");

        private final String word;

        Action(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }
    }

    /** Whether the object is gone after this change; otherwise it is there and is as its row says. */
    public boolean removes() {
        return action == Action.DELETE;
    }
}
