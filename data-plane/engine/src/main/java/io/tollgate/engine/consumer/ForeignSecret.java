package io.tollgate.engine.consumer;

/**
 * The text of a key that was issued elsewhere: {@value #CHARACTERS_MIN} to {@value #CHARACTERS_MAX} printable ASCII characters but
 * the space. Immutable functions.
 *
 * <p>How strong such a text is cannot be known, only how strong it is at most: as if each character had been drawn from the alphabet
 * that all of them are from.
 */
public final class ForeignSecret {
    public static final int CHARACTERS_MIN = 16;
    public static final int CHARACTERS_MAX = 256;
    /** At a million guesses a second for a million keys, 80 bits last for tens of thousands of years. */
    public static final int BITS_MIN = 80;
    /** A text of fewer different characters was not drawn, whatever its length. */
    public static final int DIFFERENT_MIN = 8;

    private static final int DIGITS = 10;
    private static final int HEX_DIGITS = 16;
    private static final int LETTERS = 26;
    private static final int OTHERS = 32;

    private ForeignSecret() {}

    /** Whether a text can be such a key at all. */
    public static boolean isPossible(String text) {
        if (text.length() < CHARACTERS_MIN || text.length() > CHARACTERS_MAX) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) <= ' ' || text.charAt(i) > '~') {
                return false;
            }
        }
        return true;
    }

    /** Whether a possible text is strong enough to be taken over. */
    public static boolean isStrong(String text) {
        return bits(text) >= BITS_MIN && text.chars().distinct().count() >= DIFFERENT_MIN;
    }

    /** How many bits a possible text has at most. */
    public static int bits(String text) {
        boolean digits = false;
        boolean lower = false;
        boolean upper = false;
        boolean others = false;
        boolean beyondHex = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            digits |= c >= '0' && c <= '9';
            lower |= c >= 'a' && c <= 'z';
            upper |= c >= 'A' && c <= 'Z';
            others |= !(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z');
            beyondHex |= Character.digit(c, HEX_DIGITS) < 0;
        }
        // In either case of the letters, not in both: then the case says something too.
        if (!beyondHex && !(lower && upper)) {
            return bits(text, lower || upper ? HEX_DIGITS : DIGITS);
        }
        return bits(
                text, (digits ? DIGITS : 0) + (lower ? LETTERS : 0) + (upper ? LETTERS : 0) + (others ? OTHERS : 0));
    }

    private static int bits(String text, int alphabet) {
        return (int) (text.length() * Math.log(alphabet) / Math.log(2));
    }
}
