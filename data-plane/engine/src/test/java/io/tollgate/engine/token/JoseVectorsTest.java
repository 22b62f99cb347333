package io.tollgate.engine.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The examples of the standards. */
class JoseVectorsTest {
    // RFC 7515, A.1.1 and RFC 7519, 3.1.
    private static final String CLAIMS =
            "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
    private static final long BEFORE_MILLIS = 1_300_819_379_000L;

    private static final String SECRET =
            "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow";
    private static final String HS256 =
            "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9." + CLAIMS + ".dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

    private static final String RSA =
            "{\"kty\":\"RSA\",\"n\":\"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddx"
                    + "HmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63"
                    + "kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-"
                    + "DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ\",\"e\":\"AQAB\"}";
    private static final String RS256 = "eyJhbGciOiJSUzI1NiJ9." + CLAIMS
            + ".cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CU"
            + "Ar7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--x"
            + "i12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypG"
            + "lUPQGe77Rw";

    private static final String EC =
            "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\","
                    + "\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"}";
    private static final String ES256 = "eyJhbGciOiJFUzI1NiJ9." + CLAIMS
            + ".DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";

    private static final String OKP =
            "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}";

    private static KeySet jwks(String key) throws KeyFault {
        return KeySet.ofJwks("{\"keys\":[" + key + "]}", KeySet.Unfit.REFUSED);
    }

    private static TokenVerdict judge(String token, KeySet keys, long nowMillis) {
        return TokenJudge.judge(Objects.requireNonNull(ParsedToken.read(token)), Issuers.takingAll(), keys, nowMillis);
    }

    private static void assertHolds(String token, KeySet keys) {
        assertThat(judge(token, keys, BEFORE_MILLIS)).isInstanceOf(TokenVerdict.Valid.class);
        assertThat(judge(token, keys, BEFORE_MILLIS + 1_000)).isEqualTo(new TokenVerdict.Refused(TokenFault.EXPIRED));
        int last = token.lastIndexOf('.') + 8;
        String changed = token.substring(0, last) + (token.charAt(last) == 'A' ? 'B' : 'A') + token.substring(last + 1);
        assertThat(judge(changed, keys, BEFORE_MILLIS)).isEqualTo(new TokenVerdict.Refused(TokenFault.INVALID));
    }

    @Test
    void rfc7515_a1_hs256_holds() throws KeyFault {
        assertHolds(
                HS256,
                new KeySet(java.util.List.of(
                        TokenKey.ofSecret(Base64.getUrlDecoder().decode(SECRET)))));
    }

    @Test
    void rfc7515_a2_rs256_holds() throws KeyFault {
        assertHolds(RS256, jwks(RSA));
    }

    @Test
    void rfc7515_a3_es256_holds() throws KeyFault {
        assertHolds(ES256, jwks(EC));
    }

    @Test
    void rfc7515_a5_unsecured_isNoToken() {
        assertThat(ParsedToken.read("eyJhbGciOiJub25lIn0." + CLAIMS + ".")).isNull();
    }

    @Test
    void rfc7519_a1_encrypted_isNoToken() {
        assertThat(ParsedToken.read(
                        "eyJhbGciOiJSU0ExXzUiLCJlbmMiOiJBMTI4Q0JDLUhTMjU2In0.QR1Owv2ug2WyPBnbQrRARTeEk9kDO2w8"
                                + ".AxY8DCtDaGlsbGljb3RoZQ.MKOle7UQrG6nSxTLX6Mqwt0orbHvAKeWnDYvpIAeZ72deHxz3roJDXQyhxx0wKaM."
                                + "fiK51VwhsxJ-siBMR-YFiA"))
                .isNull();
    }

    @Test
    void rfc7797_unencodedPayload_isNotUnderstood() {
        // {"alg":"HS256","b64":false,"crit":["b64"]}
        String header = "eyJhbGciOiJIUzI1NiIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19";
        String signature = "A5dxf2s96_n5FLueVuW1Z_vh161FwXZC4YLPff6dmDY";
        assertThat(ParsedToken.read(header + ".." + signature)).isNull();
        assertThat(ParsedToken.read(header + "." + CLAIMS + "." + signature)).isNull();
    }

    @Test
    void rfc8037_a4_ed25519_verifies() throws KeyFault {
        String signed = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
        String signature = "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
        TokenKey key = jwks(OKP).keys().get(0);

        assertThat(key.verifies(new ParsedToken("EdDSA", "", "", Map.of(), signed, signature), TokenAlgorithm.EDDSA))
                .isTrue();
        assertThat(key.verifies(
                        new ParsedToken("EdDSA", "", "", Map.of(), signed + "A", signature), TokenAlgorithm.EDDSA))
                .isFalse();
        // The example's text is no claims.
        assertThat(ParsedToken.read(signed + "." + signature)).isNull();
    }
}
