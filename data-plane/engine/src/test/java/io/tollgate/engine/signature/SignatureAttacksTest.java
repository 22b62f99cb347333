package io.tollgate.engine.signature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tollgate.engine.fixture.TestAuthority;
import io.tollgate.engine.token.KeyFault;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.Signature;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is tried with signatures of requests, by name. */
class SignatureAttacksTest {
    private static final long NOW_MILLIS = 1_618_884_500_000L;
    private static final String SIGNATURE = "sig1=:AAAA:";
    private static final SignatureRules RULES =
            new SignatureRules(List.of("@method", "@authority", "@path", "@query"), "", 300, 30, false, true);

    private static String input(String inside) {
        return "sig1=" + inside;
    }

    private static @Nullable List<PresentedSignature> read(String inside) {
        return PresentedSignature.read(input(inside), SIGNATURE);
    }

    private static PresentedSignature one(String inside) {
        List<PresentedSignature> read = read(inside);
        assertThat(read).as(inside).hasSize(1);
        return read.get(0);
    }

    private static SignatureRules.@Nullable Fault judged(String inside) {
        return RULES.judge(one(inside), false, NOW_MILLIS);
    }

    @Test
    void malformedStructuredFields_areNone() {
        for (String inside : List.of(
                "",
                "(",
                "()\u0000",
                "(\"@method\"",
                "(\"@method\"\"@path\")",
                "(\"@method\",\"@path\")",
                "(@method)",
                "('@method')",
                "(\"@meth\u00f6d\")",
                "(\"@method\\n\")",
                "(\"@method\\a\")",
                "();created=\"1618884473\"",
                "();created=1618884473.0",
                "();created=-1",
                "();created=1234567890123456",
                "();created",
                "();created=?1",
                "();keyid=key",
                "();keyid=\"\"",
                "();keyid=\"" + "k".repeat(257) + "\"",
                "();nonce=1",
                "();alg=hmac-sha256",
                "();Created=1",
                "();;created=1",
                "() ;created=1",
                "();created =1",
                "\"@method\"",
                "?1",
                "(:AAAA:)",
                "(),")) {
            assertThat(read(inside)).as(inside).isNull();
        }
        for (String signature : List.of(
                "",
                "sig1",
                "sig1=AAAA",
                "sig1=:AAAA",
                "sig1=:AAA:",
                "sig1=:AAB=:",
                "sig1=:A A=:",
                "sig1=:AA-_:",
                "sig1=\"AAAA\"",
                "sig1=:AAAA:,",
                "SIG1=:AAAA:")) {
            assertThat(PresentedSignature.read(input("()"), signature))
                    .as(signature)
                    .isNull();
        }
    }

    @Test
    void duplicateLabels_andParameters_andComponents_areNone() {
        assertThat(PresentedSignature.read("sig1=(), sig1=()", SIGNATURE)).isNull();
        assertThat(PresentedSignature.read("sig1=()", "sig1=:AAAA:, sig1=:AAAA:"))
                .isNull();
        assertThat(read("();created=1;created=2")).isNull();
        assertThat(read("(\"date\" \"date\")")).isNull();
        assertThat(read("(\"@query-param\";name=\"a\";name=\"b\")")).isNull();
        assertThat(read("(\"@query-param\";name=\"a\" \"@query-param\";name=\"b\")"))
                .hasSize(1);
    }

    @Test
    void labelsThatDoNotBelongTogether_areNone() {
        assertThat(PresentedSignature.read("sig1=()", "sig2=:AAAA:")).isNull();
        assertThat(PresentedSignature.read("sig1=(), sig2=()", SIGNATURE)).isNull();
        assertThat(PresentedSignature.read("", SIGNATURE)).isNull();
        assertThat(PresentedSignature.read("sig1=()", "")).isNull();
        assertThat(PresentedSignature.read("sig1=();x=\"" + "x".repeat(20_000) + "\"", SIGNATURE))
                .isNull();
    }

    @Test
    void unknownComponents_areNone() {
        for (String inside : List.of(
                "(\"@status\")",
                "(\"@signature-params\")",
                "(\"@unknown\")",
                "(\"@query-param\")",
                "(\"@query-param\";name=a)",
                "(\"@method\";req)",
                "(\"Date\")",
                "(\"\")",
                "(\"a b\")",
                "(\"content-digest\";key=\"sha-256\")",
                "(\"date\";sf)",
                "(\"date\";bs)",
                "(\"date\";tr)")) {
            assertThat(read(inside)).as(inside).isNull();
        }
    }

    @Test
    void missingCreated_andWhatMustBeCovered_areIncomplete() {
        String all = "(\"@method\" \"@authority\" \"@path\" \"@query\")";
        assertThat(judged(all + ";created=1618884473")).isNull();
        assertThat(judged("(\"@method\" \"@target-uri\");created=1618884473")).isNull();
        assertThat(judged("(\"@method\" \"@authority\" \"@request-target\");created=1618884473"))
                .isNull();
        assertThat(judged(all)).isEqualTo(SignatureRules.Fault.INCOMPLETE);
        assertThat(judged(all + ";expires=1618884600")).isEqualTo(SignatureRules.Fault.INCOMPLETE);
        assertThat(judged("();created=1618884473")).isEqualTo(SignatureRules.Fault.INCOMPLETE);
        assertThat(judged("(\"@method\" \"@authority\" \"@path\" \"@query-param\";name=\"a\");created=1618884473"))
                .isEqualTo(SignatureRules.Fault.INCOMPLETE);
        SignatureRules careful = new SignatureRules(List.of(), "app", 300, 30, true, true);
        assertThat(careful.judge(one(all + ";created=1618884473"), false, NOW_MILLIS))
                .isEqualTo(SignatureRules.Fault.INCOMPLETE);
        assertThat(careful.judge(one(all + ";created=1618884473;nonce=\"n\""), false, NOW_MILLIS))
                .isNull();
        assertThat(careful.judge(one(all + ";created=1618884473;nonce=\"n\""), true, NOW_MILLIS))
                .as("a body whose digest is not covered")
                .isEqualTo(SignatureRules.Fault.INCOMPLETE);
        assertThat(careful.takes(one("();tag=\"app\""))).isTrue();
        assertThat(careful.takes(one("();tag=\"App\""))).isFalse();
        assertThat(careful.takes(one("()"))).isFalse();
    }

    @Test
    void tooOld_over_andNotMadeYet_areUntimely() {
        String all = "(\"@method\" \"@target-uri\");created=";
        long now = NOW_MILLIS / 1_000;
        assertThat(judged(all + (now - 329))).isNull();
        assertThat(judged(all + (now - 330))).isEqualTo(SignatureRules.Fault.UNTIMELY);
        assertThat(judged(all + (now + 30))).isNull();
        assertThat(judged(all + (now + 31))).isEqualTo(SignatureRules.Fault.UNTIMELY);
        assertThat(judged(all + (now - 60) + ";expires=" + (now - 29))).isNull();
        assertThat(judged(all + (now - 60) + ";expires=" + (now - 30))).isEqualTo(SignatureRules.Fault.UNTIMELY);
        assertThat(judged(all + (now - 60) + ";expires=" + (now - 61))).isEqualTo(SignatureRules.Fault.UNTIMELY);
        assertThat(judged(all + (now - 400) + ";expires=" + (now + 400)))
                .as("its own word does not prolong it")
                .isEqualTo(SignatureRules.Fault.UNTIMELY);
        assertThat(judged(all + "999999999999999")).isEqualTo(SignatureRules.Fault.UNTIMELY);
        assertThat(judged(all + now + ";expires=999999999999999")).isNull();
        assertThat(RULES.endsAtMillis(one(all + now + ";expires=" + (now + 10))))
                .isEqualTo((now + 40) * 1_000);
    }

    @Test
    void alteredRequests_areOtherTexts() {
        PresentedSignature signature =
                one("(\"@method\" \"@authority\" \"@path\" \"@query\" \"content-type\");created=1618884473");
        byte[] base = signature.base(Sent.request());
        List<Sent> altered = new ArrayList<>(List.of(
                Sent.request().to("/foo/?param=Value&Pet=dog"),
                Sent.request().to("/FOO?param=Value&Pet=dog"),
                Sent.request().to("/%66oo?param=Value&Pet=dog"),
                Sent.request().to("/foo?Pet=dog&param=Value"),
                Sent.request().to("/foo?param=Value&Pet=dog&"),
                Sent.request().as("PUT"),
                Sent.request().as("post"),
                Sent.request().at("https", "example.com:8443"),
                Sent.request().with("content-type", "text/html")));
        for (Sent sent : altered) {
            assertThat(signature.base(sent)).as("%s", sent).isNotNull().isNotEqualTo(base);
        }
        assertThat(signature.base(Sent.request().without("content-type")))
                .as("what is covered and not there")
                .isNull();
        assertThat(signature.base(Sent.request().without("content-type").with("content-type", "a\n\"@path\": /b")))
                .as("a line that would be another component")
                .isNull();
    }

    private static byte[] sign(String algorithm, KeyPair keys, byte[] base) throws GeneralSecurityException {
        Signature signature = Signature.getInstance(algorithm);
        signature.initSign(keys.getPrivate());
        signature.update(base);
        return signature.sign();
    }

    private static String pem(KeyPair keys) {
        return TestAuthority.pem("PUBLIC KEY", keys.getPublic().getEncoded());
    }

    @Test
    void ecdsa_holdsInItsOwnFormOnly() throws Exception {
        KeyPair keys = TestAuthority.ecdsa("secp256r1");
        byte[] base = {1, 2, 3};
        SignatureKey key = SignatureKey.of(SignatureAlgorithm.ECDSA_P256_SHA256, pem(keys));
        byte[] good = sign("SHA256withECDSAinP1363Format", keys, base);
        assertThat(key.verifies(base, good)).isTrue();
        assertThat(key.verifies(base, sign("SHA256withECDSA", keys, base)))
                .as("DER")
                .isFalse();
        assertThat(key.verifies(base, new byte[64])).as("zeros").isFalse();
        assertThat(key.verifies(base, new byte[0])).isFalse();
        assertThat(key.verifies(base, Arrays.copyOf(good, 65))).isFalse();
        assertThat(key.verifies(new byte[] {1, 2, 4}, good)).isFalse();
        // The other half of it holds as well, which is why replays are not known by their bytes.
        BigInteger order = new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);
        BigInteger s = order.subtract(new BigInteger(1, Arrays.copyOfRange(good, 32, 64)));
        byte[] other = good.clone();
        byte[] bytes = s.toByteArray();
        Arrays.fill(other, 32, 64, (byte) 0);
        int length = Math.min(32, bytes.length);
        System.arraycopy(bytes, bytes.length - length, other, 64 - length, length);
        assertThat(key.verifies(base, other)).isTrue();
    }

    @Test
    void algorithms_allOfThem_holdForTheirKeysOnly() throws Exception {
        KeyPair p384 = TestAuthority.ecdsa("secp384r1");
        KeyPair rsa = TestAuthority.rsa(2_048);
        byte[] base = {1, 2, 3};
        SignatureKey ecdsa = SignatureKey.of(SignatureAlgorithm.ECDSA_P384_SHA384, pem(p384));
        assertThat(ecdsa.verifies(base, sign("SHA384withECDSAinP1363Format", p384, base)))
                .isTrue();
        SignatureKey old = SignatureKey.of(SignatureAlgorithm.RSA_V1_5_SHA256, pem(rsa));
        SignatureKey pss = SignatureKey.of(SignatureAlgorithm.RSA_PSS_SHA512, pem(rsa));
        byte[] signature = sign("SHA256withRSA", rsa, base);
        assertThat(old.verifies(base, signature)).isTrue();
        assertThat(pss.verifies(base, signature))
                .as("one key, another algorithm")
                .isFalse();
        assertThat(old).isNotEqualTo(pss).isEqualTo(SignatureKey.of(SignatureAlgorithm.RSA_V1_5_SHA256, pem(rsa)));
        // The public key as a secret, which its owner never shared.
        assertThat(old.verifies(base, new byte[32])).isFalse();
    }

    @Test
    void keys_thatAreNotForTheAlgorithm_areRefused() {
        String p256 = pem(TestAuthority.ecdsa("secp256r1"));
        for (SignatureAlgorithm algorithm : List.of(
                SignatureAlgorithm.ECDSA_P384_SHA384,
                SignatureAlgorithm.RSA_PSS_SHA512,
                SignatureAlgorithm.ED25519,
                SignatureAlgorithm.HMAC_SHA256)) {
            assertThatThrownBy(() -> SignatureKey.of(algorithm, p256)).isInstanceOf(KeyFault.class);
        }
        String weak = pem(TestAuthority.rsa(1_024));
        assertThatThrownBy(() -> SignatureKey.of(SignatureAlgorithm.RSA_PSS_SHA512, weak))
                .isInstanceOf(KeyFault.class);
        for (String none : List.of("", "key", p256 + p256, "{}", "{\"kty\":\"oct\",\"k\":\"AAAA\"}")) {
            assertThatThrownBy(() -> SignatureKey.of(SignatureAlgorithm.ECDSA_P256_SHA256, none))
                    .as(none)
                    .isInstanceOf(KeyFault.class);
        }
        assertThatThrownBy(() -> SignatureKey.ofSecret(new byte[31])).isInstanceOf(KeyFault.class);
    }

    @Test
    void contentDigests_thatMeanNothing_areNone() {
        String sha256 = "sha-256=:" + Base64.getEncoder().encodeToString(new byte[32]) + ":";
        assertThat(ContentDigest.read(List.of(sha256))).isNotNull();
        assertThat(ContentDigest.read(List.of("md5=:AAAA:", sha256))).isNotNull();
        for (List<String> none : List.of(
                List.<String>of(),
                List.of(""),
                List.of("md5=:AAAA:"),
                List.of("sha=:AAAA:"),
                List.of("sha-256=AAAA"),
                List.of("SHA-256=:AAAA:"),
                List.of(sha256, sha256),
                List.of("x".repeat(2_000)))) {
            assertThat(ContentDigest.read(none)).as("%s", none).isNull();
        }
        ContentDigest both = ContentDigest.read(List.of(sha256 + ", sha-512=:AAAA:"));
        assertThat(both).isNotNull();
        assertThat(both.algorithm()).isEqualTo("SHA-512");
    }
}
