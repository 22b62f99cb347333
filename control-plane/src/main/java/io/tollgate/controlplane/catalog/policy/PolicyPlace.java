package io.tollgate.controlplane.catalog.policy;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Where a policy applies. Immutable.
 *
 * @param id of what it is attached to; absent when global
 */
public record PolicyPlace(Kind kind, @Nullable UUID id) {
    public PolicyPlace {
        if ((kind == Kind.GLOBAL) != (id == null)) {
            throw new IllegalArgumentException(kind + " with id " + id + " (expected: an id unless global)");
        }
    }

    /** The kinds of place, the least specific first. */
    public enum Kind {
        GLOBAL("global"),
        SERVICE("service"),
        ROUTE("route"),
        PLAN("plan"),
        CONSUMER("consumer");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }

        static Kind ofWord(String word) {
            for (Kind kind : values()) {
                if (kind.word.equals(word)) {
                    return kind;
                }
            }
            throw new IllegalArgumentException(word + " (expected: a kind of place)");
        }
    }

    @Nullable
    UUID idIf(Kind wanted) {
        return kind == wanted ? id : null;
    }
}
