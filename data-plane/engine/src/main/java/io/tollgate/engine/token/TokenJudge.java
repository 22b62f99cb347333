package io.tollgate.engine.token;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Says whether a token holds: first whether its issuer signed it, then whether it says what is asked for (RFC 7519, 7.2; RFC 8725).
 * Immutable functions; a signature costs tens to hundreds of microseconds.
 */
public final class TokenJudge {
    /** The year 9999; a date beyond it is none. */
    private static final long SECONDS_MAX = 253_402_300_799L;

    private static final long MILLIS_PER_SECOND = 1_000;
    private static final int SUBJECT_CHARACTERS_MAX = 256;
    private static final int SCOPES_MAX = 256;
    private static final int DIGEST_BYTES = 8;

    private TokenJudge() {}

    /**
     * Judges a token of this issuer, which it names.
     *
     * @param keys that the issuer has now
     */
    public static TokenVerdict judge(ParsedToken token, TokenIssuer issuer, KeySet keys, long nowMillis) {
        TokenAlgorithm algorithm = TokenAlgorithm.find(token.algorithm());
        if (algorithm == null || !issuer.rules().algorithms().contains(algorithm)) {
            return new TokenVerdict.Refused(TokenFault.INVALID);
        }
        List<TokenKey> candidates = keys.candidates(algorithm, token.keyId());
        if (candidates.isEmpty()) {
            return new TokenVerdict.Refused(TokenFault.UNKNOWN_KEY);
        }
        for (TokenKey key : candidates) {
            if (key.verifies(token, algorithm)) {
                return claims(token, issuer, key, nowMillis);
            }
        }
        return new TokenVerdict.Refused(TokenFault.INVALID);
    }

    /** Judges what a token says whose signature was found right. Costs a few hundred nanoseconds. */
    public static TokenVerdict claims(ParsedToken token, TokenIssuer issuer, @Nullable TokenKey key, long nowMillis) {
        return isTypeAllowed(token.type(), issuer.rules().types())
                        && token.claims().containsKey("exp")
                ? said(token, issuer, key, nowMillis)
                : new TokenVerdict.Refused(TokenFault.CLAIMS);
    }

    /** Judges what an issuer says that was asked about a token. Costs a few hundred nanoseconds. */
    public static TokenVerdict answer(IntrospectionAnswer answer, TokenIssuer issuer, long nowMillis) {
        if (!answer.active()) {
            return new TokenVerdict.Refused(TokenFault.INACTIVE);
        }
        Object named = answer.claims().get("iss");
        if (named != null && !named.equals(issuer.issuer())) {
            return new TokenVerdict.Refused(TokenFault.UNKNOWN_ISSUER);
        }
        return said(new ParsedToken("", "", "", answer.claims(), "", ""), issuer, null, nowMillis);
    }

    private static TokenVerdict said(ParsedToken token, TokenIssuer issuer, @Nullable TokenKey key, long nowMillis) {
        Map<String, @Nullable Object> claims = token.claims();
        TokenIssuer.Rules rules = issuer.rules();
        Dates dates = Dates.read(claims);
        if (dates == null) {
            return new TokenVerdict.Refused(TokenFault.MALFORMED);
        }
        TokenFault fault = fault(token, rules, dates, nowMillis);
        if (fault != null) {
            return new TokenVerdict.Refused(fault);
        }
        List<String> audiences = VerifiedToken.texts(claims.get("aud"));
        if (!rules.audiences().isEmpty() && !VerifiedToken.isForOneOf(audiences, rules.audiences())) {
            return new TokenVerdict.Refused(TokenFault.AUDIENCE);
        }
        String subject = subject(issuer.binding().consumerClaim().find(claims));
        List<String> scopes = scopes(issuer.binding().scopeClaim().find(claims));
        if (subject == null || scopes.size() > SCOPES_MAX) {
            return new TokenVerdict.Refused(TokenFault.CLAIMS);
        }
        return new TokenVerdict.Valid(new VerifiedToken(
                issuer,
                key,
                token,
                subject,
                digest(subject),
                scopes,
                audiences,
                dates.expiresMillis < 0 ? Long.MAX_VALUE : dates.expiresMillis + rules.clockSkewMillis()));
    }

    private static String digest(String subject) {
        if (subject.isEmpty()) {
            return "";
        }
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(subject.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, DIGEST_BYTES);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    private static @Nullable TokenFault fault(ParsedToken token, TokenIssuer.Rules rules, Dates dates, long nowMillis) {
        if (dates.expiresMillis >= 0 && nowMillis >= dates.expiresMillis + rules.clockSkewMillis()) {
            return TokenFault.EXPIRED;
        }
        long latestMillis = nowMillis + rules.clockSkewMillis();
        if (dates.notBeforeMillis > latestMillis || dates.issuedMillis > latestMillis) {
            return TokenFault.NOT_YET_VALID;
        }
        if (rules.lifetimeMillisMax() > 0
                && (dates.issuedMillis < 0
                        || dates.expiresMillis < 0
                        || dates.expiresMillis - dates.issuedMillis > rules.lifetimeMillisMax())) {
            return TokenFault.CLAIMS;
        }
        for (TokenIssuer.RequiredClaim required : rules.claims()) {
            if (!isMet(required, token.claims())) {
                return TokenFault.CLAIMS;
            }
        }
        return null;
    }

    private static boolean isTypeAllowed(String type, List<String> allowed) {
        return type.isEmpty() ? allowed.contains("jwt") : allowed.contains(type);
    }

    private static boolean isMet(TokenIssuer.RequiredClaim required, Map<String, @Nullable Object> claims) {
        Object value = required.path().find(claims);
        if (value == null) {
            return false;
        }
        if (required.values().isEmpty()) {
            return true;
        }
        for (Object item : value instanceof List<?> items ? items : List.of(value)) {
            if ((item instanceof String || item instanceof Long || item instanceof Boolean)
                    && required.values().contains(String.valueOf(item))) {
                return true;
            }
        }
        return false;
    }

    /** Empty when it does not say; null when what it says is no text. */
    private static @Nullable String subject(@Nullable Object claim) {
        if (claim == null) {
            return "";
        }
        if (claim instanceof Long number) {
            return number.toString();
        }
        return claim instanceof String text && text.length() <= SUBJECT_CHARACTERS_MAX ? text : null;
    }

    /** RFC 6749, 3.3, or a list. */
    private static List<String> scopes(@Nullable Object claim) {
        if (!(claim instanceof String text)) {
            return VerifiedToken.texts(claim);
        }
        List<String> scopes = new ArrayList<>();
        for (String scope : text.split(" ", -1)) {
            if (!scope.isEmpty()) {
                scopes.add(scope);
            }
        }
        return scopes;
    }

    /** The dates of a token; a negative one is not there. Immutable. */
    private record Dates(long expiresMillis, long notBeforeMillis, long issuedMillis) {
        static @Nullable Dates read(Map<String, @Nullable Object> claims) {
            Long expires = millis(claims, "exp");
            Long notBefore = millis(claims, "nbf");
            Long issued = millis(claims, "iat");
            return expires == null || notBefore == null || issued == null
                    ? null
                    : new Dates(expires, notBefore, issued);
        }

        /** -1 when it is not there; null when it is no date (RFC 7519, 2: NumericDate). */
        private static @Nullable Long millis(Map<String, @Nullable Object> claims, String name) {
            if (!claims.containsKey(name)) {
                return -1L;
            }
            Object value = claims.get(name);
            if (value instanceof Long seconds) {
                return seconds >= 0 && seconds <= SECONDS_MAX ? (Long) (seconds * MILLIS_PER_SECOND) : null;
            }
            if (value instanceof Double seconds) {
                return seconds >= 0 && seconds <= SECONDS_MAX ? (Long) (long) (seconds * MILLIS_PER_SECOND) : null;
            }
            return null;
        }
    }
}
