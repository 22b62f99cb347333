package io.tollgate.engine.action;

/**
 * Whether a path that was made from values can be read in one way only. Immutable functions.
 *
 * <p>The same things make a request's own path refused: dot segments, encoded slashes, backslashes and control characters.
 */
final class OnePath {
    private OnePath() {}

    /**
     * Judges a path.
     *
     * @param path starts with a slash; its characters are those of a path already
     * @param original the request's own; an empty segment is only taken from there
     */
    static boolean isUnambiguous(String path, String original) {
        if (path.contains("//") && !original.contains("//")) {
            return false;
        }
        int start = 1;
        while (start <= path.length()) {
            int slash = path.indexOf('/', start);
            int end = slash < 0 ? path.length() : slash;
            if (isDots(path, start, end) || !isPlain(path, start, end)) {
                return false;
            }
            start = end + 1;
        }
        return true;
    }

    // Encoded dots are dots to many a program, and so are dots with path parameters.
    private static boolean isDots(String path, int start, int end) {
        int dots = 0;
        int i = start;
        while (i < end && dots < 3) {
            if (path.charAt(i) == '.') {
                i++;
            } else if (path.regionMatches(true, i, "%2e", 0, 3)) {
                i += 3;
            } else {
                break;
            }
            dots++;
        }
        return (dots == 1 || dots == 2)
                && (i == end || path.charAt(i) == ';' || path.regionMatches(true, i, "%3b", 0, 3));
    }

    private static boolean isPlain(String path, int start, int end) {
        for (int i = start; i < end; i++) {
            char c = path.charAt(i);
            if (c <= ' ' || c >= 0x7f || c == '?' || c == '#' || c == '\\') {
                return false;
            }
            if (c == '%') {
                int high = i + 2 < path.length() ? Character.digit(path.charAt(i + 1), 16) : -1;
                int low = high < 0 ? -1 : Character.digit(path.charAt(i + 2), 16);
                int octet = high * 16 + low;
                if (low < 0 || octet < ' ' || octet == 0x7f || octet == '/' || octet == '\\') {
                    return false;
                }
            }
        }
        return true;
    }
}
