package io.tollgate.controlplane.admin;

import static io.tollgate.controlplane.admin.AdminClient.admin;
import static io.tollgate.controlplane.admin.AdminClient.created;
import static io.tollgate.controlplane.admin.AdminClient.etag;
import static io.tollgate.controlplane.admin.AdminClient.post;
import static io.tollgate.controlplane.admin.AdminClient.unique;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.tollgate.controlplane.EmbeddedPostgresResource;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** ACME issuers and the certificates that name them: what is stored, shown and refused. Nobody is at their addresses. */
@QuarkusTest
@QuarkusTestResource(EmbeddedPostgresResource.class)
class AcmeIssuersResourceTest {
    private static final String HMAC = "zWNDZM6eQGHWpSRTPal5eIUYFTu7EajVIoguysqZ9wG44nMEtx3MUAsUDkMTQ12W";

    private static String issuer(String name, String more) {
        return "{\"name\": \"" + name + "\", \"directory_url\": \"http://127.0.0.1:1/directory\","
                + " \"terms_of_service_agreed\": true" + more + "}";
    }

    private static String external(String keyId, String hmacKey) {
        return ", \"external_account\": {\"key_id\": \"" + keyId + "\""
                + (hmacKey.isEmpty() ? "" : ", \"hmac_key\": \"" + hmacKey + "\"") + "}";
    }

    private static String certificate(String name, String issuer, String more) {
        return "{\"name\": \"" + name + "\", \"acme\": {\"issuer\": \"" + issuer
                + "\", \"domains\": [\"www.example.com\", \"example.com\"]}" + more + "}";
    }

    @Test
    void created_isShownWithoutItsKeysWhichAreSealed() {
        String name = unique("issuer");
        String root = unique("root");
        created("/v1/trust-roots", "{\"name\": \"" + root + "\", " + Certificates.TRUST_ROOT + "}");

        Response made = post(
                "/v1/acme-issuers", issuer(name, external("kid-1", HMAC) + ", \"trust_roots\": [\"" + root + "\"]"));

        made.then()
                .statusCode(201)
                .body("status", equalTo("new"))
                .body("account_url", nullValue())
                .body("external_account.key_id", equalTo("kid-1"))
                .body("external_account.hmac_key", nullValue())
                .body("trust_roots", contains(root));
        UUID id = UUID.fromString(made.path("id"));
        String row = Database.rows(
                        "select encode(external_hmac_key, 'hex'), encode(account_key, 'hex') from acme_issuer where id = ?",
                        id)
                .get(0);
        assertThat(row)
                .doesNotContain(java.util.HexFormat.of()
                        .formatHex(Base64.getUrlDecoder().decode(HMAC))
                        .substring(10, 40));
        assertThat(Database.rows("select before::text, after::text from audit where object_id = ?", id))
                .isNotEmpty()
                .noneMatch(text -> text.contains("hmac") || text.contains(HMAC.substring(0, 20)));
        admin().header("If-Match", etag("/v1/trust-roots/" + root))
                .delete("/v1/trust-roots/" + root)
                .then()
                .statusCode(409)
                .body("detail", containsString("acme-issuer " + name));
    }

    @Test
    void put_withoutHmacKey_isTakenWhileTheKeyIdStays() {
        String name = unique("issuer");
        String path = "/v1/acme-issuers/" + name;
        created("/v1/acme-issuers", issuer(name, external("kid-1", HMAC)));
        UUID id = UUID.fromString(admin().get(path).path("id"));
        String keys = "select external_hmac_key, account_key from acme_issuer where id = ?";
        List<String> sealed = Database.rows(keys, id);

        admin().header("If-Match", etag(path))
                .body(issuer(name, external("kid-1", "") + ", \"contacts\": [\"mailto:ops@example.com\"]"))
                .put(path)
                .then()
                .statusCode(200);
        assertThat(Database.rows(keys, id)).isEqualTo(sealed);

        admin().header("If-Match", etag(path))
                .body(issuer(name, external("kid-2", "")))
                .put(path)
                .then()
                .statusCode(422)
                .body("errors[0].pointer", equalTo("/external_account/hmac_key"));
    }

    @Test
    void write_whatCannotBe_namesTheMember() {
        refuses(
                "/directory_url",
                "{\"name\": \"x\", \"directory_url\": \"http://acme.example.com/\","
                        + " \"terms_of_service_agreed\": true}");
        refuses(
                "/directory_url",
                "{\"name\": \"x\", \"directory_url\": \"https://user@acme.example.com/\","
                        + " \"terms_of_service_agreed\": true}");
        refuses(
                "/terms_of_service_agreed",
                "{\"name\": \"x\", \"directory_url\": \"https://acme.example.com/\","
                        + " \"terms_of_service_agreed\": false}");
        refuses("/trust_roots/0", issuer("x", ", \"trust_roots\": [\"no-such-root\"]"));
        refuses("/external_account/hmac_key", issuer("x", external("kid", "A".repeat(40) + "%2B")), 422);
    }

    private static void refuses(String pointer, String body) {
        refuses(pointer, body, 422);
    }

    private static void refuses(String pointer, String body, int status) {
        post("/v1/acme-issuers", body).then().statusCode(status).body("errors[0].pointer", equalTo(pointer));
    }

    @Test
    void certificate_withAcme_isThereAtOnceWithoutAChain() {
        String issuer = unique("issuer");
        String name = unique("certificate");
        created("/v1/acme-issuers", issuer(issuer, ""));

        Response made = post("/v1/certificates", certificate(name, issuer, ""));

        made.then()
                .statusCode(201)
                .body("certificate_chain", nullValue())
                .body("not_after", nullValue())
                .body("acme.issuer", equalTo(issuer))
                .body("acme.domains", contains("www.example.com", "example.com"))
                .body("acme.key_type", equalTo("ecdsa-p256"))
                .body("acme.challenge", equalTo("http-01"))
                .body("acme.status", equalTo("pending"));
        created(
                "/v1/listeners",
                "{\"name\": \"" + name + "\", \"address\": \"" + Noun.address(name)
                        + "\", \"port\": 8443, \"tls\": {\"certificates\": [\"" + name + "\"]}}");
        post(
                        "/v1/services",
                        "{\"name\": \"" + name + "\", \"targets\": [{\"host\": \"::1\", \"port\": 1}],"
                                + " \"tls\": {\"client_certificate\": \"" + name + "\"}}")
                .then()
                .statusCode(422)
                .body("problems[0].pointer", equalTo("/tls/client_certificate"));
        admin().header("If-Match", etag("/v1/acme-issuers/" + issuer))
                .delete("/v1/acme-issuers/" + issuer)
                .then()
                .statusCode(409)
                .body("detail", containsString("certificate " + name));
        assertThat(admin().get("/v1/certificates?expires_before=2999-01-01T00:00:00Z&limit=500")
                        .<List<String>>path("items.name"))
                .doesNotContain(name);
    }

    @Test
    void certificate_withAcmeAndWhatItGives_isRefused() {
        String issuer = unique("issuer");
        created("/v1/acme-issuers", issuer(issuer, ""));
        post("/v1/certificates", certificate("x", issuer, ", " + Certificates.CERTIFICATE))
                .then()
                .statusCode(422)
                .body("errors.pointer", contains("/certificate_chain", "/private_key"));
        post("/v1/certificates", certificate("x", "no-such-issuer", ""))
                .then()
                .statusCode(422)
                .body("errors[0].pointer", equalTo("/acme/issuer"));
        post("/v1/certificates", "{\"name\": \"x\"}")
                .then()
                .statusCode(422)
                .body("errors[0].pointer", equalTo("/certificate_chain"));
        post(
                        "/v1/certificates",
                        "{\"name\": \"x\", \"acme\": {\"issuer\": \"" + issuer
                                + "\", \"domains\": [\"*.example.com\"]}}")
                .then()
                .statusCode(422)
                .body("errors[0].pointer", equalTo("/acme/domains/0"));
    }

    @Test
    void certificate_thatWasGiven_canBeGotFromNowOnAndGivenAgain() {
        String issuer = unique("issuer");
        String name = unique("certificate");
        String path = "/v1/certificates/" + name;
        created("/v1/acme-issuers", issuer(issuer, ""));
        created("/v1/certificates", "{\"name\": \"" + name + "\", " + Certificates.CERTIFICATE + "}");
        String chain = admin().get(path).path("certificate_chain");

        admin().header("If-Match", etag(path))
                .body(certificate(name, issuer, ""))
                .put(path)
                .then()
                .statusCode(200)
                .body("certificate_chain", equalTo(chain))
                .body("acme.issuer", equalTo(issuer));

        admin().header("If-Match", "*")
                .body("{\"name\": \"" + name + "\", " + Certificates.CERTIFICATE + "}")
                .put(path)
                .then()
                .statusCode(200)
                .body("acme", nullValue());
    }

    @Test
    void renew_ofOneThatIsGiven_is409() {
        String name = unique("certificate");
        created("/v1/certificates", "{\"name\": \"" + name + "\", " + Certificates.CERTIFICATE + "}");
        admin().post("/v1/certificates/" + name + "/renew")
                .then()
                .statusCode(409)
                .body("detail", containsString(name));
        admin().post("/v1/certificates/no-such-certificate/renew").then().statusCode(404);
    }

    @Test
    void challenge_byHandshake_needsADomainAndNoToken() {
        String authorization = "\"key_authorization\": \"" + "t".repeat(30) + "." + "k".repeat(43) + "\"";
        String name = unique("challenge");
        created(
                "/v1/acme-challenges",
                "{\"name\": \"" + name + "\", \"type\": \"tls-alpn-01\", \"domain\": \"" + name + ".example.com\", "
                        + authorization + "}");
        String row = "select validation_certificate, private_key from acme_challenge where name = ?";
        List<String> before = Database.rows(row, name);
        admin().header("If-Match", etag("/v1/acme-challenges/" + name))
                .body("{\"name\": \"" + name + "\", \"type\": \"tls-alpn-01\", \"domain\": \"" + name
                        + ".example.com\", \"tags\": [\"a\"], " + authorization + "}")
                .put("/v1/acme-challenges/" + name)
                .then()
                .statusCode(200);
        assertThat(Database.rows(row, name)).as("what nodes show stays").isEqualTo(before);
        post("/v1/acme-challenges", "{\"name\": \"x\", \"type\": \"tls-alpn-01\", " + authorization + "}")
                .then()
                .statusCode(422)
                .body("errors[0].pointer", equalTo("/domain"));
        post("/v1/acme-challenges", "{\"name\": \"x\", \"domain\": \"a.example.com\", " + authorization + "}")
                .then()
                .statusCode(422)
                .body("errors.pointer", contains("/token", "/domain"));
    }
}
