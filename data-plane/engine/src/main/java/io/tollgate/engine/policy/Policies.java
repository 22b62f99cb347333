package io.tollgate.engine.policy;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Compiled policies, at most one of each type. Immutable.
 *
 * @param byType each of the form of its type
 */
public record Policies(Map<PolicyType<?>, Object> byType) {
    public static final Policies NONE = new Policies(Map.of());

    /** Copies the map. */
    public Policies {
        byType = Map.copyOf(byType);
    }

    /** The policy of this type; null when there is none. */
    public <T> @Nullable T find(PolicyType<T> type) {
        Object found = byType.get(type);
        return found == null ? null : type.cast(found);
    }

    /** The policy of this type, or what applies where there is none. */
    public <T> T get(PolicyType<T> type, T otherwise) {
        T found = find(type);
        return found == null ? otherwise : found;
    }

    /** These, and one more. */
    public <T> Policies with(PolicyType<T> type, T policy) {
        Map<PolicyType<?>, Object> more = new HashMap<>(byType);
        more.put(type, policy);
        return new Policies(more);
    }

    /** These, and of the types that they lack the less specific ones. */
    public Policies over(Policies lessSpecific) {
        if (byType.isEmpty()) {
            return lessSpecific;
        }
        if (lessSpecific.byType.isEmpty()) {
            return this;
        }
        Map<PolicyType<?>, Object> both = new HashMap<>(lessSpecific.byType);
        both.putAll(byType);
        return new Policies(both);
    }
}
