package io.tollgate.controlplane.catalog.firstsight;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Names of consumers that are made of subjects. */
class SubjectNameTest {
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9._-]*[a-z0-9])?");

    @Test
    void of_subjectThatIsAName_keepsIt() {
        assertThat(SubjectName.of("staff", "jane.doe-7")).isEqualTo("staff.jane.doe-7");
    }

    @Test
    void of_otherSubjects_areNamesOfTheirOwn() {
        for (String subject : new String[] {
            "Jane", "jane/doe", "auth0|5f7c8ec7c33c6c004bbafe82", "\u00e9", "-", "x".repeat(256), "a\nb", "J\u00fcrgen"
        }) {
            String name = SubjectName.of("a-very-long-name-of-an-issuer-of-tokens", subject);
            assertThat(name).matches(NAME).hasSizeLessThanOrEqualTo(63);
            assertThat(name).isEqualTo(SubjectName.unique("a-very-long-name-of-an-issuer-of-tokens", subject));
        }
        assertThat(SubjectName.of("i", "Jane")).isNotEqualTo(SubjectName.of("i", "jane"));
        assertThat(SubjectName.of("i", "a/b")).isNotEqualTo(SubjectName.of("i", "a|b"));
    }
}
