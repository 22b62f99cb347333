package io.tollgate.engine.compile;

import io.tollgate.engine.tls.TrustRoot;
import io.tollgate.engine.token.ClaimPath;
import io.tollgate.engine.token.KeyFault;
import io.tollgate.engine.token.KeySet;
import io.tollgate.engine.token.TokenAlgorithm;
import io.tollgate.engine.token.TokenIssuer;
import io.tollgate.proto.config.v1.ConsumerBy;
import io.tollgate.proto.config.v1.RequiredClaim;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Issuers of tokens: checks them and makes {@link TokenIssuer}s. Compile thread only. */
final class TokenIssuerCompiler {
    static final String CLAIM_EXPECTED = "a claim's name or a JSON pointer that begins with a slash, of 1 to "
            + ClaimPath.CHARACTERS_MAX + " characters";
    static final String URL_EXPECTED = "https, or http on the node's own machine, without user and fragment";
    static final int AUDIENCES_MAX = 32;
    static final int TEXT_CHARACTERS_MAX = 512;

    private static final int TYPES_MAX = 8;
    private static final int CLAIMS_MAX = 32;
    private static final int VALUES_MAX = 32;
    private static final int SKEW_SECONDS_MAX = 300;
    private static final int LIFETIME_SECONDS_MAX = 31_622_400;
    private static final long MILLIS_PER_SECOND = 1_000;
    private static final Pattern TYPE = Pattern.compile("[A-Za-z0-9!#$&^_.+/-]{1,64}");
    private static final Pattern LOOPBACK = Pattern.compile("localhost|127(\\.[0-9]{1,3}){3}|\\[::1]");

    void check(io.tollgate.proto.config.v1.TokenIssuer issuer, ObjectProblems problems) {
        NameText.check(issuer.getName(), problems);
        checkText("/issuer", issuer.getIssuer(), problems);
        Set<TokenAlgorithm> algorithms = checkAlgorithms(issuer, problems);
        checkKeys(issuer, algorithms, problems);
        checkCount("/types", issuer.getTypesCount(), 1, TYPES_MAX, problems);
        for (int i = 0; i < issuer.getTypesCount(); i++) {
            if (!TYPE.matcher(issuer.getTypes(i)).matches()) {
                problems.add("/types/" + i, issuer.getTypes(i), "a media type, as at+jwt");
            }
        }
        checkTexts("/audiences", issuer.getAudiencesList(), AUDIENCES_MAX, problems);
        problems.range("/clock_skew_seconds", issuer.getClockSkewSeconds(), 0, SKEW_SECONDS_MAX);
        problems.range("/lifetime_seconds_max", issuer.getLifetimeSecondsMax(), 0, LIFETIME_SECONDS_MAX);
        checkCount("/required_claims", issuer.getRequiredClaimsCount(), 0, CLAIMS_MAX, problems);
        for (int i = 0; i < issuer.getRequiredClaimsCount(); i++) {
            RequiredClaim claim = issuer.getRequiredClaims(i);
            checkClaim("/required_claims/" + i + "/claim", claim.getClaim(), problems);
            checkTexts("/required_claims/" + i + "/values", claim.getValuesList(), VALUES_MAX, problems);
        }
        checkClaim("/consumer_claim", issuer.getConsumerClaim(), problems);
        checkClaim("/scope_claim", issuer.getScopeClaim(), problems);
        if (issuer.getConsumerBy() == ConsumerBy.UNRECOGNIZED) {
            problems.add("/consumer_by", issuer.getConsumerByValue(), "credential or name");
        }
        if (issuer.hasNewConsumers() && issuer.getConsumerBy() == ConsumerBy.CONSUMER_BY_NAME) {
            problems.add("/consumer_by", "name", "credential, where subjects become consumers");
        }
    }

    static void checkClaim(String pointer, String text, ObjectProblems problems) {
        if (!ClaimPath.isPath(text)) {
            problems.add(pointer, text, CLAIM_EXPECTED);
        }
    }

    static void checkTexts(String pointer, List<String> texts, int most, ObjectProblems problems) {
        checkCount(pointer, texts.size(), 0, most, problems);
        for (int i = 0; i < texts.size(); i++) {
            checkText(pointer + "/" + i, texts.get(i), problems);
        }
    }

    static void checkCount(String pointer, int count, int least, int most, ObjectProblems problems) {
        if (count < least || count > most) {
            problems.add(pointer, count + " items", least + " to " + most);
        }
    }

    private static void checkText(String pointer, String text, ObjectProblems problems) {
        if (text.isEmpty() || text.length() > TEXT_CHARACTERS_MAX) {
            problems.add(pointer, text.length() + " characters", "1 to " + TEXT_CHARACTERS_MAX);
        }
    }

    private static Set<TokenAlgorithm> checkAlgorithms(
            io.tollgate.proto.config.v1.TokenIssuer issuer, ObjectProblems problems) {
        Set<TokenAlgorithm> algorithms = EnumSet.noneOf(TokenAlgorithm.class);
        if (issuer.getAlgorithmsCount() == 0) {
            problems.add("/algorithms", "none", "at least one");
        }
        for (int i = 0; i < issuer.getAlgorithmsCount(); i++) {
            TokenAlgorithm algorithm = TokenAlgorithm.find(issuer.getAlgorithms(i));
            if (algorithm == null) {
                problems.add(
                        "/algorithms/" + i,
                        issuer.getAlgorithms(i),
                        "RS256 to RS512, PS256 to PS512, ES256 to ES512, EdDSA or HS256 to HS512");
            } else {
                algorithms.add(algorithm);
            }
        }
        return algorithms;
    }

    private static void checkKeys(
            io.tollgate.proto.config.v1.TokenIssuer issuer, Set<TokenAlgorithm> algorithms, ObjectProblems problems) {
        List<String> given = new ArrayList<>();
        addIfGiven(given, "jwks_url", issuer.getJwksUrl());
        addIfGiven(given, "jwks", issuer.getJwks());
        addIfGiven(given, "public_keys", issuer.getPublicKeys());
        addIfGiven(given, "hmac_secret", issuer.getHmacSecret());
        if (issuer.hasIntrospection()) {
            given.add("introspection");
        }
        if (issuer.hasAuthorizationServer()) {
            given.add("authorization_server");
        }
        if (given.size() != 1) {
            problems.add(
                    "",
                    given.isEmpty() ? "no keys" : String.join(" and ", given),
                    "exactly one of jwks_url, jwks, public_keys, hmac_secret, introspection and authorization_server");
            return;
        }
        if (issuer.hasIntrospection()) {
            IntrospectionText.check(issuer.getIntrospection(), problems);
            return;
        }
        if (issuer.hasAuthorizationServer()) {
            IssuanceText.check(issuer, problems);
            return;
        }
        if (!issuer.getTrustRootId().isEmpty() && issuer.getJwksUrl().isEmpty()) {
            problems.add("/trust_root", issuer.getTrustRootId(), "none, since nothing is fetched");
        }
        boolean symmetric = !issuer.getHmacSecret().isEmpty();
        for (TokenAlgorithm algorithm : algorithms) {
            if (algorithm.isSymmetric() != symmetric) {
                // A public key used as a secret is known to everybody (RFC 8725, 2.1).
                problems.add(
                        "/algorithms",
                        algorithm.word(),
                        symmetric ? "HS256, HS384 and HS512 only, for a secret" : "no HS algorithm for public keys");
                return;
            }
        }
        String fault = fault(issuer);
        if (fault != null) {
            problems.add("/" + given.get(0), fault, expected(given.get(0)));
        } else if (symmetric) {
            checkSecret(issuer.getHmacSecret(), algorithms, problems);
        }
    }

    private static void addIfGiven(List<String> given, String member, String value) {
        if (!value.isEmpty()) {
            given.add(member);
        }
    }

    private static String expected(String member) {
        return "jwks_url".equals(member) ? URL_EXPECTED : "public keys that are strong enough";
    }

    private static void checkSecret(String secret, Set<TokenAlgorithm> algorithms, ObjectProblems problems) {
        int bytes = secret.getBytes(StandardCharsets.UTF_8).length;
        for (TokenAlgorithm algorithm : algorithms) {
            if (bytes < algorithm.secretBytesMin()) {
                problems.add(
                        "/hmac_secret",
                        bytes + " bytes",
                        "at least " + algorithm.secretBytesMin() + " for " + algorithm.word());
                return;
            }
        }
    }

    /** What is wrong with its keys; never with the secret in it. */
    private static @Nullable String fault(io.tollgate.proto.config.v1.TokenIssuer issuer) {
        if (!issuer.getJwksUrl().isEmpty()) {
            return isFetchable(issuer.getJwksUrl()) ? null : issuer.getJwksUrl();
        }
        try {
            held(issuer);
            return null;
        } catch (KeyFault fault) {
            return String.valueOf(fault.getMessage());
        }
    }

    /** Whether a node may fetch something that others will rely on from there. */
    static boolean isFetchable(String text) {
        try {
            URI url = new URI(text);
            String host = url.getHost();
            boolean safe = "https".equals(url.getScheme())
                    || ("http".equals(url.getScheme())
                            && host != null
                            && LOOPBACK.matcher(host.toLowerCase(Locale.ROOT)).matches());
            return safe
                    && host != null
                    && url.getRawUserInfo() == null
                    && url.getRawFragment() == null
                    && url.getPort() != 0
                    && url.getPort() <= 65_535
                    && text.length() <= TEXT_CHARACTERS_MAX * 4;
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private static KeySet held(io.tollgate.proto.config.v1.TokenIssuer issuer) throws KeyFault {
        if (!issuer.getJwks().isEmpty()) {
            KeySet keys = KeySet.ofJwks(issuer.getJwks(), KeySet.Unfit.REFUSED);
            if (keys.keys().isEmpty()) {
                throw new KeyFault("no key");
            }
            return keys;
        }
        return issuer.getPublicKeys().isEmpty()
                ? KeySet.ofSecret(issuer.getHmacSecret())
                : KeySet.ofPem(issuer.getPublicKeys());
    }

    TokenIssuer compile(io.tollgate.proto.config.v1.TokenIssuer issuer, Map<String, TrustRoot> trustRoots) {
        if (issuer.hasAuthorizationServer()) {
            return IssuanceText.compile(issuer);
        }
        List<TokenIssuer.RequiredClaim> claims = new ArrayList<>();
        for (RequiredClaim claim : issuer.getRequiredClaimsList()) {
            claims.add(new TokenIssuer.RequiredClaim(ClaimPath.of(claim.getClaim()), claim.getValuesList()));
        }
        Set<TokenAlgorithm> algorithms = EnumSet.noneOf(TokenAlgorithm.class);
        for (String word : issuer.getAlgorithmsList()) {
            algorithms.add(Objects.requireNonNull(TokenAlgorithm.find(word), "a word that was checked"));
        }
        return new TokenIssuer(
                issuer.getId(),
                issuer.getName(),
                issuer.getIssuer(),
                keys(issuer, trustRoots),
                new TokenIssuer.Rules(
                        algorithms,
                        issuer.getTypesList(),
                        issuer.getAudiencesList(),
                        issuer.getClockSkewSeconds() * MILLIS_PER_SECOND,
                        claims,
                        issuer.getLifetimeSecondsMax() * MILLIS_PER_SECOND),
                new TokenIssuer.Binding(
                        ClaimPath.of(issuer.getConsumerClaim()),
                        issuer.getConsumerBy() == ConsumerBy.CONSUMER_BY_NAME
                                ? TokenIssuer.ConsumerBy.NAME
                                : TokenIssuer.ConsumerBy.CREDENTIAL,
                        issuer.hasNewConsumers(),
                        ClaimPath.of(issuer.getScopeClaim())));
    }

    private static TokenIssuer.Keys keys(
            io.tollgate.proto.config.v1.TokenIssuer issuer, Map<String, TrustRoot> trustRoots) {
        TrustRoot trustRoot = issuer.getTrustRootId().isEmpty() ? null : trustRoots.get(issuer.getTrustRootId());
        if (issuer.hasIntrospection()) {
            return new TokenIssuer.Keys.Asked(IntrospectionText.compile(issuer.getIntrospection()), trustRoot);
        }
        if (!issuer.getJwksUrl().isEmpty()) {
            return new TokenIssuer.Keys.Fetched(issuer.getJwksUrl(), trustRoot);
        }
        try {
            return new TokenIssuer.Keys.Held(held(issuer));
        } catch (KeyFault e) {
            throw new IllegalStateException(issuer.getId() + " was checked", e);
        }
    }
}
