package io.tollgate.engine.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MediaTypesTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "application/json          | application/json                 | true",
                "application/json          | Application/JSON; charset=utf-8  | true",
                "application/json          | application/json-seq             | false",
                "Text/*                    | text/html                        | true",
                "text/*                    | textual/html                     | false",
                "text/*                    | text/                            | false",
                "application/*+json        | application/problem+json         | true",
                "application/*+json        | application/+json                | false",
                "application/*+json        | application/json                 | false",
                "text/*                    | text/event-stream                | false",
                "text/event-stream         | text/event-stream;charset=utf-8  | true",
                "application/*             | application/grpc                 | false",
                "application/grpc+json     | application/grpc+json            | false"
            })
    void contain_type_isTakenByItsPattern(String pattern, String type, boolean taken) {
        assertThat(MediaTypes.isPattern(pattern)).isTrue();
        assertThat(MediaTypes.of(List.of(pattern)).contain(type)).isEqualTo(taken);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "text", "text/", "/html", "*/*", "*/json", "text/*x", "text/h*", "text/*+", "a b/c"})
    void isPattern_anythingElse_isRefused(String text) {
        assertThat(MediaTypes.isPattern(text)).isFalse();
    }
}
