package io.tollgate.engine.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClaimPathTest {
    private static final Map<String, @Nullable Object> CLAIMS = Objects.requireNonNull(
            StrictJson.object("{\"a.b\":1,\"https://x/y\":2,\"o\":{\"a/b\":[3,{\"m~n\":4}],\"\":5},\"z\":null}"));

    @ParameterizedTest
    @CsvSource({
        "a.b, 1",
        "https://x/y, 2",
        "/o/a~1b/0, 3",
        "/o/a~1b/1/m~0n, 4",
        "/o/, 5",
        "/o/a~1b/2,",
        "/o/a~1b/01,",
        "/o/a~1b/-,",
        "z,",
        "/z/a,",
        "o.a,",
        "/a.b/c,"
    })
    void find_namesAndPointers(String text, @Nullable Long expected) {
        assertThat(ClaimPath.isPath(text)).isTrue();
        assertThat(ClaimPath.of(text).find(CLAIMS)).isEqualTo(expected);
    }

    @Test
    void isPath_whatCannotBeOne_isNot() {
        assertThat(ClaimPath.isPath("")).isFalse();
        assertThat(ClaimPath.isPath("x".repeat(257))).isFalse();
        assertThat(ClaimPath.isPath("/a~2")).isFalse();
        assertThat(ClaimPath.isPath("/a~")).isFalse();
        assertThat(ClaimPath.isPath("a~")).isTrue();
    }
}
