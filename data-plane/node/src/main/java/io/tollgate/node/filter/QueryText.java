package io.tollgate.node.filter;

import io.tollgate.engine.route.QueryString;
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

    private static boolean isOneOf(String query, int start, int end, List<String> names) {
        for (int i = 0; i < names.size(); i++) {
            if (QueryString.isName(query, start, end, names.get(i))) {
                return true;
            }
        }
        return false;
    }
}
