package io.tollgate.engine.expression;

/**
 * Looks for a text in another, in the time of the sum of their lengths whatever they are. Functions without state.
 *
 * @see <a href="https://doi.org/10.1137/0206024">Knuth, Morris, Pratt: Fast Pattern Matching in Strings</a>
 */
final class Needle {
    private Needle() {}

    static boolean isIn(String text, String needle) {
        if (needle.length() > text.length()) {
            return false;
        }
        int[] shorter = borders(needle);
        int matched = 0;
        for (int i = 0; i < text.length() && matched < needle.length(); i++) {
            matched = next(needle, shorter, matched, text.charAt(i));
        }
        return matched == needle.length();
    }

    /** Of each begin of the needle, how long the longest shorter one is with which it ends. */
    private static int[] borders(String needle) {
        int[] shorter = new int[needle.length()];
        int matched = 0;
        for (int i = 1; i < needle.length(); i++) {
            matched = next(needle, shorter, matched, needle.charAt(i));
            shorter[i] = matched;
        }
        return shorter;
    }

    private static int next(String needle, int[] shorter, int matched, char c) {
        int now = matched;
        while (now > 0 && needle.charAt(now) != c) {
            now = shorter[now - 1];
        }
        return needle.charAt(now) == c ? now + 1 : now;
    }
}
