package io.tollgate.controlplane.catalog.audit;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** What of an object differs from another one. Immutable functions. */
public final class ChangedMembers {
    private ChangedMembers() {}

    /** The members of {@code object} that {@code other} does not have alike, at any depth; lists are taken as a whole. */
    public static Map<String, Object> of(Map<String, Object> object, Map<String, Object> other) {
        Map<String, Object> changed = new LinkedHashMap<>();
        object.forEach((member, value) -> {
            Object before = other.get(member);
            if (!Objects.equals(value, before)) {
                changed.put(
                        member,
                        value instanceof Map<?, ?> map && before instanceof Map<?, ?> old ? inner(map, old) : value);
            }
        });
        return changed;
    }

    private static Map<String, Object> inner(Map<?, ?> object, Map<?, ?> other) {
        return of(named(object), named(other));
    }

    private static Map<String, Object> named(Map<?, ?> object) {
        Map<String, Object> members = new LinkedHashMap<>();
        object.forEach((member, value) -> members.put(String.valueOf(member), value));
        return members;
    }
}
