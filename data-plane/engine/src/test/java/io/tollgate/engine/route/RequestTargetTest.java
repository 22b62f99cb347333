package io.tollgate.engine.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.engine.fixture.Seed;
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
        assertThat(target.read(text, DuplicateSlashes.MERGE)).isTrue();
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
        assertThat(target.read(text, DuplicateSlashes.MERGE)).isFalse();
    }

    @Test
    void read_query_staysByteForByte() {
        assertThat(target.read("/a%2e?b=%2f%0a//../&c={d}|e", DuplicateSlashes.MERGE))
                .isTrue();
        assertThat(target.path()).isEqualTo("/a.");
        assertThat(target.query()).isEqualTo("b=%2f%0a//../&c={d}|e");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a?b=%", "/a?b=%4", "/a?%zz", "/a?b=c%g0d", "/a?b=%00", "/a?b%00=c", "/a?b=%2", "/?%"})
    void read_queryThatMayEndOrMeanSomethingElse_isRefused(String text) {
        assertThat(target.read(text, DuplicateSlashes.MERGE)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "//, //",
        "/a//b, /a//b",
        "//a//, //a//",
        "/a//../b, /a/b",
        "/a/..//b, //b",
        "/a/.//b, /a//b",
        "/a//., /a//",
        "/%61//b, /a//b"
    })
    void read_keptSlashes_areSegments(String text, String path) {
        assertThat(target.read(text, DuplicateSlashes.KEEP)).isTrue();
        assertThat(target.path()).isEqualTo(path);
    }

    @ParameterizedTest
    @ValueSource(strings = {"//", "/a//b", "/a//", "//a", "/a/.//b", "/%61//b"})
    void read_refusedSlashes_isRefused(String text) {
        assertThat(target.read(text, DuplicateSlashes.REFUSE)).isFalse();
        assertThat(target.read("/a/b/?c=//", DuplicateSlashes.REFUSE)).isTrue();
    }

    @Test
    void read_anyTarget_isItsOwnNormalForm() {
        Random random = Seed.random(RequestTargetTest.class);
        String[] parts = {
            "/", "/", "/", ".", "..", "a", "B", "%2e", "%41", "%20", ";", "%2F", "%00", "%zz", "~", "?", "=%0A"
        };
        for (DuplicateSlashes slashes : DuplicateSlashes.values()) {
            int taken = 0;
            for (int i = 0; i < 20_000; i++) {
                StringBuilder text = new StringBuilder("/");
                int count = random.nextInt(9);
                for (int j = 0; j < count; j++) {
                    text.append(parts[random.nextInt(parts.length)]);
                }
                if (target.read(text.toString(), slashes)) {
                    taken++;
                    assertIsItsOwnNormalForm(text.toString(), slashes);
                }
            }
            assertThat(taken).as("targets taken with %s", slashes).isGreaterThan(1_000);
        }
    }

    private void assertIsItsOwnNormalForm(String text, DuplicateSlashes slashes) {
        String path = target.path();
        String query = target.query();
        boolean hasQuery = target.hasQuery();
        assertThat(path).as(text).startsWith("/").doesNotContain("/./", "/../", "%2F", "%00", "?");
        assertThat(path).as(text).matches(slashes == DuplicateSlashes.KEEP ? ".*" : "(?!.*//).*");
        assertThat(text).endsWith(hasQuery ? "?" + query : "");
        assertThat(target.read(hasQuery ? path + "?" + query : path, slashes))
                .as(text)
                .isTrue();
        assertThat(target.path()).as(text).isEqualTo(path);
        assertThat(target.query()).as(text).isEqualTo(query);
        assertThat(target.hasQuery()).as(text).isEqualTo(hasQuery);
    }
}
