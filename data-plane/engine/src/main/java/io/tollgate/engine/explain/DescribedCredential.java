package io.tollgate.engine.explain;

import io.tollgate.engine.address.IpAddress;
import io.tollgate.engine.compile.CompiledConfiguration;
import io.tollgate.engine.consumer.ApiKey;
import io.tollgate.engine.consumer.Consumer;
import io.tollgate.engine.consumer.Credential;
import io.tollgate.engine.consumer.CredentialBindings;
import io.tollgate.engine.consumer.CredentialType;
import io.tollgate.engine.consumer.ForeignSecret;
import io.tollgate.engine.consumer.KeyHasher;
import io.tollgate.engine.consumer.Revoked;
import io.tollgate.engine.consumer.Scopes;
import io.tollgate.engine.consumer.Terms;
import io.tollgate.engine.password.BasicPair;
import io.tollgate.engine.password.PasswordHash;
import io.tollgate.engine.policy.EffectivePolicies;
import io.tollgate.engine.policy.JwtPolicy;
import io.tollgate.engine.policy.KeyAuthPolicy;
import io.tollgate.engine.policy.PolicyType;
import io.tollgate.engine.token.Confirmation;
import io.tollgate.engine.token.KeySet;
import io.tollgate.engine.token.ParsedToken;
import io.tollgate.engine.token.TokenFault;
import io.tollgate.engine.token.TokenIssuer;
import io.tollgate.engine.token.TokenJudge;
import io.tollgate.engine.token.TokenVerdict;
import io.tollgate.engine.token.VerifiedToken;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the credentials of a described request prove, judged as a node judges those of a real one: keys, tokens whose keys are at hand, and
 * passwords. Immutable; nothing of what was presented is kept or told.
 *
 * @param refusal word of the outcome and why, when what was presented proves nobody; else empty
 * @param credential what was presented; null when nothing that can be judged here was
 * @param scopes what the caller may do
 * @param claims of the token; empty for others
 */
record DescribedCredential(
        String refusal, @Nullable Credential credential, Scopes scopes, Map<String, @Nullable Object> claims) {
    /** Nothing was presented. */
    static final DescribedCredential NONE = new DescribedCredential("", null, Scopes.NONE, Map.of());

    private static final String BEARER = "Bearer ";
    private static final String BASIC = "Basic ";
    private static final String AUTHORIZATION = "authorization";
    private static final byte[] UNKNOWN = {};

    private static DescribedCredential refused(String words) {
        return new DescribedCredential(words, null, Scopes.NONE, Map.of());
    }

    /**
     * Judges what a request presents in the places of its route. The first that proves somebody counts; where none does, the first refusal
     * of something that at least looked right.
     *
     * @param keysOf the keys that an issuer has now; null while they are not known here
     */
    static DescribedCredential judge(
            CompiledConfiguration configuration,
            EffectivePolicies policies,
            DescribedRequest request,
            Function<TokenIssuer, @Nullable KeySet> keysOf) {
        DescribedCredential said = null;
        KeyAuthPolicy keys = policies.keyAuth();
        if (keys != null) {
            said = better(said, key(configuration, keys, request));
        }
        JwtPolicy tokens = policies.find(PolicyType.JWT);
        if (tokens != null) {
            said = better(said, token(configuration, tokens, request, keysOf));
        }
        if (policies.find(PolicyType.BASIC_AUTH) != null) {
            said = better(said, password(configuration, request));
        }
        return said == null ? NONE : said;
    }

    private static @Nullable DescribedCredential better(
            @Nullable DescribedCredential before, @Nullable DescribedCredential next) {
        if (before == null || next == null) {
            return before == null ? next : before;
        }
        boolean proven = before.refusal.isEmpty();
        boolean ofLooks = before.refusal.contains("-malformed: ");
        return !proven && (next.refusal.isEmpty() || ofLooks) ? next : before;
    }

    private static @Nullable DescribedCredential key(
            CompiledConfiguration configuration, KeyAuthPolicy policy, DescribedRequest request) {
        String key = null;
        for (String name : policy.headerNames()) {
            String value = request.header(name);
            if (key == null && value != null && !value.isEmpty()) {
                key = isOf(BEARER, value) && name.equals(AUTHORIZATION) ? value.substring(BEARER.length()) : value;
            }
        }
        key = key == null ? ofQuery(request, policy.queryParameters()) : key;
        if (key == null) {
            return null;
        }
        if (!ApiKey.isWellFormed(key) && !(policy.foreignKeys() && ForeignSecret.isPossible(key))) {
            return refused("key-malformed: what is presented as an API key is none");
        }
        KeyHasher hasher = new KeyHasher(configuration.keyDigestSecret());
        Credential found = configuration
                .credentials()
                .find(ApiKey.isWellFormed(key) ? hasher.digest(key) : hasher.foreignDigest(key));
        if (found == null) {
            return refused("key-unknown: nobody holds this API key");
        }
        String words = "key " + found.id() + " of " + found.consumer().name();
        if (found.revoked() || isTakenBack(configuration, found)) {
            return refused("key-revoked: " + words);
        }
        if (found.isExpired(request.question().nowMillis())) {
            return refused("key-expired: " + words);
        }
        String terms = terms(found, request);
        if (!terms.isEmpty()) {
            return refused(terms);
        }
        return policy.environments().contains(found.terms().environment())
                ? proven(found, found.terms().scopes(), Map.of())
                : refused("key-environment: " + words + " is not for this environment");
    }

    private static boolean isTakenBack(CompiledConfiguration configuration, Credential found) {
        Revoked revoked = configuration.revoked();
        return !revoked.isEmpty() && revoked.holds(found);
    }

    private static String terms(Credential found, DescribedRequest request) {
        Terms terms = found.terms();
        byte[] address = IpAddress.parse(request.question().caller().address());
        return terms.networks().isEmpty() || terms.takesFrom(address == null ? UNKNOWN : address)
                ? ""
                : "key-network: credential " + found.id() + " of "
                        + found.consumer().name() + " is not accepted from where the call comes";
    }

    private static DescribedCredential proven(Credential found, Scopes scopes, Map<String, @Nullable Object> claims) {
        return new DescribedCredential("", found, scopes, claims);
    }

    private static @Nullable DescribedCredential token(
            CompiledConfiguration configuration,
            JwtPolicy policy,
            DescribedRequest request,
            Function<TokenIssuer, @Nullable KeySet> keysOf) {
        String text = null;
        for (String name : policy.places().headerNames()) {
            String value = request.header(name);
            if (text == null
                    && value != null
                    && !value.isEmpty()
                    && (!name.equals(AUTHORIZATION) || isOf(BEARER, value))) {
                text = isOf(BEARER, value) ? value.substring(BEARER.length()).strip() : value;
            }
        }
        text = text == null ? ofQuery(request, policy.places().queryParameters()) : text;
        text = text == null ? ofCookies(request, policy.places().cookieNames()) : text;
        if (text == null) {
            return null;
        }
        ParsedToken parsed = text.length() > ParsedToken.CHARACTERS_MAX || !ParsedToken.isShaped(text)
                ? null
                : ParsedToken.read(text);
        if (parsed == null) {
            return refused("token-malformed: what is presented as a token is none");
        }
        TokenIssuer issuer = configuration.tokenIssuers().claiming(parsed.issuer());
        if (issuer == null || !policy.issuerIds().contains(issuer.id())) {
            return refused("token-unknown-issuer: nobody here believes its issuer");
        }
        KeySet keys = keysOf.apply(issuer);
        if (keys == null) {
            return refused("issuer-unavailable: the keys of issuer " + issuer.name()
                    + " are not known here (expected: asked at a node, which fetches them)");
        }
        TokenVerdict verdict =
                TokenJudge.judge(parsed, issuer, keys, request.question().nowMillis());
        if (verdict instanceof TokenVerdict.Refused refused) {
            return refused(word(refused.fault()) + ": by the rules of issuer " + issuer.name());
        }
        return token(configuration, policy, request, ((TokenVerdict.Valid) verdict).token());
    }

    private static DescribedCredential token(
            CompiledConfiguration configuration, JwtPolicy policy, DescribedRequest request, VerifiedToken token) {
        TokenIssuer issuer = token.issuer();
        if (!token.isFor(policy.audiences())) {
            return refused("token-audience: the route wants it to be meant for one of "
                    + String.join(", ", policy.audiences()));
        }
        if (!Confirmation.of(token.claims()).isMetBy(null)) {
            return refused("token-binding: it only holds together with a client certificate");
        }
        if (issuer.binding().by() == TokenIssuer.ConsumerBy.ISSUED) {
            return refused(
                    "issuer-unavailable: for which key issuer " + issuer.name() + " issued it is judged by calls only");
        }
        Credential found = null;
        if (!token.subject().isEmpty()) {
            if (issuer.binding().by() == TokenIssuer.ConsumerBy.NAME) {
                Consumer named = configuration.bindings().consumer(token.subject());
                found = named == null ? null : Credential.unnamed(CredentialType.JWT, named);
            } else {
                found = configuration.bindings().find(CredentialBindings.jwt(issuer.id(), token.subject()));
            }
        }
        if (found == null
                || found.revoked()
                || found.isExpired(request.question().nowMillis())) {
            return refused("token-unknown-subject: nobody here is known by its subject at issuer " + issuer.name());
        }
        String terms = terms(found, request);
        Scopes scopes = Scopes.of(token.scopes().stream()
                .filter(Scopes::isToken)
                .distinct()
                .limit(Scopes.COUNT_MAX)
                .toList());
        return terms.isEmpty() ? proven(found, scopes, token.claims()) : refused(terms);
    }

    private static String word(TokenFault fault) {
        return switch (fault) {
            case MALFORMED -> "token-malformed";
            case UNKNOWN_ISSUER -> "token-unknown-issuer";
            case UNKNOWN_KEY, INVALID -> "token-invalid";
            case EXPIRED -> "token-expired";
            case INACTIVE -> "token-inactive";
            case NOT_YET_VALID -> "token-not-yet-valid";
            case AUDIENCE -> "token-audience";
            case CLAIMS -> "token-claims";
        };
    }

    private static @Nullable DescribedCredential password(
            CompiledConfiguration configuration, DescribedRequest request) {
        String value = request.header(AUTHORIZATION);
        if (value == null || !isOf(BASIC, value)) {
            return null;
        }
        BasicPair pair = BasicPair.parse(value.substring(BASIC.length()).strip());
        if (pair == null) {
            return refused("password-malformed: what is presented is no user name with a password");
        }
        String key = CredentialBindings.basic(pair.userName());
        Credential found = configuration.bindings().find(key);
        boolean fits =
                configuration.bindings().verifier(key) instanceof PasswordHash hash && hash.matches(pair.password());
        if (found == null
                || !fits
                || found.revoked()
                || found.isExpired(request.question().nowMillis())) {
            return refused("password-wrong: nobody here has this user name and this password");
        }
        String terms = terms(found, request);
        return terms.isEmpty() ? proven(found, found.terms().scopes(), Map.of()) : refused(terms);
    }

    private static boolean isOf(String scheme, String value) {
        return value.regionMatches(true, 0, scheme, 0, scheme.length());
    }

    private static @Nullable String ofQuery(DescribedRequest request, Iterable<String> names) {
        for (String name : names) {
            String value = request.queryParameter(name);
            if (value != null && !value.isEmpty()) {
                return value;
            }
        }
        return null;
    }

    private static @Nullable String ofCookies(DescribedRequest request, Iterable<String> names) {
        String field = Objects.requireNonNullElse(request.header("cookie"), "");
        for (String name : names) {
            for (String pair : field.split(";", -1)) {
                String cookie = pair.strip();
                if (cookie.startsWith(name + "=") && cookie.length() > name.length() + 1) {
                    return cookie.substring(name.length() + 1);
                }
            }
        }
        return null;
    }
}
