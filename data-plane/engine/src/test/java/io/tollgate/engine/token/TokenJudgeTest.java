package io.tollgate.engine.token;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.engine.fixture.TestIssuer;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds and what does not, of tokens that can be read. */
class TokenJudgeTest {
    private static final long NOW_SECONDS = 1_700_000_000;
    private static final long NOW = NOW_SECONDS * 1_000;
    private static final TestIssuer LOGIN = TestIssuer.of("k1", "ES256");

    private static TokenVerdict judge(String claims, TokenIssuer.Rules rules) {
        ParsedToken token = ParsedToken.read(LOGIN.token(claims));
        if (token == null) {
            return new TokenVerdict.Refused(TokenFault.MALFORMED);
        }
        return TokenJudge.judge(token, Issuers.with(rules), keys(LOGIN), NOW);
    }

    private static KeySet keys(TestIssuer... issuers) {
        try {
            return KeySet.ofJwks(TestIssuer.jwks(issuers), KeySet.Unfit.REFUSED);
        } catch (KeyFault e) {
            throw new AssertionError(e);
        }
    }

    private static TokenIssuer.Rules rules(List<String> audiences, List<TokenIssuer.RequiredClaim> claims, long life) {
        return new TokenIssuer.Rules(
                Set.of(TokenAlgorithm.ES256), List.of("JWT", "application/at+jwt"), audiences, 10_000, claims, life);
    }

    private static final TokenIssuer.Rules PLAIN = rules(List.of(), List.of(), 0);

    private static VerifiedToken valid(TokenVerdict verdict) {
        assertThat(verdict).isInstanceOf(TokenVerdict.Valid.class);
        return ((TokenVerdict.Valid) verdict).token();
    }

    private static TokenFault fault(TokenVerdict verdict) {
        assertThat(verdict).isInstanceOf(TokenVerdict.Refused.class);
        return ((TokenVerdict.Refused) verdict).fault();
    }

    @ParameterizedTest
    @ValueSource(strings = {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"})
    void judge_everyAlgorithm_holdsWithItsOwnKeyAndNoOther(String algorithm) {
        TestIssuer one = TestIssuer.of("k1", algorithm);
        TestIssuer other = TestIssuer.of("k1", algorithm);
        ParsedToken token = ParsedToken.read(one.token(TestIssuer.claims(Issuers.ISSUER, "acme", NOW)));
        assertThat(token).isNotNull();
        TokenAlgorithm found = TokenAlgorithm.find(algorithm);
        assertThat(found).isNotNull();

        assertThat(valid(TokenJudge.judge(token, Issuers.taking(found), keys(one), NOW))
                        .subject())
                .isEqualTo("acme");
        assertThat(fault(TokenJudge.judge(token, Issuers.taking(found), keys(other), NOW)))
                .isEqualTo(TokenFault.INVALID);
        assertThat(fault(TokenJudge.judge(token, Issuers.taking(TokenAlgorithm.HS256), keys(one), NOW)))
                .isEqualTo(TokenFault.INVALID);
    }

    @Test
    void judge_severalKeys_theOneOfItsIdAndAlgorithmIsTaken() {
        TestIssuer old = TestIssuer.of("k0", "ES256");
        TestIssuer rsa = TestIssuer.of("k2", "RS256");
        String claims = TestIssuer.claims(Issuers.ISSUER, "acme", NOW);
        TokenIssuer issuer = Issuers.takingAll();
        KeySet all = keys(old, LOGIN, rsa);

        for (TestIssuer each : List.of(old, LOGIN, rsa)) {
            ParsedToken token = ParsedToken.read(each.token(claims));
            assertThat(token).isNotNull();
            assertThat(Objects.requireNonNull(valid(TokenJudge.judge(token, issuer, all, NOW))
                                    .key())
                            .id())
                    .isEqualTo(token.keyId());
        }
        ParsedToken unnamed = ParsedToken.read(LOGIN.token("{\"alg\":\"ES256\"}", claims));
        assertThat(unnamed).isNotNull();
        assertThat(Objects.requireNonNull(valid(TokenJudge.judge(unnamed, issuer, all, NOW))
                                .key())
                        .id())
                .isEqualTo("k1");
        assertThat(fault(TokenJudge.judge(unnamed, issuer, keys(rsa), NOW))).isEqualTo(TokenFault.UNKNOWN_KEY);
        ParsedToken elsewhere = ParsedToken.read(TestIssuer.of("k9", "ES256").token(claims));
        assertThat(elsewhere).isNotNull();
        assertThat(fault(TokenJudge.judge(elsewhere, issuer, all, NOW))).isEqualTo(TokenFault.UNKNOWN_KEY);
    }

    @ParameterizedTest
    @CsvSource({
        "-11, EXPIRED",
        "-10, EXPIRED",
        "-9,",
        "0,",
        "3600,",
    })
    void exp_withSkew(long secondsFromNow, TokenFault expected) {
        assertFault(judge("{\"exp\":" + (NOW_SECONDS + secondsFromNow) + "}", PLAIN), expected);
    }

    @ParameterizedTest
    @CsvSource({"nbf, 11, NOT_YET_VALID", "nbf, 10,", "iat, 11, NOT_YET_VALID", "iat, 10,"})
    void startOfTime_withSkew(String claim, long secondsFromNow, TokenFault expected) {
        assertFault(
                judge(
                        "{\"exp\":" + (NOW_SECONDS + 60) + ",\"" + claim + "\":" + (NOW_SECONDS + secondsFromNow) + "}",
                        PLAIN),
                expected);
    }

    @SuppressWarnings("NullAway") // JUnit gives null for an empty column.
    private static void assertFault(TokenVerdict verdict, TokenFault expected) {
        if (expected == null) {
            valid(verdict);
        } else {
            assertThat(fault(verdict)).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"1700003600\"",
                "null",
                "true",
                "[1700003600]",
                "-1",
                "1e400",
                "99999999999999999999",
                "253402300800",
                "{}",
                "1e999999999"
            })
    void dates_thatAreNone_areRefused(String value) {
        for (String name : List.of("exp", "nbf", "iat")) {
            String others = "exp".equals(name) ? "" : "\"exp\":" + (NOW_SECONDS + 60) + ",";
            assertThat(fault(judge("{" + others + "\"" + name + "\":" + value + "}", PLAIN)))
                    .as(name)
                    .isEqualTo(TokenFault.MALFORMED);
        }
    }

    @Test
    void exp_fraction_isTaken_absent_isNot() {
        VerifiedToken token = valid(judge("{\"exp\":" + NOW_SECONDS + ".5}", PLAIN));
        assertThat(token.expiresAtMillis()).isEqualTo(NOW + 500 + 10_000);
        assertThat(fault(judge("{\"sub\":\"a\"}", PLAIN))).isEqualTo(TokenFault.CLAIMS);
    }

    @Test
    void lifetime_longerThanAllowedOrUnknown_isRefused() {
        TokenIssuer.Rules hour = rules(List.of(), List.of(), 3_600_000);
        String exp = "\"exp\":" + (NOW_SECONDS + 3_600);
        valid(judge("{" + exp + ",\"iat\":" + NOW_SECONDS + "}", hour));
        assertThat(fault(judge("{" + exp + ",\"iat\":" + (NOW_SECONDS - 1) + "}", hour)))
                .isEqualTo(TokenFault.CLAIMS);
        assertThat(fault(judge("{" + exp + "}", hour))).isEqualTo(TokenFault.CLAIMS);
    }

    @Test
    void audience_textOrList_oneOfThem() {
        TokenIssuer.Rules ours = rules(List.of("https://api.example.com", "api"), List.of(), 0);
        String exp = "\"exp\":" + (NOW_SECONDS + 60);
        assertThat(valid(judge("{" + exp + ",\"aud\":\"api\"}", ours)).isFor(List.of("api", "x")))
                .isTrue();
        valid(judge("{" + exp + ",\"aud\":[\"other\",\"https://api.example.com\"]}", ours));
        for (String wrong : List.of("\"API\"", "[\"other\"]", "[]", "7", "{\"api\":1}", "null", "[[\"api\"]]")) {
            assertThat(fault(judge("{" + exp + ",\"aud\":" + wrong + "}", ours)))
                    .as(wrong)
                    .isEqualTo(TokenFault.AUDIENCE);
        }
        assertThat(fault(judge("{" + exp + "}", ours))).isEqualTo(TokenFault.AUDIENCE);
    }

    @Test
    void requiredClaims_valuesListsAndPointers() {
        List<TokenIssuer.RequiredClaim> required = List.of(
                new TokenIssuer.RequiredClaim(ClaimPath.of("https://example.com/tenant"), List.of("blue", "green")),
                new TokenIssuer.RequiredClaim(ClaimPath.of("/realm/roles"), List.of("partner")),
                new TokenIssuer.RequiredClaim(ClaimPath.of("level"), List.of("3")),
                new TokenIssuer.RequiredClaim(ClaimPath.of("jti"), List.of()));
        TokenIssuer.Rules rules = rules(List.of(), required, 0);
        String good = "{\"exp\":" + (NOW_SECONDS + 60)
                + ",\"https://example.com/tenant\":\"blue\",\"realm\":{\"roles\":[\"x\",\"partner\"]},\"level\":3,\"jti\":\"a\"}";
        valid(judge(good, rules));
        for (String[] change : new String[][] {
            {"\"blue\"", "\"red\""},
            {"\"partner\"", "\"partners\""},
            {"\"level\":3", "\"level\":3.0"},
            {"\"jti\":\"a\"", "\"jti\":null"}
        }) {
            assertThat(fault(judge(good.replace(change[0], change[1]), rules)))
                    .as(change[1])
                    .isEqualTo(TokenFault.CLAIMS);
        }
    }

    @Test
    void types_asTheIssuerSays() {
        String claims = TestIssuer.claims(Issuers.ISSUER, "acme", NOW);
        TokenIssuer both = Issuers.with(PLAIN);
        TokenIssuer accessOnly = Issuers.with(
                new TokenIssuer.Rules(Set.of(TokenAlgorithm.ES256), List.of("at+jwt"), List.of(), 0, List.of(), 0));
        for (String typ : List.of("JWT", "jwt", "at+jwt", "application/AT+JWT", "dpop+jwt", "")) {
            ParsedToken token = ParsedToken.read(LOGIN.token(
                    typ.isEmpty() ? "{\"alg\":\"ES256\"}" : "{\"alg\":\"ES256\",\"typ\":\"" + typ + "\"}", claims));
            assertThat(token).isNotNull();
            assertThat(TokenJudge.judge(token, both, keys(LOGIN), NOW) instanceof TokenVerdict.Valid)
                    .as(typ)
                    .isEqualTo(!typ.startsWith("dpop"));
            assertThat(TokenJudge.judge(token, accessOnly, keys(LOGIN), NOW) instanceof TokenVerdict.Valid)
                    .as(typ)
                    .isEqualTo(typ.toLowerCase(java.util.Locale.ROOT).endsWith("at+jwt"));
        }
    }

    @Test
    void subjectAndScopes_textsNumbersLists() {
        String exp = "\"exp\":" + (NOW_SECONDS + 60);
        VerifiedToken token = valid(judge("{" + exp + ",\"sub\":42,\"scope\":\"pets:read  pets:write\"}", PLAIN));
        assertThat(token.subject()).isEqualTo("42");
        assertThat(token.scopes()).containsExactly("pets:read", "pets:write");
        assertThat(valid(judge("{" + exp + ",\"scope\":[\"a b\",\"c\"]}", PLAIN))
                        .scopes())
                .containsExactly("a b", "c");
        assertThat(valid(judge("{" + exp + "}", PLAIN)).subject()).isEmpty();
        assertThat(fault(judge("{" + exp + ",\"sub\":[\"acme\"]}", PLAIN))).isEqualTo(TokenFault.CLAIMS);
        assertThat(fault(judge("{" + exp + ",\"sub\":\"" + "x".repeat(257) + "\"}", PLAIN)))
                .isEqualTo(TokenFault.CLAIMS);
    }
}
