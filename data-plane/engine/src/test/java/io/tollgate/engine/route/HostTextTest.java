package io.tollgate.engine.route;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostTextTest {
    @ParameterizedTest
    @CsvSource({
        "api.example.com, api.example.com",
        "API.example.COM:8080, api.example.com",
        "example.com., example.com",
        "127.0.0.1:80, 127.0.0.1",
        "[::1]:8080, [::1]",
        "[2001:DB8::1], [2001:db8::1]",
        "my_host, my_host"
    })
    void parse_valid_isTheHostAlone(String field, String host) {
        assertThat(HostText.parse(field)).isEqualTo(host);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "a/b", "a:b", "a:123456", "user@a", "[::1", "[]", "[x]", ":80", "a\"b", "caf\u00e9"})
    void parse_invalid_isNull(String field) {
        assertThat(HostText.parse(field)).isNull();
    }

    @Test
    void parse_empty_isEmpty() {
        assertThat(HostText.parse("")).isEmpty();
    }
}
