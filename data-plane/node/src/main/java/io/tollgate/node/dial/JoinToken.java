package io.tollgate.node.dial;

import java.util.HexFormat;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A one-time join token: {@code tgj1.<id>.<secret>.<fingerprint>}. Its text holds no secret. Immutable.
 *
 * @param id under which the control plane knows it
 * @param secret shown once, and only to whom has the authority of {@code fingerprint}
 * @param fingerprint SHA-256 of the authority's certificate, hexadecimal
 */
public record JoinToken(UUID id, String secret, String fingerprint) {
    /** Begins every one; a text that begins otherwise is a shared token. */
    public static final String PREFIX = "tgj1.";

    private static final Pattern TEXT =
            Pattern.compile("tgj1\\.([0-9a-f]{16})([0-9a-f]{16})\\.([A-Za-z0-9_-]{43})\\.([0-9a-f]{64})");

    /** Whether it is meant to be one. */
    public static boolean isOne(String text) {
        return text.startsWith(PREFIX);
    }

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException with one line for the operator that does not hold the text
     */
    public static JoinToken parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("a join token of " + text.length()
                    + " characters that is cut short or changed (expected: the member"
                    + " token of the answer to POST /v1/join-tokens, whole)");
        }
        return new JoinToken(
                new UUID(
                        HexFormat.fromHexDigitsToLong(matcher.group(1)),
                        HexFormat.fromHexDigitsToLong(matcher.group(2))),
                matcher.group(3),
                matcher.group(4));
    }

    @Override
    public String toString() {
        return "JoinToken[" + id + "]";
    }
}
