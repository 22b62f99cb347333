package io.tollgate.node.dial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JoinTokenTest {
    private static final String SECRET = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNO-_";
    private static final String TEXT = "tgj1.0123456789abcdeffedcba9876543210." + SECRET + "." + "0f".repeat(32);

    @Test
    void parse_whole_hasItsParts() {
        JoinToken token = JoinToken.parse(TEXT);

        assertThat(token.id()).isEqualTo(UUID.fromString("01234567-89ab-cdef-fedc-ba9876543210"));
        assertThat(token.secret()).isEqualTo(SECRET);
        assertThat(token.fingerprint()).isEqualTo("0f".repeat(32));
        assertThat(token).hasToString("JoinToken[01234567-89ab-cdef-fedc-ba9876543210]");
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 20, 37, 60, 81, 100, 145})
    void parse_cutShort_isRefusedWithoutItsText(int length) {
        String cut = TEXT.substring(0, length);

        assertThatThrownBy(() -> JoinToken.parse(cut))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(length + " characters")
                .hasMessageNotContaining(cut);
    }
}
