package io.tollgate.engine.route;

import java.nio.charset.StandardCharsets;

/**
 * Text as it comes over the wire: one character per octet of its UTF-8. Immutable functions.
 *
 * <p>A configured value is brought into this form once, so that a request's is compared as it is.
 */
public final class OctetText {
    private OctetText() {}

    /** One character per octet. */
    public static String of(String text) {
        return isAscii(text) ? text : new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    /** The text for people; what is no UTF-8 shows as replacement characters. */
    public static String toText(String octets) {
        return isAscii(octets)
                ? octets
                : new String(octets.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    /** Whether every character is ASCII. */
    public static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 128) {
                return false;
            }
        }
        return true;
    }
}
