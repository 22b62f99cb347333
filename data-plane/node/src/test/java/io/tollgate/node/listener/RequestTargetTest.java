package io.tollgate.node.listener;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestTargetTest {
    private final RequestTarget target = new RequestTarget();

    @ParameterizedTest
    @CsvSource({
        "/, /",
        "/a, /a",
        "/a/, /a/",
        "/a//b, /a/b",
        "//a, /a",
        "///, /",
        "/a/./b, /a/b",
        "/a/../b, /b",
        "/a/b/.., /a/",
        "/a/.., /",
        "/a/., /a/",
        "/a/../, /",
        "/.hidden, /.hidden",
        "/a/..b, /a/..b",
        "/%41%7e%2d, /A~-",
        "/a%2eb, /a.b",
        "/a/%2e%2e/b, /b",
        "/caf%c3%a9, /caf%C3%A9",
        "/a%20b, /a%20b",
        "/a%3Bb;c=d, /a%3Bb;c=d",
        "/a:b@c!$&'()*+=, /a:b@c!$&'()*+="
    })
    void read_valid_isNormalised(String text, String path) {
        assertThat(target.read(text)).isTrue();
        assertThat(target.path()).isEqualTo(path);
        assertThat(target.query()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a",
                "*",
                "http://a/",
                "/a#b",
                "/a\\b",
                "/a%5cb",
                "/a%2fb",
                "/a%2Fb",
                "/%00",
                "/%1f",
                "/%7F",
                "/%",
                "/%4",
                "/%zz",
                "/..",
                "/../a",
                "/a/../..",
                "/a/../../b",
                "/%2e%2e",
                "/a/..;/b",
                "/a/.;x/b",
                "/a b",
                "/a\u0001",
                "/caf\u00e9",
                "/a|b",
                "/a?b#c",
                "/a?b\u00e9",
                "/a?b c"
            })
    void read_ambiguous_isRefused(String text) {
        assertThat(target.read(text)).isFalse();
    }

    @Test
    void read_query_staysByteForByte() {
        assertThat(target.read("/a%2e?b=%2f%zz//../&c={d}|e")).isTrue();
        assertThat(target.path()).isEqualTo("/a.");
        assertThat(target.query()).isEqualTo("b=%2f%zz//../&c={d}|e");
    }

    @Test
    void read_anyNormalPath_isItsOwnNormalForm() {
        long seed = new Random().nextLong();
        System.out.println("RequestTargetTest seed " + seed);
        Random random = new Random(seed);
        String[] parts = {"/", "/", ".", "..", "a", "B", "%2e", "%41", "%20", ";", "%2F", "~"};
        int taken = 0;
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder("/");
            int count = random.nextInt(8);
            for (int j = 0; j < count; j++) {
                text.append(parts[random.nextInt(parts.length)]);
            }
            if (target.read(text.toString())) {
                taken++;
                String path = target.path();
                assertThat(path).as("seed %s, %s", seed, text).startsWith("/").doesNotContain("//", "/./", "/../");
                assertThat(target.read(path)).as("seed %s, %s", seed, text).isTrue();
                assertThat(target.path()).as("seed %s, %s", seed, text).isEqualTo(path);
            }
        }
        assertThat(taken).isPositive();
    }
}
