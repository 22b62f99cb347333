package io.tollgate.node.filter;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads single cookies of a Cookie field (RFC 6265, 4.2.1) without building a map of all of them. Immutable functions. */
public final class CookieText {
    private CookieText() {}

    /** The value of the first cookie with this name; null when there is none. */
    public static @Nullable String valueOf(String field, String name) {
        int start = 0;
        while (start < field.length()) {
            int end = end(field, start);
            int from = skipSpace(field, start, end);
            if (isNamed(field, from, end, name)) {
                String value = field.substring(from + name.length() + 1, end).trim();
                boolean quoted = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
                return quoted ? value.substring(1, value.length() - 1) : value;
            }
            start = end + 1;
        }
        return null;
    }

    /** The field without the cookies of these names; the same instance when there are none. */
    public static String without(String field, List<String> names) {
        StringBuilder kept = null;
        int start = 0;
        while (start < field.length()) {
            int end = end(field, start);
            int from = skipSpace(field, start, end);
            if (isOneOf(field, from, end, names)) {
                if (kept == null) {
                    kept = new StringBuilder(field.length()).append(field, 0, Math.max(0, start - 1));
                }
            } else if (kept != null && from < end) {
                kept.append(kept.length() == 0 ? "" : "; ").append(field, from, end);
            }
            start = end + 1;
        }
        return kept == null ? field : kept.toString();
    }

    private static int end(String field, int start) {
        int end = field.indexOf(';', start);
        return end < 0 ? field.length() : end;
    }

    private static int skipSpace(String field, int start, int end) {
        int from = start;
        while (from < end && (field.charAt(from) == ' ' || field.charAt(from) == '\t')) {
            from++;
        }
        return from;
    }

    private static boolean isOneOf(String field, int from, int end, List<String> names) {
        for (int i = 0; i < names.size(); i++) {
            if (isNamed(field, from, end, names.get(i))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isNamed(String field, int from, int end, String name) {
        return end - from > name.length() && field.startsWith(name, from) && field.charAt(from + name.length()) == '=';
    }
}
