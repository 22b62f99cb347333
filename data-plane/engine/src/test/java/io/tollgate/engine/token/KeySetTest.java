package io.tollgate.engine.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tollgate.engine.fixture.TestAuthority;
import io.tollgate.engine.fixture.TestIssuer;
import java.security.KeyPair;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeySetTest {
    private static final TestIssuer EC = TestIssuer.of("k1", "ES256");

    private static String set(String... keys) {
        return "{\"keys\":[" + String.join(",", keys) + "]}";
    }

    @Test
    void ofJwks_everyKind_isRead() throws KeyFault {
        KeySet keys = KeySet.ofJwks(
                TestIssuer.jwks(
                        TestIssuer.of("a", "RS256"),
                        EC,
                        TestIssuer.of("c", "ES384"),
                        TestIssuer.of("d", "ES512"),
                        TestIssuer.of("e", "EdDSA")),
                KeySet.Unfit.REFUSED);
        assertThat(keys.keys())
                .extracting(TokenKey::family)
                .containsExactly(KeyFamily.RSA, KeyFamily.P256, KeyFamily.P384, KeyFamily.P521, KeyFamily.ED25519);
        assertThat(keys.contains(keys.keys().get(2))).isTrue();
        assertThat(keys.contains(KeySet.ofJwks(set(EC.jwk()), KeySet.Unfit.REFUSED)
                        .keys()
                        .get(0)))
                .isTrue();
        assertThat(keys.contains(KeySet.ofJwks(TestIssuer.jwks(TestIssuer.of("k1", "ES256")), KeySet.Unfit.REFUSED)
                        .keys()
                        .get(0)))
                .isFalse();
    }

    @Test
    void ofJwks_unfitKeys_areLeftOutOrRefused() throws KeyFault {
        String jwk = EC.jwk();
        String weak = TestIssuer.of("w", "ES256").jwk().replace("P-256", "secp256k1");
        List<String> unfit = List.of(
                jwk.replace("\"use\":\"sig\"", "\"use\":\"enc\""),
                jwk.replace("\"use\":\"sig\"", "\"key_ops\":[\"encrypt\"]"),
                jwk.replace("\"use\":\"sig\"", "\"alg\":\"ES384\""),
                jwk.replace("\"use\":\"sig\"", "\"alg\":\"RS256\""),
                jwk.replace("\"use\":\"sig\"", "\"alg\":\"none\""),
                jwk.replace("\"use\":\"sig\"", "\"d\":\"AAAA\""),
                jwk.replace("\"kid\":\"k1\"", "\"kid\":7"),
                jwk.replace("\"EC\"", "\"XX\""),
                "{\"kty\":\"oct\",\"k\":\"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0i\"}",
                "{\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}",
                "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHUQ\"}",
                weak,
                "7",
                "null");
        for (String key : unfit) {
            assertThat(KeySet.ofJwks(set(key, jwk), KeySet.Unfit.LEFT_OUT).keys())
                    .as(key)
                    .hasSize(1);
            assertThatThrownBy(() -> KeySet.ofJwks(set(jwk, key), KeySet.Unfit.REFUSED))
                    .as(key)
                    .isInstanceOf(KeyFault.class)
                    .hasMessageStartingWith("key 1: ");
        }
    }

    @Test
    void ofJwks_pointOffTheCurve_isNoKey() {
        String jwk = EC.jwk();
        int y = jwk.indexOf("\"y\":\"") + 5;
        String off = jwk.substring(0, y) + (jwk.charAt(y) == 'A' ? 'B' : 'A') + jwk.substring(y + 1);
        assertThatThrownBy(() -> KeySet.ofJwks(set(off), KeySet.Unfit.REFUSED)).isInstanceOf(KeyFault.class);
        String zero = "A".repeat(43);
        assertThatThrownBy(() -> KeySet.ofJwks(
                        set("{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" + zero + "\",\"y\":\"" + zero + "\"}"),
                        KeySet.Unfit.REFUSED))
                .isInstanceOf(KeyFault.class);
    }

    @Test
    void of_shortRsa_isRefused() {
        KeyPair small = TestAuthority.rsa(1024);
        assertThatThrownBy(() -> TokenKey.of("", small.getPublic(), null))
                .isInstanceOf(KeyFault.class)
                .hasMessageContaining("1024");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{}",
                "{\"keys\":{}}",
                "{\"keys\":[],\"keys\":[]}",
                "{\"keys\":[]}x",
                "{\"keys\":[{\"kty\":\"EC\",\"kty\":\"EC\"}]}"
            })
    void ofJwks_whatIsNone_isRefused(String text) {
        assertThatThrownBy(() -> KeySet.ofJwks(text, KeySet.Unfit.LEFT_OUT)).isInstanceOf(KeyFault.class);
    }

    @Test
    void ofJwks_tooMany_isRefused() {
        String[] many = new String[KeySet.KEYS_MAX + 1];
        java.util.Arrays.fill(many, EC.jwk());
        assertThatThrownBy(() -> KeySet.ofJwks(set(many), KeySet.Unfit.LEFT_OUT))
                .hasMessageContaining("65 keys");
    }

    @Test
    void ofPem_keysAndCertificates_areRead() throws KeyFault {
        TestAuthority.Issued issued = TestAuthority.root("root").rsaFor("a.example.com");
        String pem = TestAuthority.pem("PUBLIC KEY", EC.keys().getPublic().getEncoded())
                + issued.chainPem()
                + TestAuthority.pem(
                        "PUBLIC KEY", TestAuthority.ed25519().getPublic().getEncoded());
        assertThat(KeySet.ofPem(pem).keys())
                .extracting(TokenKey::family)
                .containsExactly(KeyFamily.P256, KeyFamily.RSA, KeyFamily.ED25519);
        for (String wrong :
                List.of("", "x", pem + "x", issued.keyPem(), pem.replace("END CERTIFICATE", "END PUBLIC KEY"))) {
            assertThatThrownBy(() -> KeySet.ofPem(wrong)).isInstanceOf(KeyFault.class);
        }
    }

    @Test
    void ofSecret_short_isRefusedAndNeverShown() throws KeyFault {
        assertThatThrownBy(() -> KeySet.ofSecret("x".repeat(31)))
                .isInstanceOf(KeyFault.class)
                .hasMessageNotContaining("xxx");
        assertThat(KeySet.ofSecret("s3cret-".repeat(8)).toString()).doesNotContain("s3cret");
    }
}
