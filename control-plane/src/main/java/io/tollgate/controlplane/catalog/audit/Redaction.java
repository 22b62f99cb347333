package io.tollgate.controlplane.catalog.audit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Takes secrets out of what is written into the audit, whatever noun they stand in: texts of members with such a name, and the value of a
 * header field, cookie or parameter with such a name. What the admin API never shows does not even get here. Immutable functions.
 */
final class Redaction {
    static final String REDACTED = "(redacted)";

    /** Says that there is a change, not which. */
    static final String REDACTED_CHANGED = "(redacted, changed)";

    private static final Pattern SECRET_MEMBER =
            Pattern.compile("(.*_)?(secret|secrets|password|passphrase|private_key)");

    private static final Pattern SECRET_FIELD = Pattern.compile(
            ".*(authorization|cookie|secret|password|token|credential|signature|api[-_]?key|session).*");

    private Redaction() {}

    /** What is kept of {@code object}; {@code other} is what it was before, if it was. */
    static @Nullable Map<String, Object> of(@Nullable Map<String, Object> object, @Nullable Map<String, Object> other) {
        return object == null ? null : members(object, other);
    }

    private static Map<String, Object> members(Map<?, ?> object, @Nullable Object other) {
        Map<?, ?> others = other instanceof Map<?, ?> map ? map : null;
        boolean secretField = object.get("name") instanceof String name
                && SECRET_FIELD.matcher(name.toLowerCase(Locale.ROOT)).matches();
        Map<String, Object> kept = new LinkedHashMap<>();
        object.forEach((key, value) -> {
            String member = String.valueOf(key);
            Object before = others == null ? null : others.get(key);
            boolean secret = (secretField && member.equals("value"))
                    || SECRET_MEMBER.matcher(member).matches();
            kept.put(member, secret ? hidden(value, before) : value(value, before));
        });
        return kept;
    }

    private static @Nullable Object value(@Nullable Object value, @Nullable Object other) {
        if (value instanceof Map<?, ?> map) {
            return members(map, other);
        }
        if (value instanceof List<?> list) {
            List<?> others = other instanceof List<?> before ? before : List.of();
            List<@Nullable Object> kept = new ArrayList<>(list.size());
            for (int i = 0; i < list.size(); i++) {
                kept.add(value(list.get(i), i < others.size() ? others.get(i) : null));
            }
            return kept;
        }
        return value;
    }

    /** Switches and numbers of such a name are no secrets. */
    private static @Nullable Object hidden(@Nullable Object value, @Nullable Object other) {
        if (value instanceof Boolean || value instanceof Number || value == null || "".equals(value)) {
            return value;
        }
        return other == null || other.equals(value) ? REDACTED : REDACTED_CHANGED;
    }
}
