package io.tollgate.engine.route;

/**
 * The target of a request, normalised once: what is matched is what is forwarded.
 *
 * <p>Taken: origin-form only (RFC 9112, 3.2.1). Escapes of unreserved characters are decoded, other escapes get upper-case
 * digits, dot segments are resolved (RFC 3986, 5.2.4 and 6.2.2), repeated slashes become what {@link DuplicateSlashes} says.
 * Refused as ambiguous, since two programs could read them as two paths: escaped slash, backslash, NUL and control
 * characters, bad escapes, raw backslash, anything outside the grammar, dot segments above the root or with path parameters
 * ({@code ..;x}); in the query, which is not changed, bad escapes and NUL. Where repeated slashes are kept, an empty segment is a segment: {@code /a//..} is {@code /a/}.
 *
 * <p>Reused from request to request. Event-loop confined.
 */
public final class RequestTarget {
    private static final int PATH = 1;
    private static final int QUERY = 2;
    private static final int UNRESERVED = 4;
    private static final byte[] KINDS = kinds();

    private final StringBuilder builder = new StringBuilder();
    private String path = "/";
    private String query = "";
    private boolean hasQuery;

    /**
     * Reads a request target; false when it must be refused, and then nothing else may be asked.
     *
     * @param slashes what becomes of several slashes in a row
     */
    public boolean read(String target, DuplicateSlashes slashes) {
        int length = target.length();
        if (length == 0 || target.charAt(0) != '/') {
            return false;
        }
        int pathEnd = 0;
        boolean plain = true;
        char before = 0;
        while (pathEnd < length) {
            char c = target.charAt(pathEnd);
            if (c == '?') {
                break;
            }
            if (c >= 128 || (KINDS[c] & PATH) == 0) {
                return false;
            }
            if (c == '/' && before == '/') {
                if (slashes == DuplicateSlashes.REFUSE) {
                    return false;
                }
                plain &= slashes == DuplicateSlashes.KEEP;
            } else if (c == '%' || (c == '.' && before == '/')) {
                plain = false;
            }
            before = c;
            pathEnd++;
        }
        hasQuery = pathEnd < length;
        if (hasQuery && !isQuery(target, pathEnd + 1)) {
            return false;
        }
        query = hasQuery ? target.substring(pathEnd + 1) : "";
        if (plain) {
            path = hasQuery ? target.substring(0, pathEnd) : target;
            return true;
        }
        return decode(target, pathEnd) && resolve(slashes == DuplicateSlashes.KEEP);
    }

    /** The normalised path, without the query; starts with a slash. */
    public String path() {
        return path;
    }

    /** The query byte for byte, without the question mark; empty also when there is none. */
    public String query() {
        return query;
    }

    /** Whether there is a question mark. */
    public boolean hasQuery() {
        return hasQuery;
    }

    private static boolean isQuery(String target, int start) {
        for (int i = start; i < target.length(); i++) {
            char c = target.charAt(i);
            if (c >= 128 || (KINDS[c] & QUERY) == 0 || (c == '%' && !isTextEscape(target, i))) {
                return false;
            }
        }
        return true;
    }

    /** Whether two hexadecimal digits follow, of another octet than NUL, at which some programs end a text. */
    private static boolean isTextEscape(String target, int percent) {
        return percent + 2 < target.length()
                && Character.digit(target.charAt(percent + 1), 16) >= 0
                && Character.digit(target.charAt(percent + 2), 16) >= 0
                && !target.startsWith("00", percent + 1);
    }

    private boolean decode(String target, int end) {
        builder.setLength(0);
        int i = 0;
        while (i < end) {
            char c = target.charAt(i);
            if (c != '%') {
                builder.append(c);
                i++;
                continue;
            }
            if (i + 2 >= end) {
                return false;
            }
            int high = Character.digit(target.charAt(i + 1), 16);
            int low = Character.digit(target.charAt(i + 2), 16);
            if (high < 0 || low < 0) {
                return false;
            }
            int octet = high * 16 + low;
            if (octet < 0x20 || octet == 0x7f || octet == '/' || octet == '\\') {
                return false;
            }
            if (octet < 128 && (KINDS[octet] & UNRESERVED) != 0) {
                builder.append((char) octet);
            } else {
                builder.append('%').append(digit(high)).append(digit(low));
            }
            i += 3;
        }
        return true;
    }

    // In place: segments are copied down over what is dropped; `kept` never passes the segment that is read.
    private boolean resolve(boolean keepEmpty) {
        int length = builder.length();
        int kept = 0;
        int i = 0;
        boolean directory = false;
        while (i < length) {
            int start = i + 1;
            int end = start;
            while (end < length && builder.charAt(end) != '/') {
                end++;
            }
            boolean last = end == length;
            int dots = dots(start, end);
            if (dots < 0) {
                return false;
            }
            if (dots == 2) {
                if (kept == 0) {
                    return false;
                }
                kept = builder.lastIndexOf("/", kept - 1);
            } else if (dots == 0 && (end > start || (keepEmpty && !last))) {
                builder.setCharAt(kept++, '/');
                for (int from = start; from < end; from++) {
                    builder.setCharAt(kept++, builder.charAt(from));
                }
            }
            directory = last && (dots > 0 || end == start);
            i = end;
        }
        if (directory || kept == 0) {
            builder.setCharAt(kept++, '/');
        }
        path = builder.substring(0, kept);
        return true;
    }

    /** 1 for ".", 2 for "..", 0 for an ordinary segment, -1 for dots that some program takes for a dot segment. */
    private int dots(int start, int end) {
        int length = end - start;
        if (length == 0 || builder.charAt(start) != '.') {
            return 0;
        }
        int count = length > 1 && builder.charAt(start + 1) == '.' ? 2 : 1;
        if (count == length) {
            return count;
        }
        return builder.charAt(start + count) == ';' ? -1 : 0;
    }

    private static char digit(int value) {
        return (char) (value < 10 ? '0' + value : 'A' + value - 10);
    }

    private static byte[] kinds() {
        byte[] kinds = new byte[128];
        for (int c = 0x21; c < 0x7f; c++) {
            // Browsers send some of these raw in queries; they cannot be mistaken for anything else there.
            kinds[c] = c == '#' ? 0 : (byte) QUERY;
        }
        String unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
        for (int i = 0; i < unreserved.length(); i++) {
            kinds[unreserved.charAt(i)] |= (byte) (UNRESERVED | PATH);
        }
        String others = "!$&'()*+,;=:@/%";
        for (int i = 0; i < others.length(); i++) {
            kinds[others.charAt(i)] |= (byte) PATH;
        }
        return kinds;
    }
}
