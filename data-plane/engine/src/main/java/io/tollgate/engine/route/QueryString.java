package io.tollgate.engine.route;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads single parameters of a raw query without building a map of all of them. Immutable functions.
 *
 * <p>Decoded texts have one character per octet, as the fields of a head have; see {@link OctetText}.
 */
public final class QueryString {
    private QueryString() {}

    /** The decoded value of the first parameter with this name; null when there is none. */
    public static @Nullable String valueOf(String query, String name) {
        int start = 0;
        while (start <= query.length()) {
            int end = end(query, start);
            int equals = nameEnd(query, start, end);
            if (isName(query, start, equals, name)) {
                return equals == end ? "" : decode(query, equals + 1, end);
            }
            start = end + 1;
        }
        return null;
    }

    /** The decoded texts of all parameters by name, the first of each name, in their order. */
    public static Map<String, String> all(String query) {
        Map<String, String> texts = new LinkedHashMap<>();
        for (int start = 0; start < query.length(); start = end(query, start) + 1) {
            int end = end(query, start);
            int equals = nameEnd(query, start, end);
            if (end > start) {
                String value = equals == end ? "" : OctetText.toText(decode(query, equals + 1, end));
                texts.putIfAbsent(OctetText.toText(decode(query, start, equals)), value);
            }
        }
        return texts;
    }

    /** First position after the parameter that starts at {@code start}. */
    public static int end(String query, int start) {
        int end = query.indexOf('&', start);
        return end < 0 ? query.length() : end;
    }

    /** First position after the name of the parameter between {@code start} and {@code end}. */
    public static int nameEnd(String query, int start, int end) {
        for (int i = start; i < end; i++) {
            if (query.charAt(i) == '=') {
                return i;
            }
        }
        return end;
    }

    /** Whether the text between the positions is {@code name}, also when parts of it are escaped. */
    public static boolean isName(String query, int start, int end, String name) {
        if (isEscaped(query, start, end)) {
            return decode(query, start, end).equals(name);
        }
        return end - start == name.length() && query.startsWith(name, start);
    }

    /**
     * The text between the positions without its escapes. An escape that is none stays as it is: the value is then no key,
     * and the query is forwarded as it came.
     */
    public static String decode(String query, int start, int end) {
        if (!isEscaped(query, start, end)) {
            return query.substring(start, end);
        }
        StringBuilder decoded = new StringBuilder(end - start);
        for (int i = start; i < end; i++) {
            char c = query.charAt(i);
            int high = c == '%' && i + 2 < end ? Character.digit(query.charAt(i + 1), 16) : -1;
            int low = high >= 0 ? Character.digit(query.charAt(i + 2), 16) : -1;
            if (low >= 0) {
                decoded.append((char) (high * 16 + low));
                i += 2;
            } else {
                decoded.append(c == '+' ? ' ' : c);
            }
        }
        return decoded.toString();
    }

    private static boolean isEscaped(String query, int start, int end) {
        for (int i = start; i < end; i++) {
            char c = query.charAt(i);
            if (c == '%' || c == '+') {
                return true;
            }
        }
        return false;
    }
}
