package io.tollgate.node.coding;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.engine.policy.ContentCoding;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AcceptedCodingTest {
    private static final List<ContentCoding> OFFERED =
            List.of(ContentCoding.ZSTD, ContentCoding.BR, ContentCoding.GZIP);

    private static String choose(boolean worthIt, String... fields) {
        ContentCoding chosen = AcceptedCoding.choose(List.of(fields), OFFERED, worthIt);
        return chosen == null ? "identity" : chosen.token();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gzip, br, zstd                     | zstd",
                "gzip;q=1.0, br;q=0.8               | gzip",
                "GZIP                               | gzip",
                "x-gzip                             | gzip",
                "gzip ; Q=0.5 , br;q=0.501          | br",
                "deflate, compress                  | identity",
                "''                                 | identity",
                "*                                  | zstd",
                "*;q=0.1, zstd;q=0, br;q=0          | gzip",
                "gzip;q=0, *;q=0                    | identity",
                "identity, gzip;q=0.5               | identity",
                "identity, gzip                     | gzip",
                "identity;q=0.2, gzip;q=0.5         | gzip",
                "identity;q=0                       | identity",
                "gzip;q=0.000                       | identity",
                "gzip;q=1.001                       | identity",
                "gzip;q=2, br;q=x, zstd;q=-1        | identity",
                "gzip;q=0.1234                      | identity",
                "gzip;level=9                       | identity",
                ",, gzip ,                          | gzip"
            })
    void choose_field_isWeighed(String field, String chosen) {
        assertThat(choose(true, field)).isEqualTo(chosen);
    }

    @Test
    void choose_noField_isIdentity() {
        assertThat(choose(true)).isEqualTo("identity");
    }

    @Test
    void choose_severalFields_areOneList() {
        assertThat(choose(true, "gzip;q=0.4", "br;q=0.6")).isEqualTo("br");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gzip                          | identity",
                "gzip, identity;q=0            | gzip",
                "gzip, *;q=0                   | gzip",
                "gzip, identity;q=0.1, *;q=0   | identity"
            })
    void choose_bodyNotWorthIt_isCodedOnlyWhereIdentityIsRefused(String field, String chosen) {
        assertThat(choose(false, field)).isEqualTo(chosen);
    }
}
