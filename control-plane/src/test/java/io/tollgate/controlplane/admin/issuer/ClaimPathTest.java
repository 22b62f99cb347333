package io.tollgate.controlplane.admin.issuer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ClaimPathTest {
    private static Set<String> texts(String path, String claims) throws JsonProcessingException {
        return ClaimPath.parse(path).texts(new JsonMapper().readTree(claims));
    }

    @Test
    void texts_listOrTextAtItsPath_areThose() throws JsonProcessingException {
        assertThat(texts("roles", "{\"roles\": [\"admin\", \"auditor\"]}"))
                .containsExactlyInAnyOrder("admin", "auditor");
        assertThat(texts("a/b", "{\"a\": {\"b\": [\"admin\"]}}")).containsExactly("admin");
        assertThat(texts("scope", "{\"scope\": \"admin  auditor\"}")).containsExactlyInAnyOrder("admin", "auditor");
        assertThat(texts("\"https://example.com/roles\"", "{\"https://example.com/roles\": [\"admin\"]}"))
                .containsExactly("admin");
        assertThat(texts("\"a/b\"/c", "{\"a/b\": {\"c\": [\"admin\"]}}")).containsExactly("admin");
    }

    @Test
    void texts_ofAnythingElse_areNone() throws JsonProcessingException {
        for (String claims : new String[] {
            "{}",
            "{\"groups\": [\"admin\"]}",
            "{\"roles\": null}",
            "{\"roles\": {\"x\": \"admin\"}}",
            "{\"roles\": [1, null, [\"admin\"]]}",
            "{\"nested\": {\"roles\": [\"admin\"]}}"
        }) {
            assertThat(texts("roles", claims)).as(claims).isEmpty();
        }
        assertThat(texts("a/b", "{\"a\": [\"admin\"], \"b\": [\"admin\"]}")).isEmpty();
    }

    @Test
    void says_wholeTextOrOneOfIt() throws JsonProcessingException {
        var claims = new JsonMapper().readTree("{\"team\": \"pets and more\", \"list\": [\"a b\"]}");
        assertThat(ClaimPath.parse("team").says(claims, "pets and more")).isTrue();
        assertThat(ClaimPath.parse("team").says(claims, "pets")).isTrue();
        assertThat(ClaimPath.parse("team").says(claims, "pet")).isFalse();
        assertThat(ClaimPath.parse("list").says(claims, "a b")).isTrue();
        assertThat(ClaimPath.parse("list").says(claims, "a")).isFalse();
        assertThat(ClaimPath.parse("none").says(claims, "a")).isFalse();
    }
}
