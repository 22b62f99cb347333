package io.tollgate.engine.token;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A token whose signature is right, or whose issuer says that it holds, and which met its issuer's rules. Immutable.
 *
 * @param issuer by whose rules
 * @param key which signed it; null: its issuer was asked
 * @param parsed what it says
 * @param subject text of the claim that tells whom it proves; empty when it does not say
 * @param subjectDigest the first 64 bits of its SHA-256, hexadecimal: for logs, which are not to tell it
 * @param scopes what it is good for
 * @param audiences whom it is meant for
 * @param expiresAtMillis first millisecond since the Unix epoch in which it does not hold any more, the clocks' skew added; {@link
 *     Long#MAX_VALUE} where its issuer does not say
 */
public record VerifiedToken(
        TokenIssuer issuer,
        @Nullable TokenKey key,
        ParsedToken parsed,
        String subject,
        String subjectDigest,
        List<String> scopes,
        List<String> audiences,
        long expiresAtMillis) {
    /** Copies the lists. */
    public VerifiedToken {
        scopes = List.copyOf(scopes);
        audiences = List.copyOf(audiences);
    }

    /** The same without the text that was signed, which is as long as all the rest. */
    public VerifiedToken withoutText() {
        ParsedToken kept = new ParsedToken(parsed.algorithm(), parsed.keyId(), parsed.type(), parsed.claims(), "", "");
        return new VerifiedToken(issuer, key, kept, subject, subjectDigest, scopes, audiences, expiresAtMillis);
    }

    /** What it claims; not to be changed. */
    public Map<String, @Nullable Object> claims() {
        return parsed.claims();
    }

    /** Whether it is meant for one of these; whoever names nobody means everybody. */
    public boolean isFor(List<String> wanted) {
        return wanted.isEmpty() || isForOneOf(audiences, wanted);
    }

    static boolean isForOneOf(List<String> audiences, List<String> wanted) {
        for (int i = 0; i < audiences.size(); i++) {
            if (wanted.contains(audiences.get(i))) {
                return true;
            }
        }
        return false;
    }

    /** The texts that a claim holds: a text itself, the texts of a list, of anything else none. */
    static List<String> texts(@Nullable Object claim) {
        if (claim instanceof String text) {
            return List.of(text);
        }
        List<String> texts = new ArrayList<>();
        if (claim instanceof List<?> items) {
            for (Object item : items) {
                if (item instanceof String text) {
                    texts.add(text);
                }
            }
        }
        return texts;
    }

    @Override
    public String toString() {
        return "VerifiedToken[" + issuer.name() + "]";
    }
}
