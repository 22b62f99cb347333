package io.tollgate.engine.compile;

import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a configured path may look like, so that it can equal the normalised path of a request byte for byte. Immutable.
 *
 * <p>A normalised path (RFC 3986, section 6.2.2) has no dot segments and no empty ones, encodes only what must be encoded,
 * and writes its percent-encodings in upper case. A configured path that is not so would never match; saying so is kinder.
 */
final class PathText {
    static final int LENGTH_MAX = 1024;

    private static final Pattern PARAMETER = Pattern.compile("\\{[A-Za-z][A-Za-z0-9_]{0,31}}");
    private static final String SUB_DELIMITERS_AND_MORE = "!$&'()*+,;=:@";

    private PathText() {}

    /** What is expected of a path instead; null when it is fine. A trailing slash is fine. */
    static @Nullable String wrong(String path) {
        if (!path.startsWith("/")) {
            return "a path that starts with a slash";
        }
        if (path.length() > LENGTH_MAX) {
            return "at most " + LENGTH_MAX + " characters";
        }
        int start = 1;
        while (start <= path.length()) {
            int slash = path.indexOf('/', start);
            int end = slash < 0 ? path.length() : slash;
            String wrong = wrongSegment(path.substring(start, end), end == path.length());
            if (wrong != null) {
                return wrong;
            }
            start = end + 1;
        }
        return null;
    }

    /** The same for a prefix, or what is put before a path: no trailing slash. */
    static @Nullable String wrongPrefix(String path) {
        String wrong = wrong(path);
        return wrong == null && path.length() > 1 && path.endsWith("/") ? "no slash at the end" : wrong;
    }

    /** The same for a template; its parameters are one whole segment each. */
    static @Nullable String wrongTemplate(String path, int parametersMax) {
        Set<String> names = new HashSet<>();
        StringBuilder literal = new StringBuilder();
        int start = 1;
        while (path.startsWith("/") && start <= path.length()) {
            int slash = path.indexOf('/', start);
            int end = slash < 0 ? path.length() : slash;
            String segment = path.substring(start, end);
            if (segment.isEmpty()) {
                return "segments that are not empty";
            }
            if (PARAMETER.matcher(segment).matches()) {
                if (!names.add(segment) || names.size() > parametersMax) {
                    return "at most " + parametersMax + " parameters with different names";
                }
                literal.append("/p");
            } else {
                literal.append('/').append(segment);
            }
            start = end + 1;
        }
        String wrong = wrong(literal.length() == 0 ? path : literal.toString());
        return wrong != null && path.indexOf('{') >= 0 && literal.indexOf("{") >= 0
                ? "{name} as a whole segment, of 1 to 32 letters, digits and underscores"
                : wrong;
    }

    private static @Nullable String wrongSegment(String segment, boolean last) {
        if (segment.isEmpty()) {
            return last ? null : "no empty segments";
        }
        if (segment.equals(".") || segment.equals("..")) {
            return "no dot segments";
        }
        for (int i = 0; i < segment.length(); i++) {
            char c = segment.charAt(i);
            if (c == '%') {
                String wrong = wrongEncoding(segment, i);
                if (wrong != null) {
                    return wrong;
                }
                i += 2;
            } else if (!isUnreserved(c) && SUB_DELIMITERS_AND_MORE.indexOf(c) < 0) {
                return "characters of a path (RFC 3986, section 3.3), others percent-encoded";
            }
        }
        return null;
    }

    private static @Nullable String wrongEncoding(String segment, int at) {
        int high = at + 2 < segment.length() ? upperHex(segment.charAt(at + 1)) : -1;
        int low = at + 2 < segment.length() ? upperHex(segment.charAt(at + 2)) : -1;
        if (high < 0 || low < 0) {
            return "percent-encodings of two digits in upper case";
        }
        int octet = high * 16 + low;
        if (octet == '/' || octet == '\\' || octet < ' ' || octet == 0x7f) {
            return "no encoded slash, backslash or control character, which are refused in requests";
        }
        return octet < 0x80 && isUnreserved((char) octet) ? "letters, digits and -._~ not percent-encoded" : null;
    }

    private static int upperHex(char c) {
        if (c >= '0' && c <= '9') {
            return c - '0';
        }
        return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
    }

    private static boolean isUnreserved(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '-'
                || c == '.'
                || c == '_'
                || c == '~';
    }
}
