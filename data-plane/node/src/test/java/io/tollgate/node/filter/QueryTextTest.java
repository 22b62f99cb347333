package io.tollgate.node.filter;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QueryTextTest {
    @ParameterizedTest
    @CsvSource({
        "key=a, ''",
        "key, ''",
        "key=a&b=1, b=1",
        "b=1&key=a, b=1",
        "b=1&key=a&c=2, b=1&c=2",
        "key=a&b=1&key=c, b=1",
        "b=1&k%65y=a, b=1",
        "keys=a&akey=b, keys=a&akey=b",
        "b=key, b=key",
        "b=1&&c, b=1&&c"
    })
    void without_names_keepsTheRestByteForByte(String query, String rest) {
        assertThat(QueryText.without(query, List.of("key"))).isEqualTo(rest);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {"key=a, a", "b=1&key=a%62%zz, ab%zz", "key, ''", "key=, ''", "b=1, -", "k%65y=a, a", "b=key=2, -"})
    void valueOf_name_isDecoded(String query, String value) {
        assertThat(QueryText.valueOf(query, "key")).isEqualTo(value);
    }
}
