package io.tollgate.controlplane.catalog.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RedactionTest {
    private static Map<String, Object> edit(String name, String value) {
        return Map.of("edits", List.of(Map.of("name", name, "value", value)));
    }

    @Test
    void members_namedLikeSecrets_areHiddenAtAnyDepth() {
        assertThat(Redaction.of(
                        Map.of(
                                "client_secret", "s",
                                "password", "p",
                                "private_key", "k",
                                "deep", List.of(Map.of("secret", "s", "name", "n")),
                                "hide_secret", true,
                                "token", "of an ACME server: no secret"),
                        null))
                .isEqualTo(Map.of(
                        "client_secret",
                        Redaction.REDACTED,
                        "password",
                        Redaction.REDACTED,
                        "private_key",
                        Redaction.REDACTED,
                        "deep",
                        List.of(Map.of("secret", Redaction.REDACTED, "name", "n")),
                        "hide_secret",
                        true,
                        "token",
                        "of an ACME server: no secret"));
    }

    @Test
    void values_ofFieldsThatCarrySecrets_areHidden() {
        for (String name : List.of("Authorization", "cookie", "X-Api-Key", "apikey", "X-Auth-Token", "db_password")) {
            assertThat(Redaction.of(edit(name, "v"), null)).as(name).isEqualTo(edit(name, Redaction.REDACTED));
        }
        assertThat(Redaction.of(edit("X-Tenant", "v"), null)).isEqualTo(edit("X-Tenant", "v"));
    }

    @Test
    void change_ofASecret_isSaidAndNotShown() {
        assertThat(Redaction.of(edit("Authorization", "new"), edit("Authorization", "old")))
                .isEqualTo(edit("Authorization", Redaction.REDACTED_CHANGED));
        assertThat(Redaction.of(edit("Authorization", "same"), edit("Authorization", "same")))
                .isEqualTo(edit("Authorization", Redaction.REDACTED));
    }

    @Test
    void changedMembers_areThoseThatDiffer_atAnyDepth() {
        Map<String, Object> before =
                Map.of("same", 1, "gone", 1, "deep", Map.of("a", 1, "b", 2), "list", List.of(1, 2));
        Map<String, Object> after = Map.of("same", 1, "new", 1, "deep", Map.of("a", 1, "b", 3), "list", List.of(1));
        assertThat(ChangedMembers.of(before, after))
                .isEqualTo(Map.of("gone", 1, "deep", Map.of("b", 2), "list", List.of(1, 2)));
        assertThat(ChangedMembers.of(after, before))
                .isEqualTo(Map.of("new", 1, "deep", Map.of("b", 3), "list", List.of(1)));
    }

    @Test
    void plainText_isCutAndPrintable() {
        assertThat(PlainText.of("a\0b\n\u0085\ud83d\ude00c", 100)).isEqualTo("a?b????c");
        assertThat(PlainText.of("abcdef", 3)).isEqualTo("abc");
        assertThat(new Origin("192.0.2.1", "x".repeat(5_000), null).userAgent()).hasSize(256);
    }
}
