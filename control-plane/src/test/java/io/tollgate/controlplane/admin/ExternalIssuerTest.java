package io.tollgate.controlplane.admin;

import static io.tollgate.controlplane.admin.AdminClient.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.tollgate.controlplane.EmbeddedPostgresResource;
import java.nio.file.Files;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Tokens of an issuer that is not ours: TOLLGATE_ISSUER, TOLLGATE_JWKS_URL and TOLLGATE_ROLES_CLAIM. */
@QuarkusTest
@TestProfile(ExternalIssuerTest.Configured.class)
@QuarkusTestResource(EmbeddedPostgresResource.class)
@QuarkusTestResource(value = ForeignIssuer.class, restrictToAnnotatedClass = true)
class ExternalIssuerTest {
    /** An application of its own: whose tokens are believed is settled at the start. */
    public static final class Configured implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("tollgate.issuer", ForeignIssuer.NAME, "tollgate.roles-claim", "realm_access/roles");
        }
    }

    private static Map<String, Object> roles(String... roles) {
        return Map.of("realm_access", Map.of("roles", List.of(roles)));
    }

    private static int status(String token) {
        return with(token).get("/v1/services").statusCode();
    }

    private static Instant soon() {
        return Instant.now().plusSeconds(60);
    }

    @Test
    void token_ofTheIssuer_isBelievedWithTheRolesOfItsClaim() {
        assertThat(status(ForeignIssuer.current().sign(roles("auditor"), soon())))
                .isEqualTo(200);
        assertThat(status(ForeignIssuer.current().sign(roles("somebody", "operator"), soon())))
                .isEqualTo(200);
        assertThat(status(ForeignIssuer.current().sign(roles("billing"), soon())))
                .isEqualTo(403);
        assertThat(status(ForeignIssuer.current().sign(roles(), soon()))).isEqualTo(403);
        // Roles under any other claim are none.
        assertThat(status(ForeignIssuer.current()
                        .sign(Map.of("roles", List.of("admin"), "groups", List.of("admin")), soon())))
                .isEqualTo(403);
    }

    @Test
    void write_withItsToken_namesItsSubject() {
        String name = AdminClient.unique("foreign");
        with(ForeignIssuer.current().sign(roles("operator"), soon()))
                .body("{\"name\": \"" + name + "\"}")
                .post("/v1/consumers")
                .then()
                .statusCode(201);
        assertThat(Database.rows("select actor, roles from audit where object_name = ?", name))
                .containsExactly(ForeignIssuer.SUBJECT + "|operator");
    }

    @Test
    void token_thatIsNotItsOwn_is401() {
        ForeignIssuer issuer = ForeignIssuer.current();
        assertThat(status(issuer.sign(roles("admin"), Instant.now().minusSeconds(60))))
                .isEqualTo(401);
        assertThat(status(issuer.signAs("https://elsewhere.example", roles("admin"), soon())))
                .isEqualTo(401);
        assertThat(status(issuer.forge(roles("admin"), soon()))).isEqualTo(401);
        // The public key is no secret, so a MAC under it proves nothing.
        assertThat(status(issuer.signWithThePublicKeyAsSecret(roles("admin"), soon())))
                .isEqualTo(401);
        assertThat(status("garbage")).isEqualTo(401);
    }

    @Test
    void ownTokens_areNeitherBelievedNorIssued() {
        assertThat(Files.exists(AdminClient.home().resolve("admin-token"))).isFalse();
        with(ForeignIssuer.current().sign(roles("admin"), soon()))
                .body("{\"subject\": \"a\", \"roles\": [\"admin\"]}")
                .post("/v1/tokens")
                .then()
                .statusCode(422)
                .body("detail", containsString("configured issuer"));
        assertThat(status(ForeignIssuer.current().signAs("tollgate", roles("admin"), soon())))
                .isEqualTo(401);
    }
}
