package io.tollgate.engine.signature;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.engine.token.KeyFault;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The requests of RFC 9421, appendix B.2, with the keys of B.1. */
class SignatureVectorsTest {
    private static final String RSA_PSS = """
            -----BEGIN PUBLIC KEY-----
            MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAr4tmm3r20Wd/PbqvP1s2
            +QEtvpuRaV8Yq40gjUR8y2Rjxa6dpG2GXHbPfvMs8ct+Lh1GH45x28Rw3Ry53mm+
            oAXjyQ86OnDkZ5N8lYbggD4O3w6M6pAvLkhk95AndTrifbIFPNU8PPMO7OyrFAHq
            gDsznjPFmTOtCEcN2Z1FpWgchwuYLPL+Wokqltd11nqqzi+bJ9cvSKADYdUAAN5W
            Utzdpiy6LbTgSxP7ociU4Tn0g5I6aDZJ7A8Lzo0KSyZYoA485mqcO0GVAdVw9lq4
            aOT9v6d+nb4bnNkQVklLQ3fVAvJm+xdDOp9LCNCN48V2pnDOkFV6+U9nV5oyc6XI
            2wIDAQAB
            -----END PUBLIC KEY-----
            """;
    private static final String ED25519 = """
            -----BEGIN PUBLIC KEY-----
            MCowBQYDK2VwAyEAJrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=
            -----END PUBLIC KEY-----
            """;
    private static final String ED25519_JWK = """
            {"kty": "OKP", "crv": "Ed25519", "x": "JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs"}""";
    private static final String SECRET =
            "uzvJfB4u3N0Jy4T7NZ75MDVcr8zSTInedJtkgcu46YW4XByzNJjxBdtjUkdJPBtbmHhIDi6pcl8jsasjlTMtDQ==";

    private static final String B21 = "sig-b21=:d2pmTvmbncD3xQm8E9ZV2828BjQWGgiwAaw5bAkgibUopemLJcWDy/lkbbHAve4c"
            + "RAtx31Iq786U7it++wgGxbtRxf8Udx7zFZsckzXaJMkA7ChG52eSkFxykJeNqsrWH5S+oxNFlD4dzVuwe8DhTSja8xxbR/Z2cOGd"
            + "CbzR72rgFWhzx2VjBqJzsPLMIQKhO4DGezXehhWwE56YCE+O6c0mKZsfxVrogUvA4HELjVKWmAvtl6UnCh8jYzuVG5WSb/QEVPnP"
            + "5TmcAnLH1g+s++v6d4s8m0gCw1fV5/SITLq9mhho8K3+7EPYTU8IU1bLhdxO5Nyt8C8ssinQ98Xw9Q==:";
    private static final String B22 = "sig-b22=:LjbtqUbfmvjj5C5kr1Ugj4PmLYvx9wVjZvD9GsTT4F7GrcQEdJzgI9qHxICagShL"
            + "RiLMlAJjtq6N4CDfKtjvuJyE5qH7KT8UCMkSowOB4+ECxCmT8rtAmj/0PIXxi0A0nxKyB09RNrCQibbUjsLS/2YyFYXEu4TRJQzR"
            + "w1rLEuEfY17SARYhpTlaqwZVtR8NV7+4UKkjqpcAoFqWFQh62s7Cl+H2fjBSpqfZUJcsIk4N6wiKYd4je2U/lankenQ99PZfB4jY"
            + "3I5rSV2DSBVkSFsURIjYErOs0tFTQosMTAoxk//0RoKUqiYY8Bh0aaUEb0rQl3/XaVe4bXTugEjHSw==:";
    private static final String B23 = "sig-b23=:bbN8oArOxYoyylQQUU6QYwrTuaxLwjAC9fbY2F6SVWvh0yBiMIRGOnMYwZ/5MR6f"
            + "b0Kh1rIRASVxFkeGt683+qRpRRU5p2voTp768ZrCUb38K0fUxN0O0iC59DzYx8DFll5GmydPxSmme9v6ULbMFkl+V5B1TP/yPViV"
            + "7KsLNmvKiLJH1pFkh/aYA2HXXZzNBXmIkoQoLd7YfW91kE9o/CCoC1xMy7JA1ipwvKvfrs65ldmlu9bpG6A9BmzhuzF8Eim5f8ui"
            + "9eH8LZH896+QIF61ka39VBrohr9iyMUJpvRX2Zbhl5ZJzSRxpJyoEZAFL2FUo5fTIztsDZKEgM4cUA==:";
    private static final String B25 = "sig-b25=:pxcQw6G3AjtMBQjwo8XzkZf/bws5LelbaMk5rGIGtE8=:";
    private static final String B26 =
            "sig-b26=:wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==:";

    private static void assertHolds(String input, String signature, SignatureKey key) {
        List<PresentedSignature> read = PresentedSignature.read(input, signature);
        assertThat(read).as(input).hasSize(1);
        PresentedSignature one = read.get(0);
        byte[] base = one.base(Sent.request());
        assertThat(base).isNotNull();
        assertThat(key.verifies(base, one.signature()))
                .as(new String(base, StandardCharsets.ISO_8859_1))
                .isTrue();
        base[0] ^= 1;
        assertThat(key.verifies(base, one.signature())).isFalse();
    }

    @Test
    void b21_minimal_rsaPss() throws KeyFault {
        assertHolds(
                "sig-b21=();created=1618884473;keyid=\"test-key-rsa-pss\";nonce=\"b3k2pp5k7z-50gnwp.yemd\"",
                B21,
                SignatureKey.of(SignatureAlgorithm.RSA_PSS_SHA512, RSA_PSS));
    }

    @Test
    void b22_selective_rsaPss_withAQueryParameterAndATag() throws KeyFault {
        assertHolds(
                "sig-b22=(\"@authority\" \"content-digest\" \"@query-param\";name=\"Pet\")"
                        + ";created=1618884473;keyid=\"test-key-rsa-pss\";tag=\"header-example\"",
                B22,
                SignatureKey.of(SignatureAlgorithm.RSA_PSS_SHA512, RSA_PSS));
    }

    @Test
    void b23_full_rsaPss() throws KeyFault {
        assertHolds(
                "sig-b23=(\"date\" \"@method\" \"@path\" \"@query\" \"@authority\" \"content-type\" \"content-digest\""
                        + " \"content-length\");created=1618884473;keyid=\"test-key-rsa-pss\"",
                B23,
                SignatureKey.of(SignatureAlgorithm.RSA_PSS_SHA512, RSA_PSS));
    }

    @Test
    void b25_hmac() throws KeyFault {
        String input =
                "sig-b25=(\"date\" \"@authority\" \"content-type\");created=1618884473;keyid=\"test-shared-secret\"";
        SignatureKey key = SignatureKey.ofSecret(Base64.getDecoder().decode(SECRET));
        assertHolds(input, B25, key);
        List<PresentedSignature> read = PresentedSignature.read(input, B25);
        assertThat(read).isNotNull();
        assertThat(new String(read.get(0).base(Sent.request()), StandardCharsets.US_ASCII))
                .isEqualTo("""
                "date": Tue, 20 Apr 2021 02:07:55 GMT
                "@authority": example.com
                "content-type": application/json
                "@signature-params": ("date" "@authority" "content-type");created=1618884473;keyid="test-shared-secret\"""");
    }

    @Test
    void b26_ed25519_byPemAndJwk() throws KeyFault {
        for (String key : List.of(ED25519, ED25519_JWK)) {
            assertHolds(
                    "sig-b26=(\"date\" \"@method\" \"@path\" \"@authority\" \"content-type\" \"content-length\")"
                            + ";created=1618884473;keyid=\"test-key-ed25519\"",
                    B26,
                    SignatureKey.of(SignatureAlgorithm.ED25519, key));
        }
    }

    /** Those of the body and the examples of 2.2. */
    @Test
    void contentDigest_andDerivedComponents() {
        ContentDigest digest = ContentDigest.read(Sent.request().fields("content-digest"));
        assertThat(digest).isNotNull();
        java.security.MessageDigest body = digest.begin();
        body.update("{\"hello\": \"world\"}".getBytes(StandardCharsets.US_ASCII));
        assertThat(digest.isOf(body)).isTrue();

        Sent sent = Sent.request()
                .to("/parameters?var=this%20is%20a%20big%0Amultiline%20value&bar=with+plus+whitespace"
                        + "&fa%C3%A7ade%22%3A%20=something");
        assertThat(new Component("@query-param", "var").value(sent))
                .isEqualTo("this%20is%20a%20big%0Amultiline%20value");
        assertThat(new Component("@query-param", "bar").value(sent)).isEqualTo("with%20plus%20whitespace");
        assertThat(new Component("@query-param", "fa%C3%A7ade%22%3A%20").value(sent))
                .isEqualTo("something");
        assertThat(new Component("@query-param", "none").value(sent)).isNull();
        assertThat(new Component("@query-param", "a").value(sent.to("/?a=1&a=2")))
                .isNull();
        assertThat(new Component("@target-uri", "").value(Sent.request()))
                .isEqualTo("https://example.com/foo?param=Value&Pet=dog");
        assertThat(new Component("@request-target", "").value(Sent.request())).isEqualTo("/foo?param=Value&Pet=dog");
        assertThat(new Component("@scheme", "").value(Sent.request())).isEqualTo("https");
        assertThat(new Component("@query", "").value(Sent.request().to("/a"))).isEqualTo("?");
        assertThat(new Component("@path", "").value(Sent.request().to("http://example.com?x")))
                .isEqualTo("/");
        assertThat(new Component("@path", "").value(Sent.request().to("http://example.com/a/b?x")))
                .isEqualTo("/a/b");
        assertThat(new Component("x-several", "")
                        .value(Sent.request().with("x-several", " a ").with("x-several", "b")))
                .isEqualTo("a, b");
        assertThat(new Component("x-empty", "").value(Sent.request().with("x-empty", "")))
                .isEmpty();
    }
}
