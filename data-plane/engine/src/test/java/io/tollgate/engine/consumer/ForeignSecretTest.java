package io.tollgate.engine.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ForeignSecretTest {
    @ParameterizedTest
    @CsvSource({
        // Digits, hexadecimal, hexadecimal in both cases, lower, lower and digits, all.
        "1234567890123456, 53, false",
        "0123456789abcdef0123, 80, true",
        "0123456789ABCDEFABCD, 80, true",
        "0123456789abcdefABCD, 119, true",
        "abcdefghijklmnopqr, 84, true",
        "abcdefghijklmnop, 75, false",
        "abcdefghijklmno1, 82, true",
        "aB3$efghijklmno1, 104, true",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, 128, false"
    })
    void bits_ofAText_areThoseOfItsLengthAndAlphabet(String text, int bits, boolean strong) {
        assertThat(ForeignSecret.bits(text)).isEqualTo(bits);
        assertThat(ForeignSecret.isStrong(text)).isEqualTo(strong);
        assertThat(ForeignSecret.isPossible(text)).isTrue();
    }

    @Test
    void isPossible_bounds_areLengthAndPrintableCharacters() {
        assertThat(ForeignSecret.isPossible("x".repeat(15))).isFalse();
        assertThat(ForeignSecret.isPossible("x".repeat(16))).isTrue();
        assertThat(ForeignSecret.isPossible("x".repeat(256))).isTrue();
        assertThat(ForeignSecret.isPossible("x".repeat(257))).isFalse();
        for (char c = 0; c < 0x200; c++) {
            assertThat(ForeignSecret.isPossible("x".repeat(15) + c)).isEqualTo(c > 0x20 && c < 0x7f);
        }
    }

    @Test
    void foreignDigest_ofATextAndOfItsSha256_isTheSame_andNoneOfAnIssuedKey() throws NoSuchAlgorithmException {
        KeyHasher hasher = new KeyHasher(new byte[] {1, 2, 3});
        String text = "f3a91c07be254d8895aa0c6f1e7b42d0";
        byte[] sha256 = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII));
        byte[] ofText = hasher.foreignDigest(text).clone();
        assertThat(hasher.foreignDigest(sha256)).isEqualTo(ofText);
        assertThat(hasher.digest(text)).isNotEqualTo(ofText);
    }
}
