package io.tollgate.engine.compile;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.PatternSyntaxException;
import io.tollgate.engine.fixture.RandomRegex;
import io.tollgate.engine.fixture.Seed;
import io.tollgate.engine.route.WholeRegex;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegexTextTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v[0-9]+/(?P<id>[a-z0-9-]{1,64})",
                "/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
                "/((en|de|fr)/)?docs/[^/]+\\.(html|pdf)",
                "/\\Qa{1000}{1000}\\E"
            })
    void wrongPath_useful_isFine(String text) {
        assertThat(RegexText.wrongPath(text)).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/(((a{100}){100}){100})",
                "/((a{0,50}){0,50}){0,50}",
                "/(?:(?:\\pL{1000}){1000}){1000}",
                "/([]{]{900}){900}",
                "/(\\x{61}{1000}){1000}"
            })
    void wrongPath_repeatedRepetitions_areRefusedUncompiled(String text) {
        assertThat(RegexText.roughProgram(text)).isGreaterThan(20_000);
        assertThat(RegexText.wrongPath(text)).contains("fewer counted repetitions");
    }

    @Test
    void roughProgram_randomTexts_isNeverTooLow() {
        Random random = Seed.random(RegexTextTest.class);
        int compiled = 0;
        for (int i = 0; i < 20_000; i++) {
            String text = RandomRegex.text(random);
            long rough = RegexText.roughProgram(text);
            if (rough > 20_000) {
                continue;
            }
            try {
                assertThat(rough)
                        .as(text)
                        .isGreaterThanOrEqualTo(WholeRegex.of(text).programSize());
                compiled++;
            } catch (PatternSyntaxException e) {
                assertThat(RegexText.wrongPath(text)).as(text).isNotNull();
            }
        }
        assertThat(compiled).isGreaterThan(2_000);
    }
}
