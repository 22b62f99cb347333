package io.tollgate.engine.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.PatternSyntaxException;
import io.tollgate.engine.fixture.RandomRegex;
import io.tollgate.engine.fixture.Seed;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WholeRegexTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "/api/.* /api/",
                "/api/?x /api",
                "/api/+x /api",
                "/ab{2} /a",
                "/a\\.b\\.* /a.b",
                "/a|/b ''",
                "/(a|b) /",
                "/a[|]b /a",
                "/a\\|b|c ''",
                "/a(?i)b /",
                "/a(?P<x>b) /"
            })
    void literalBeginning_plainText_isFound(String text, String literal) {
        assertThat(WholeRegex.of(text).literalBeginning()).isEqualTo(literal);
    }

    @Test
    void literalBeginning_randomTexts_startsEveryMatch() {
        Random random = Seed.random(WholeRegexTest.class);
        String[] parts = {"a", "b", "/", "A", ".", "(", "|", "]"};
        int matched = 0;
        for (int i = 0; i < 40_000; i++) {
            WholeRegex regex;
            try {
                regex = WholeRegex.of(RandomRegex.text(random));
            } catch (PatternSyntaxException e) {
                continue;
            }
            for (int j = 0; j < 20; j++) {
                StringBuilder text = new StringBuilder(random.nextInt(4) == 0 ? "" : "/");
                for (int k = random.nextInt(5); k > 0; k--) {
                    text.append(parts[random.nextInt(parts.length)]);
                }
                if (regex.matches(text.toString())) {
                    matched++;
                    assertThat(text.toString()).as(regex.text()).startsWith(regex.literalBeginning());
                }
            }
        }
        assertThat(matched).isGreaterThan(2_000);
    }
}
