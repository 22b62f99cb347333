package io.tollgate.controlplane.catalog.firstsight;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Names of consumers that are made of subjects. */
class SubjectNameTest {
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9._-]*[a-z0-9])?");
    private static final UUID ISSUER = new UUID(1, 2);
    private static final UUID ANOTHER = new UUID(1, 3);

    private final Set<String> taken = new HashSet<>();

    private String name(String issuer, UUID id, String subject) {
        String name = SubjectName.free(issuer, id, subject, taken::contains);
        assertThat(name).matches(NAME).hasSizeLessThanOrEqualTo(63);
        assertThat(taken.add(name)).as(name).isTrue();
        return name;
    }

    @Test
    void free_subjectThatIsAName_keepsIt() {
        assertThat(name("staff", ISSUER, "jane.doe-7")).isEqualTo("staff.jane.doe-7");
    }

    @Test
    void free_otherSubjects_areNamesOfTheirOwn() {
        for (String subject : new String[] {
            "Jane", "jane/doe", "auth0|5f7c8ec7c33c6c004bbafe82", "\u00e9", "-", "x".repeat(256), "a\nb", "J\u00fcrgen"
        }) {
            assertThat(name("a-very-long-name-of-an-issuer-of-tokens", ISSUER, subject))
                    .matches("a-very-long-name-of-an-i\\..*[0-9a-f]{16}");
        }
    }

    @Test
    void free_nameThatSomebodyHas_isAnotherOneForEachWhoComes() {
        assertThat(name("corporate-identity-prod-eu", ISSUER, "jane")).isEqualTo("corporate-identity-prod.jane");
        assertThat(name("corporate-identity-prod-us", ANOTHER, "jane"))
                .matches("corporate-identity-prod\\.jane-[0-9a-f]{16}");
        // As an operator's own consumer may be called.
        String next = SubjectName.free("i", ISSUER, "jane/doe", taken::contains);
        taken.add(next);
        assertThat(name("i", ISSUER, "jane/doe")).isNotEqualTo(next);
    }

    @Test
    void free_digest_isNotToBeGuessedFromTheSubject() {
        assertThat(name("i", ISSUER, "a/b")).isNotEqualTo(name("i", ANOTHER, "a/b"));
    }
}
