package io.tollgate.node.filter;

import io.tollgate.engine.action.FieldEdits;
import io.tollgate.engine.route.QueryString;
import io.tollgate.engine.template.Template;
import io.tollgate.engine.template.TemplateFacts;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads single parameters of a raw query without building a map of all of them. Immutable functions. */
public final class QueryText {
    private QueryText() {}

    /** The decoded value of the first parameter with this name; null when there is none. */
    public static @Nullable String valueOf(String query, String name) {
        return QueryString.valueOf(query, name);
    }

    /** The query byte for byte without the parameters of these names; the same instance when there are none. */
    public static String without(String query, List<String> names) {
        StringBuilder kept = null;
        int start = 0;
        while (start <= query.length()) {
            int end = QueryString.end(query, start);
            if (isOneOf(query, start, QueryString.nameEnd(query, start, end), names)) {
                if (kept == null) {
                    kept = new StringBuilder(query.length()).append(query, 0, Math.max(0, start - 1));
                }
            } else if (kept != null) {
                kept.append(kept.length() == 0 ? "" : "&").append(query, start, end);
            }
            start = end + 1;
        }
        return kept == null ? query : kept.toString();
    }

    /** The query with these changes, what they leave alone byte for byte. */
    public static String edited(String query, FieldEdits edits, TemplateFacts facts) {
        StringBuilder out = new StringBuilder(query.length() + 64);
        long seen = 0;
        int start = 0;
        while (start < query.length()) {
            int end = QueryString.end(query, start);
            int nameEnd = QueryString.nameEnd(query, start, end);
            int slot = edits.slot(QueryString.decode(query, start, nameEnd));
            if (slot < 0 || edits.keepsName(slot)) {
                separate(out).append(query, start, end);
            } else {
                String name = edits.finalName(slot);
                if (name != null) {
                    appendName(separate(out), name).append(query, nameEnd, end);
                }
            }
            seen |= slot < 0 ? 0 : 1L << slot;
            start = end + 1;
        }
        long made = 0;
        for (int i = 0; i < edits.additionCount(); i++) {
            FieldEdits.Addition addition = edits.addition(i);
            String value =
                    addition.isDue(seen, made) ? addition.value().evaluate(facts, Template.VALUE_CHARACTERS_MAX) : null;
            if (value != null && !value.isEmpty()) {
                made |= 1L << i;
                if (!addition.name().isEmpty()) {
                    appendName(separate(out), addition.name()).append('=').append(value);
                }
            }
        }
        return out.toString();
    }

    private static StringBuilder separate(StringBuilder out) {
        return out.length() == 0 ? out : out.append('&');
    }

    // A name is printable ASCII; what could end it is percent-encoded (RFC 3986, 2.1).
    private static StringBuilder appendName(StringBuilder out, String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (Character.isLetterOrDigit(c) || "-._~[]:@/!$'()*,;".indexOf(c) >= 0) {
                out.append(c);
            } else {
                out.append('%').append(hex(c >> 4)).append(hex(c & 15));
            }
        }
        return out;
    }

    private static char hex(int value) {
        return Character.toUpperCase(Character.forDigit(value, 16));
    }

    private static boolean isOneOf(String query, int start, int end, List<String> names) {
        for (int i = 0; i < names.size(); i++) {
            if (QueryString.isName(query, start, end, names.get(i))) {
                return true;
            }
        }
        return false;
    }
}
