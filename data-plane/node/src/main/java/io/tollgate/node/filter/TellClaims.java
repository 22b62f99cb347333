package io.tollgate.node.filter;

import io.tollgate.engine.policy.JwtPolicy;
import io.tollgate.engine.token.VerifiedToken;
import io.tollgate.node.exchange.Exchange;
import io.tollgate.node.exchange.HeadSink;
import io.tollgate.node.exchange.NameSet;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tells the upstream claims of the token that proved the caller, and removes what the client claims itself. Immutable.
 *
 * <p>Texts, numbers and booleans are told, and lists of these, separated by commas. What is not printable ASCII, a percent sign, and a
 * comma within a list are percent-encoded as UTF-8 (RFC 3986, 2.1).
 *
 * @param issuerIds of whose tokens; another policy of the route speaks for the others
 * @param claims which
 * @param headers under these names
 */
public record TellClaims(List<String> issuerIds, List<JwtPolicy.ForwardedClaim> claims, NameSet headers)
        implements Edit {
    /** Longest value that is told; a longer claim is left out. */
    static final int VALUE_CHARACTERS_MAX = 4_096;

    /** Copies the lists. */
    public TellClaims {
        issuerIds = List.copyOf(issuerIds);
        claims = List.copyOf(claims);
    }

    /** The edit that tells these of tokens of these issuers. */
    public static TellClaims of(List<String> issuerIds, List<JwtPolicy.ForwardedClaim> claims) {
        return new TellClaims(
                issuerIds,
                claims,
                NameSet.of(claims.stream().map(JwtPolicy.ForwardedClaim::header).toList()));
    }

    @Override
    public boolean drops(CharSequence name, Exchange exchange) {
        return headers.contains(name);
    }

    @Override
    public boolean reserves(CharSequence name, Exchange exchange) {
        return headers.contains(name);
    }

    @Override
    public void append(HeadSink sink, Exchange exchange) {
        VerifiedToken token = exchange.token();
        if (token == null || !issuerIds.contains(token.issuer().id())) {
            return;
        }
        for (int i = 0; i < claims.size(); i++) {
            JwtPolicy.ForwardedClaim forwarded = claims.get(i);
            String value = value(forwarded.claim().find(token.claims()));
            if (!value.isEmpty() && value.length() <= VALUE_CHARACTERS_MAX) {
                sink.add(forwarded.header(), value);
            }
        }
    }

    static String value(@Nullable Object claim) {
        if (!(claim instanceof List<?> items)) {
            return scalar(claim, false);
        }
        StringBuilder all = new StringBuilder();
        for (Object item : items) {
            String text = scalar(item, true);
            if (!text.isEmpty()) {
                all.append(all.length() == 0 ? "" : ",").append(text);
            }
        }
        return all.toString();
    }

    private static String scalar(@Nullable Object value, boolean inList) {
        if (value instanceof String text) {
            return encoded(text, inList);
        }
        return value instanceof Long || value instanceof Double || value instanceof Boolean
                ? String.valueOf(value)
                : "";
    }

    private static String encoded(String text, boolean inList) {
        boolean plain = true;
        for (int i = 0; plain && i < text.length(); i++) {
            plain = isPlain(text.charAt(i), i == 0 || i == text.length() - 1, inList);
        }
        if (plain) {
            return text;
        }
        StringBuilder out = new StringBuilder();
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < bytes.length; i++) {
            char c = (char) (bytes[i] & 0xff);
            if (isPlain(c, i == 0 || i == bytes.length - 1, inList)) {
                out.append(c);
            } else {
                out.append('%').append(hex(c >> 4)).append(hex(c & 15));
            }
        }
        return out.toString();
    }

    // White space at the ends of a value is not part of it (RFC 9110, 5.5).
    private static boolean isPlain(char c, boolean atEnd, boolean inList) {
        return c > 0x20 ? c < 0x7f && c != '%' && !(inList && c == ',') : c == ' ' && !atEnd;
    }

    private static char hex(int value) {
        return Character.toUpperCase(Character.forDigit(value, 16));
    }
}
