package io.tollgate.controlplane.admin;

import static io.tollgate.controlplane.admin.AdminClient.admin;
import static io.tollgate.controlplane.admin.AdminClient.created;
import static io.tollgate.controlplane.admin.AdminClient.etag;
import static io.tollgate.controlplane.admin.AdminClient.post;
import static io.tollgate.controlplane.admin.AdminClient.unique;
import static io.tollgate.controlplane.admin.AdminClient.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.tollgate.controlplane.Await;
import io.tollgate.controlplane.EmbeddedPostgresResource;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tokens of issuers that the catalog names, beside our own. The noun itself: {@link NamedNounsTest}. */
@QuarkusTest
@QuarkusTestResource(EmbeddedPostgresResource.class)
class AdminIssuersTest {
    private final String name = unique("staff");
    private OidcProvider provider;

    @BeforeEach
    void aProviderIsBelieved() {
        provider = new OidcProvider();
        created("/v1/admin-issuers", body(provider.issuer(), true));
    }

    @AfterEach
    void close() {
        provider.close();
    }

    private String body(String issuer, boolean enabled) {
        return """
                {"name": "%s", "issuer": "%s", "audiences": ["%s"], "algorithms": ["ES256", "RS256", "PS384", "EdDSA"], "enabled": %s,
                 "clock_skew_seconds": 20,
                 "roles": [{"claim": "access/groups", "value": "gateway operators", "role": "operator"},
                           {"claim": "access/groups", "value": "auditors", "role": "auditor"}]}""".formatted(name, issuer, OidcProvider.AUDIENCE, enabled);
    }

    private void replace(String body) {
        String path = "/v1/admin-issuers/" + name;
        admin().header("If-Match", etag(path)).body(body).put(path).then().statusCode(200);
    }

    private static int status(String token) {
        return with(token).get("/v1/services").statusCode();
    }

    @Test
    void token_ofTheIssuer_hasTheRolesThatItsClaimsMapTo() {
        assertThat(status(provider.token("auditors"))).isEqualTo(200);
        assertThat(with(provider.token("auditors")).get("/v1/audit?limit=1").statusCode())
                .isEqualTo(200);
        assertThat(with(provider.token("gateway operators"))
                        .get("/v1/audit?limit=1")
                        .statusCode())
                .isEqualTo(403);
        // Nobody's role, and a role of ours that nothing maps to.
        assertThat(status(provider.token("everyone"))).isEqualTo(403);
        assertThat(status(provider.token("admin", "operator"))).isEqualTo(403);
        assertThat(status(provider.token(List.of(), claims -> claims.setStringListClaim("roles", "admin"))))
                .isEqualTo(403);
        // Our own are good all the same.
        admin().get("/v1/services").then().statusCode(200);
    }

    @Test
    void token_ofEachListedAlgorithm_isTaken() {
        assertThat(status(provider.tokenBy("rsa", "RS256", "auditors"))).isEqualTo(200);
        assertThat(status(provider.tokenBy("rsa", "PS384", "auditors"))).isEqualTo(200);
        assertThat(status(provider.tokenBy("ec", "ES256", "auditors"))).isEqualTo(200);
        assertThat(status(provider.tokenBy("ed", "EdDSA", "auditors"))).isEqualTo(200);
        // Good, but not listed.
        assertThat(status(provider.tokenBy("rsa", "RS512", "auditors"))).isEqualTo(401);
    }

    @Test
    void write_withItsToken_isOnRecordWithIssuerAndTokenId() {
        String consumer = unique("foreign");
        with(provider.token("gateway operators"))
                .body("{\"name\": \"" + consumer + "\"}")
                .post("/v1/consumers")
                .then()
                .statusCode(201);
        admin().get("/v1/audit?object=" + consumer)
                .then()
                .body("items[0].actor", equalTo(OidcProvider.SUBJECT))
                .body("items[0].issuer", equalTo(provider.issuer()))
                .body("items[0].token_id", equalTo("id-of-a-token"));
    }

    @Test
    void token_thatIsNotGood_is401() {
        List<String> auditors = List.of("auditors");
        assertThat(status(provider.token(auditors, claims -> claims.setAudience("another"))))
                .isEqualTo(401);
        assertThat(status(provider.token(auditors, claims -> claims.unsetClaim("aud"))))
                .isEqualTo(401);
        assertThat(status(provider.token(auditors, claims -> claims.unsetClaim("exp"))))
                .isEqualTo(401);
        assertThat(status(provider.token(auditors, claims -> claims.unsetClaim("sub"))))
                .isEqualTo(401);
        assertThat(status(provider.token(auditors, claims -> claims.setIssuer("https://elsewhere.example"))))
                .isEqualTo(401);
        assertThat(status(provider.token(
                        auditors, claims -> claims.setNotBefore(OidcProvider.in(Duration.ofMinutes(2))))))
                .isEqualTo(401);
        with(provider.token(auditors, claims -> claims.setExpirationTime(OidcProvider.in(Duration.ofSeconds(-25)))))
                .get("/v1/services")
                .then()
                .statusCode(401)
                .header("WWW-Authenticate", containsString("invalid_token"))
                .body("detail", containsString("expired"));
        // Within the clock's difference.
        assertThat(status(provider.token(
                        auditors, claims -> claims.setExpirationTime(OidcProvider.in(Duration.ofSeconds(-10))))))
                .isEqualTo(200);
    }

    @Test
    void token_withoutARealSignature_is401() {
        assertThat(status(provider.unsignedToken("auditors"))).isEqualTo(401);
        assertThat(status(provider.tokenByPublicKeyAsSecret("auditors"))).isEqualTo(401);
        assertThat(status(provider.tokenByUnknownKey("ec", "auditors"))).isEqualTo(401);
        // A signature that was touched.
        String token = provider.token("auditors");
        assertThat(status(token.substring(0, token.length() - 8) + "AAAAAAAA")).isEqualTo(401);
    }

    /** The first token with a key that is not known makes the keys be fetched; a flood of made-up ones does not. */
    @Test
    void key_thatIsNew_isFetchedOnce_andOldOnesAreGone() {
        String old = provider.token("auditors");
        assertThat(status(old)).isEqualTo(200);
        provider.rotate();
        assertThat(status(old)).as("still held").isEqualTo(200);
        Await.until(
                "the new key is known, once the cooldown is over",
                Duration.ofSeconds(20),
                () -> status(provider.token("auditors")) == 200);
        assertThat(status(old))
                .as("signed with a key that the issuer has withdrawn")
                .isEqualTo(401);
        int before = provider.keyRequests();
        for (int i = 0; i < 50; i++) {
            assertThat(status(provider.tokenByUnknownKey("made-up-" + i, "auditors")))
                    .isEqualTo(401);
        }
        assertThat(provider.keyRequests() - before).isLessThanOrEqualTo(3);
        assertThat(status(provider.token("auditors"))).isEqualTo(200);
    }

    @Test
    void provider_thatIsAway_leavesTheLastGoodKeys() {
        assertThat(status(provider.token("auditors"))).isEqualTo(200);
        provider.goesAway();
        // An unknown key makes it be asked, in vain.
        Await.until("it was asked again", Duration.ofSeconds(20), () -> {
            assertThat(status(provider.tokenByUnknownKey("unknown", "auditors")))
                    .isEqualTo(401);
            return provider.refused() > 0;
        });
        assertThat(status(provider.token("auditors"))).isEqualTo(200);
    }

    @Test
    void issuer_thatIsSwitchedOffOrGone_isNotBelieved() {
        assertThat(status(provider.token("auditors"))).isEqualTo(200);
        replace(body(provider.issuer(), false));
        assertThat(status(provider.token("auditors"))).isEqualTo(401);
        replace(body(provider.issuer(), true));
        assertThat(status(provider.token("auditors"))).isEqualTo(200);
        admin().header("If-Match", "*")
                .delete("/v1/admin-issuers/" + name)
                .then()
                .statusCode(204);
        assertThat(status(provider.token("auditors"))).isEqualTo(401);
    }

    @Test
    void discovery_ofAnotherIssuer_isNotBelieved() {
        try (OidcProvider impostor = new OidcProvider()) {
            impostor.claims("https://login.example.com");
            replace(body(impostor.issuer(), true));
            assertThat(status(impostor.token("auditors"))).isEqualTo(401);
            assertThat(impostor.keyRequests()).isZero();
        }
    }

    @Test
    void issuer_isBelievedOnce_andOnlyOverTls() {
        Response second =
                post("/v1/admin-issuers", body(provider.issuer(), true).replace(name, unique("second")));
        second.then().statusCode(409).body("detail", containsString(name));
        for (String url : List.of(
                "http://login.example.com",
                "ftp://login.example.com",
                "login.example.com",
                "https://a.example/?x=1",
                "https://user@a.example",
                "http://127.0.0.1.example.com")) {
            post(
                            "/v1/admin-issuers",
                            body(url, true).replace("\"enabled\"", "\"jwks_url\": \"" + url + "\", \"enabled\""))
                    .then()
                    .statusCode(422)
                    .body("errors.pointer", containsInAnyOrder("/issuer", "/jwks_url"));
        }
        post("/v1/admin-issuers", body(provider.issuer(), true).replace("PS384", "HS256"))
                .then()
                .statusCode(422)
                .body("errors[0].detail", containsString("HS256"));
    }
}
