package io.tollgate.engine.token;

import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Base64url as tokens write it (RFC 7515, 2): no padding, no other characters, and bits that stand for nothing are zero, so that the
 * same bytes have one text only. Immutable functions.
 */
final class Base64UrlText {
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    private Base64UrlText() {}

    /** Whether these characters, of which there is at least one, could be Base64url. */
    static boolean isText(String text, int start, int end) {
        int length = end - start;
        if (length < 1 || length % 4 == 1) {
            return false;
        }
        for (int i = start; i < end; i++) {
            char c = text.charAt(i);
            boolean fits =
                    (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
            if (!fits) {
                return false;
            }
        }
        int last = ALPHABET.indexOf(text.charAt(end - 1));
        return switch (length % 4) {
            case 2 -> (last & 15) == 0;
            case 3 -> (last & 3) == 0;
            default -> true;
        };
    }

    /** The bytes; null when the text is none. */
    static byte @Nullable [] decode(String text) {
        return isText(text, 0, text.length()) ? Base64.getUrlDecoder().decode(text) : null;
    }
}
