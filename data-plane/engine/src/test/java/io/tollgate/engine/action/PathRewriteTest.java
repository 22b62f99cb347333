package io.tollgate.engine.action;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.engine.fixture.Facts;
import io.tollgate.engine.template.Template;
import io.tollgate.engine.template.TemplateEscape;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PathRewriteTest {
    @ParameterizedTest
    @ValueSource(strings = {"..", ".", "", "a/b", "a\\b", "a\u0000", "a\r\nb", "..;x"})
    void replaceFull_valueThatCouldBeReadInTwoWays_isRefused(String value) {
        assertThat(full("/files/{request.query.f}/x", new Facts().queryParameter("f", value)))
                .isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {".", "..", "/a//b", "%2e%2E", ".%2e;x"})
    void replaceFull_partOfAnExpression_isJudgedToo(String part) {
        assertThat(full("/v2/{rest}", new Facts().parameter("rest", part))).isNull();
    }

    @Test
    void replaceFull_plainValues_areEncodedOnce() {
        assertThat(full(
                        "/v2/{id}/{request.query.f}",
                        new Facts().parameter("id", "%20a").queryParameter("f", "a b?%")))
                .isEqualTo("/v2/%20a/a%20b%3F%25");
        assertThat(full("/v2/...", new Facts())).isEqualTo("/v2/...");
    }

    private static @Nullable String full(String template, Facts facts) {
        return new PathRewrite.ReplaceFull(Template.of(template, TemplateEscape.PATH)).rewrite("/x", 2, facts);
    }
}
