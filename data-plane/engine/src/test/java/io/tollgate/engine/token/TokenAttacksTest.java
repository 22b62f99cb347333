package io.tollgate.engine.token;

import static io.tollgate.engine.fixture.TestIssuer.encode;
import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.engine.fixture.TestAuthority;
import io.tollgate.engine.fixture.TestIssuer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Attacks on tokens that are known by name: none of them gets a token to hold. */
class TokenAttacksTest {
    private static final long NOW = 1_700_000_000_000L;
    private static final TestIssuer EC = TestIssuer.of("k1", "ES256");
    private static final TestIssuer RSA = TestIssuer.of("k2", "RS256");
    private static final String CLAIMS = TestIssuer.claims(Issuers.ISSUER, "acme", NOW);

    private static KeySet keys() {
        try {
            return KeySet.ofJwks(TestIssuer.jwks(EC, RSA), KeySet.Unfit.REFUSED);
        } catch (KeyFault e) {
            throw new AssertionError(e);
        }
    }

    /** Even where every algorithm is allowed. */
    private static boolean holds(String text) {
        ParsedToken token = ParsedToken.read(text);
        return token != null && TokenJudge.judge(token, Issuers.takingAll(), keys(), NOW) instanceof TokenVerdict.Valid;
    }

    @Test
    void whatIsAttackedBelow_holds() {
        assertThat(holds(EC.token(CLAIMS))).isTrue();
        assertThat(holds(RSA.token(CLAIMS))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "None", "NONE", "nOnE", "", " none", "none\\u0000", "es256", "ES256K", "ES256 "})
    void algNone_inAllSpellings(String algorithm) {
        String header = "{\"alg\":\"" + algorithm + "\",\"kid\":\"k1\"}";
        assertThat(holds(encode(header) + "." + encode(CLAIMS) + ".")).isFalse();
        assertThat(holds(encode(header) + "." + encode(CLAIMS))).isFalse();
        assertThat(holds(encode(header) + "." + encode(CLAIMS) + ".AA")).isFalse();
        assertThat(holds(EC.token(header, CLAIMS))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"[\"ES256\"]", "null", "256", "{}", "true"})
    void alg_thatIsNoText(String algorithm) {
        assertThat(ParsedToken.read(EC.token("{\"alg\":" + algorithm + ",\"kid\":\"k1\"}", CLAIMS)))
                .isNull();
        assertThat(ParsedToken.read(EC.token("{\"kid\":\"k1\"}", CLAIMS))).isNull();
    }

    @Test
    void keyConfusion_publicKeyAsSecret() {
        for (TestIssuer victim : List.of(EC, RSA)) {
            byte[] der = victim.keys().getPublic().getEncoded();
            String pem = TestAuthority.pem("PUBLIC KEY", der);
            for (byte[] secret : List.of(
                    der,
                    pem.getBytes(StandardCharsets.US_ASCII),
                    pem.trim().getBytes(StandardCharsets.US_ASCII),
                    victim.jwk().getBytes(StandardCharsets.US_ASCII))) {
                for (String algorithm : List.of("HS256", "HS384", "HS512")) {
                    for (String kid : List.of("k1", "k2", "")) {
                        assertThat(holds(TestIssuer.hmac(
                                        algorithm,
                                        secret,
                                        "{\"alg\":\"" + algorithm + "\",\"kid\":\"" + kid + "\"}",
                                        CLAIMS)))
                                .isFalse();
                    }
                }
            }
        }
    }

    @Test
    void algorithmOfAnotherKey() {
        assertThat(holds(EC.token("{\"alg\":\"RS256\",\"kid\":\"k2\"}", CLAIMS)))
                .isFalse();
        assertThat(holds(RSA.token("{\"alg\":\"ES256\",\"kid\":\"k1\"}", CLAIMS)))
                .isFalse();
        assertThat(holds(RSA.token("{\"alg\":\"PS256\",\"kid\":\"k2\"}", CLAIMS)))
                .isFalse();
        assertThat(holds(RSA.token("{\"alg\":\"RS384\",\"kid\":\"k2\"}", CLAIMS)))
                .isFalse();
    }

    @Test
    void keysOfTheHeader_areNeverUsed() {
        TestIssuer attacker = TestIssuer.of("k1", "ES256");
        TestAuthority.Issued issued = TestAuthority.root("evil").ecdsaFor("evil.example");
        String x5c = Base64.getEncoder().encodeToString(encoded(issued));
        for (String injected : List.of(
                "\"jwk\":" + attacker.jwk(),
                "\"jku\":\"https://evil.example/jwks.json\"",
                "\"x5u\":\"https://evil.example/cert.pem\"",
                "\"x5c\":[\"" + x5c + "\"]",
                "\"x5t\":\"AAAA\",\"jwk\":" + attacker.jwk())) {
            for (String kid : List.of("\"kid\":\"k1\",", "")) {
                assertThat(holds(attacker.token("{\"alg\":\"ES256\"," + kid + injected + "}", CLAIMS)))
                        .as(injected)
                        .isFalse();
            }
        }
    }

    private static byte[] encoded(TestAuthority.Issued issued) {
        try {
            return issued.certificate().getEncoded();
        } catch (java.security.cert.CertificateEncodingException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../../../../dev/null",
                "/dev/null",
                "k1' OR '1'='1",
                "k1'; DROP TABLE token_issuer;--",
                "$(id)",
                "| id",
                "k1\\u0000",
                " k1",
                "K1",
                "%6b1",
                "http://127.0.0.1/",
                "{}"
            })
    void keyId_asPathQueryOrCommand(String keyId) {
        assertThat(holds(EC.token("{\"alg\":\"ES256\",\"kid\":\"" + keyId + "\"}", CLAIMS)))
                .isFalse();
    }

    @Test
    void keyId_hugeOrNoText() {
        assertThat(holds(EC.token("{\"alg\":\"ES256\",\"kid\":\"" + "k".repeat(513) + "\"}", CLAIMS)))
                .isFalse();
        for (String keyId : List.of("1", "[\"k1\"]", "{\"a\":1}", "null", "true")) {
            assertThat(holds(EC.token("{\"alg\":\"ES256\",\"kid\":" + keyId + "}", CLAIMS)))
                    .as(keyId)
                    .isFalse();
        }
    }

    @Test
    void members_twice() {
        assertThat(holds(EC.token("{\"alg\":\"none\",\"alg\":\"ES256\",\"kid\":\"k1\"}", CLAIMS)))
                .isFalse();
        assertThat(holds(EC.token("{\"alg\":\"ES256\",\"kid\":\"k1\",\"\\u0061lg\":\"ES256\"}", CLAIMS)))
                .isFalse();
        assertThat(holds(EC.token(CLAIMS.replace("{", "{\"sub\":\"admin\",")))).isFalse();
        assertThat(holds(EC.token(CLAIMS.replace("}", ",\"a\":{\"b\":1,\"b\":2}}"))))
                .isFalse();
        assertThat(holds(EC.token(CLAIMS.replace("}", ",\"a\":[{\"b\":1,\"b\":2}]}"))))
                .isFalse();
    }

    @Test
    void nestedEncryptedCompressedCritical() {
        for (String member : List.of(
                "\"cty\":\"JWT\"",
                "\"cty\":\"application/jwt\"",
                "\"enc\":\"A256GCM\"",
                "\"zip\":\"DEF\"",
                "\"crit\":[\"exp\"]",
                "\"crit\":[]",
                "\"crit\":null",
                "\"b64\":true",
                "\"b64\":false")) {
            assertThat(holds(EC.token("{\"alg\":\"ES256\",\"kid\":\"k1\"," + member + "}", CLAIMS)))
                    .as(member)
                    .isFalse();
        }
        assertThat(holds(EC.token("{\"alg\":\"ES256\",\"kid\":\"k1\"}", "\"" + EC.token(CLAIMS) + "\"")))
                .isFalse();
    }

    @Test
    void hugeTokensNumbersAndDepths() {
        int room = ParsedToken.CHARACTERS_MAX * 3 / 4 - 400;
        assertThat(holds(EC.token(CLAIMS.replace("}", ",\"a\":\"" + "x".repeat(room) + "\"}"))))
                .isTrue();
        assertThat(holds(EC.token(CLAIMS.replace("}", ",\"a\":\"" + "x".repeat(room + 400) + "\"}"))))
                .isFalse();
        assertThat(holds(EC.token(CLAIMS.replace("}", ",\"a\":" + "9".repeat(33) + "}"))))
                .isFalse();
        assertThat(holds(EC.token(CLAIMS.replace("}", ",\"a\":1e999999999}")))).isTrue();
        assertThat(holds(EC.token(CLAIMS.replace("}", ",\"a\":" + "[".repeat(16) + "]".repeat(16) + "}"))))
                .isFalse();
        assertThat(holds(EC.token(CLAIMS.replace("}", ",\"a\":" + "[".repeat(5_000) + "]".repeat(5_000) + "}"))))
                .isFalse();
    }

    @Test
    void psychicSignature_andOthersThatAreNone() {
        String signed = encode("{\"alg\":\"ES256\",\"kid\":\"k1\"}") + "." + encode(CLAIMS);
        byte[] real = Base64.getUrlDecoder().decode(EC.sign(signed).substring(signed.length() + 1));
        byte[] order = hex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
        byte[] orderTwice = join(order, order);
        byte[] zeroR = join(new byte[32], slice(real, 32));
        byte[] zeroS = join(slice(real, 0), new byte[32]);
        for (byte[] forged : List.of(
                new byte[64],
                orderTwice,
                zeroR,
                zeroS,
                new byte[0],
                new byte[1],
                new byte[63],
                new byte[65],
                new byte[96],
                join(order, slice(real, 32)),
                der(),
                join(real, new byte[1]))) {
            assertThat(holds(signed + "."
                            + Base64.getUrlEncoder().withoutPadding().encodeToString(forged)))
                    .as("%d bytes", forged.length)
                    .isFalse();
        }
        assertThat(holds(signed + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(real)))
                .isTrue();
    }

    private static byte[] der() {
        return hex("3006020100020100");
    }

    private static byte[] hex(String text) {
        return java.util.HexFormat.of().parseHex(text);
    }

    private static byte[] slice(byte[] bytes, int from) {
        return java.util.Arrays.copyOfRange(bytes, from, from + 32);
    }

    private static byte[] join(byte[] one, byte[] other) {
        byte[] both = java.util.Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, both, one.length, other.length);
        return both;
    }

    @Test
    void trailingBytesWhitespaceAndOtherBase64() {
        String token = EC.token(CLAIMS);
        int first = token.indexOf('.');
        int second = token.lastIndexOf('.');
        for (String variant : List.of(
                token + "=",
                token + "==",
                token + ".",
                token + "." + "AA",
                token + " ",
                " " + token,
                token + "\n",
                token + "\u0000",
                token.substring(0, first) + "=" + token.substring(first),
                token.substring(0, first) + " " + token.substring(first),
                token.substring(0, second) + "\r\n" + token.substring(second),
                token.substring(0, second + 10) + "+/" + token.substring(second + 12),
                token.substring(0, second) + "AAAA" + token.substring(second),
                "." + token,
                token.replace('.', '\u3002'),
                "..",
                "...",
                "")) {
            assertThat(holds(variant)).as(variant).isFalse();
        }
    }

    @Test
    void base64_lastCharacterWithBitsThatStandForNothing() {
        // 64 bytes make 86 characters, the last of which stands for two bits only.
        String token = EC.token(CLAIMS);
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        int last = alphabet.indexOf(token.charAt(token.length() - 1));
        for (int bits = 1; bits < 16; bits++) {
            assertThat(holds(token.substring(0, token.length() - 1) + alphabet.charAt(last + bits)))
                    .isFalse();
        }
    }

    @Test
    void notUtf8_andHalvesOfCharacters() {
        Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
        String header = encode("{\"alg\":\"ES256\",\"kid\":\"k1\"}");
        byte[] claims = CLAIMS.getBytes(StandardCharsets.UTF_8);
        int at = CLAIMS.indexOf("acme");
        for (byte bad : new byte[] {(byte) 0xff, (byte) 0xc0, (byte) 0x80, (byte) 0xed}) {
            byte[] changed = claims.clone();
            changed[at] = bad;
            assertThat(holds(EC.sign(header + "." + base64.encodeToString(changed))))
                    .isFalse();
        }
        assertThat(holds(EC.token(CLAIMS.replace("acme", "\\ud800")))).isFalse();
        assertThat(holds(EC.token(CLAIMS.replace("acme", "\\udc00\\ud800")))).isFalse();
        assertThat(holds(EC.token(CLAIMS.replace("acme", "\\ud83d\\ude00")))).isTrue();
        assertThat(holds(EC.token("\ufeff" + CLAIMS))).isFalse();
        assertThat(holds(EC.token(CLAIMS + "{}"))).isFalse();
        assertThat(holds(EC.token(CLAIMS + "x"))).isFalse();
        assertThat(holds(EC.token("[" + CLAIMS + "]"))).isFalse();
        assertThat(holds(EC.token(CLAIMS.replace("\"", "'")))).isFalse();
        assertThat(holds(EC.token(CLAIMS.replace("}", ",}")))).isFalse();
        assertThat(holds(EC.token(CLAIMS.replace("}", ",\"a\":NaN}")))).isFalse();
        assertThat(holds(EC.token(CLAIMS.replace("}", "/* */}")))).isFalse();
    }
}
