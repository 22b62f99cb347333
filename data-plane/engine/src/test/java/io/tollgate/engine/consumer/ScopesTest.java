package io.tollgate.engine.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ScopesTest {
    @Test
    void of_wordsInAnyOrder_isTheSameSet() {
        Scopes scopes = Scopes.of(List.of("write", "read", "write"));
        assertThat(scopes).isEqualTo(Scopes.of(List.of("read", "write"))).hasToString("read write");
        assertThat(scopes.list()).containsExactly("read", "write");
        assertThat(scopes.contains("read")).isTrue();
        assertThat(scopes.contains("rea")).isFalse();
        assertThat(scopes.contains("")).isFalse();
        assertThat(Scopes.of(List.of())).isSameAs(Scopes.NONE);
    }

    @Test
    void isToken_everyCharacter_asTheRfcSays() {
        for (char c = 0; c < 0x100; c++) {
            boolean expected = c == 0x21 || (c >= 0x23 && c <= 0x5b) || (c >= 0x5d && c <= 0x7e);
            assertThat(Scopes.isToken("a" + c)).as("character %d", (int) c).isEqualTo(expected);
        }
        assertThat(Scopes.isToken("")).isFalse();
        assertThat(Scopes.isToken("x".repeat(Scopes.CHARACTERS_MAX))).isTrue();
        assertThat(Scopes.isToken("x".repeat(Scopes.CHARACTERS_MAX + 1))).isFalse();
    }

    @Test
    void of_whatIsNoToken_orTooMany_isRefused() {
        assertThatThrownBy(() -> Scopes.of(List.of("a b"))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Scopes.of(IntStream.rangeClosed(0, Scopes.COUNT_MAX)
                        .mapToObj(Integer::toString)
                        .toList()))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
