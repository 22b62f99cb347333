package io.tollgate.engine.token;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A token in compact form (RFC 7515, 7.1), read but not believed. Immutable.
 *
 * @param algorithm the word of its header
 * @param keyId empty when it names none
 * @param type the word of its header, in lower case and without {@code application/}; empty when it says none
 * @param claims what it claims; not to be changed
 * @param signedText what is signed
 * @param signature Base64url
 */
public record ParsedToken(
        String algorithm,
        String keyId,
        String type,
        Map<String, @Nullable Object> claims,
        String signedText,
        String signature) {
    /** Characters of a token: those of big companies' directories with hundreds of groups fit. */
    public static final int CHARACTERS_MAX = 16_384;
    /** Characters of a key's id. */
    static final int KEY_ID_CHARACTERS_MAX = 512;

    private static final String MEDIA_TYPE = "application/";

    /**
     * Whether this text looks like a token: three parts of Base64url, and no longer than tokens may be. Costs a look at each
     * character and no allocation.
     */
    public static boolean isShaped(String text) {
        if (text.length() > CHARACTERS_MAX) {
            return false;
        }
        int first = text.indexOf('.');
        int second = text.indexOf('.', first + 1);
        return first > 0
                && second > 0
                && Base64UrlText.isText(text, 0, first)
                && Base64UrlText.isText(text, first + 1, second)
                && Base64UrlText.isText(text, second + 1, text.length());
    }

    /**
     * Reads a token; null when it can not be read, or not in one way only. Nested and encrypted ones cannot, nor those that want
     * to be understood in a way that nobody here knows ({@code crit}, {@code b64}: RFC 7515, 4.1.11, RFC 7797).
     */
    public static @Nullable ParsedToken read(String text) {
        if (!isShaped(text)) {
            return null;
        }
        int first = text.indexOf('.');
        int second = text.indexOf('.', first + 1);
        byte[] headerBytes = Base64UrlText.decode(text.substring(0, first));
        byte[] claimBytes = Base64UrlText.decode(text.substring(first + 1, second));
        Map<String, @Nullable Object> header = headerBytes == null ? null : StrictJson.object(headerBytes);
        Map<String, @Nullable Object> claims = claimBytes == null ? null : StrictJson.object(claimBytes);
        if (header == null
                || claims == null
                || header.containsKey("crit")
                || header.containsKey("b64")
                || header.containsKey("enc")
                || header.containsKey("zip")
                || "jwt".equals(type(header.get("cty")))) {
            return null;
        }
        String algorithm = header.get("alg") instanceof String word ? word : null;
        String keyId = text(header, "kid");
        String type = type(header.get("typ"));
        if (algorithm == null || keyId == null || keyId.length() > KEY_ID_CHARACTERS_MAX || type == null) {
            return null;
        }
        return new ParsedToken(algorithm, keyId, type, claims, text.substring(0, second), text.substring(second + 1));
    }

    /** Who says to have issued it; empty when it does not say. */
    public String issuer() {
        return claims.get("iss") instanceof String text ? text : "";
    }

    byte[] signedBytes() {
        return signedText.getBytes(StandardCharsets.US_ASCII);
    }

    /** Hides everything. */
    @Override
    public String toString() {
        return "ParsedToken[" + algorithm + "]";
    }

    private static @Nullable String text(Map<String, @Nullable Object> header, String name) {
        if (!header.containsKey(name)) {
            return "";
        }
        return header.get(name) instanceof String text ? text : null;
    }

    private static @Nullable String type(@Nullable Object value) {
        if (value == null) {
            return "";
        }
        if (!(value instanceof String text)) {
            return null;
        }
        return shortType(text);
    }

    /** A media type as it is compared (RFC 7515, 4.1.9). */
    static String shortType(String text) {
        String lower = text.toLowerCase(java.util.Locale.ROOT);
        return lower.startsWith(MEDIA_TYPE) && lower.indexOf('/', MEDIA_TYPE.length()) < 0
                ? lower.substring(MEDIA_TYPE.length())
                : lower;
    }
}
