package io.tollgate.controlplane.admin.token;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RolesClaimTest {
    private static Set<String> roles(String path, String claims) throws JsonProcessingException {
        return RolesClaim.parse(path).of(new JsonMapper().readTree(claims));
    }

    @Test
    void of_listOrTextAtItsPath_areTheRoles() throws JsonProcessingException {
        assertThat(roles("roles", "{\"roles\": [\"admin\", \"auditor\"]}"))
                .containsExactlyInAnyOrder("admin", "auditor");
        assertThat(roles("a/b", "{\"a\": {\"b\": [\"admin\"]}}")).containsExactly("admin");
        assertThat(roles("scope", "{\"scope\": \"admin  auditor\"}")).containsExactlyInAnyOrder("admin", "auditor");
        assertThat(roles("\"https://example.com/roles\"", "{\"https://example.com/roles\": [\"admin\"]}"))
                .containsExactly("admin");
        assertThat(roles("\"a/b\"/c", "{\"a/b\": {\"c\": [\"admin\"]}}")).containsExactly("admin");
    }

    @Test
    void of_anythingElse_isNoRole() throws JsonProcessingException {
        for (String claims : new String[] {
            "{}",
            "{\"groups\": [\"admin\"]}",
            "{\"roles\": null}",
            "{\"roles\": {\"x\": \"admin\"}}",
            "{\"roles\": [1, null, [\"admin\"]]}",
            "{\"nested\": {\"roles\": [\"admin\"]}}"
        }) {
            assertThat(roles("roles", claims)).as(claims).isEmpty();
        }
        assertThat(roles("a/b", "{\"a\": [\"admin\"], \"b\": [\"admin\"]}")).isEmpty();
    }
}
