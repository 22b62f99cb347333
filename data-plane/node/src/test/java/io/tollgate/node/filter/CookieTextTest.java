package io.tollgate.node.filter;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class CookieTextTest {
    @Test
    void valueOf_theFirstOfThisExactName() {
        String field = "a=1; session=x=y; sessions=2; session=z;b=\"q\"";
        assertThat(CookieText.valueOf(field, "session")).isEqualTo("x=y");
        assertThat(CookieText.valueOf(field, "sessions")).isEqualTo("2");
        assertThat(CookieText.valueOf(field, "b")).isEqualTo("q");
        assertThat(CookieText.valueOf(field, "A")).isNull();
        assertThat(CookieText.valueOf(field, "sess")).isNull();
        assertThat(CookieText.valueOf("session", "session")).isNull();
        assertThat(CookieText.valueOf("session=", "session")).isEmpty();
        assertThat(CookieText.valueOf("", "session")).isNull();
    }

    @Test
    void without_allOfTheseNames_othersAsTheyWere() {
        List<String> names = List.of("s", "t");
        String untouched = "a=1;  b=2";
        assertThat(CookieText.without(untouched, names)).isSameAs(untouched);
        assertThat(CookieText.without("s=1", names)).isEmpty();
        assertThat(CookieText.without("s=1; a=2; t=3; b=4; s=5", names)).isEqualTo("a=2; b=4");
        assertThat(CookieText.without("a=2; s=1", names)).isEqualTo("a=2");
        assertThat(CookieText.without("a=2; s=1; b=3", names)).isEqualTo("a=2; b=3");
    }
}
