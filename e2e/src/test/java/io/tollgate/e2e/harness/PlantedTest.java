package io.tollgate.e2e.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlantedTest {
    private static final String SECRET = "s3cret/with+marks?and=more";

    private static Planted looked(byte[] output) {
        Planted planted = new Planted().add("secret", SECRET);
        planted.look("here", output);
        return planted;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "ab", "abc", "abcd"})
    void look_inBase64OfSomethingLonger_finds(String before) {
        byte[] whole = ascii(before + SECRET + before + "x");
        for (Base64.Encoder encoder : new Base64.Encoder[] {
            Base64.getEncoder(), Base64.getUrlEncoder(), Base64.getMimeEncoder(20, ascii("\n"))
        }) {
            assertThat(looked(encoder.encode(whole)).found()).containsExactly("secret in here");
        }
        assertThat(looked(whole).found()).hasSize(1);
        assertThat(looked(ascii("\\x" + HexFormat.of().formatHex(whole))).found())
                .hasSize(1);
    }

    @Test
    void look_percentEncoded_finds() {
        assertThat(looked(ascii("?a=s3cret%2Fwith%2Bmarks%3Fand%3Dmore&b")).found())
                .hasSize(1);
    }

    @Test
    void look_elsewhere_findsNothing() {
        assertThat(looked(ascii("s3cret/with+marks?and=less "
                                + Base64.getEncoder().encodeToString(ascii("s3cret"))))
                        .found())
                .isEmpty();
    }
}
