package io.tollgate.controlplane.admin;

import static io.tollgate.controlplane.admin.AdminClient.admin;
import static io.tollgate.controlplane.admin.AdminClient.consumer;
import static io.tollgate.controlplane.admin.AdminClient.created;
import static io.tollgate.controlplane.admin.AdminClient.etag;
import static io.tollgate.controlplane.admin.AdminClient.post;
import static io.tollgate.controlplane.admin.AdminClient.unique;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.tollgate.controlplane.stream.StreamServer;
import io.tollgate.controlplane.stream.TestNode;
import io.tollgate.engine.password.PasswordHash;
import io.tollgate.proto.config.v1.Change;
import io.tollgate.proto.config.v1.Credential;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Credentials that are neither keys nor subjects of tokens, from the admin API to the nodes. */
@QuarkusTest
class CredentialsResourceTest {
    @Inject
    StreamServer server;

    private Credential atNodes(String path) throws IOException {
        String id = admin().get(path).path("id");
        try (TestNode node = TestNode.dial(server.port()).hello("credentials", System.nanoTime())) {
            for (Change change : node.take().changes()) {
                if (change.getId().equals(id)) {
                    return Credential.parseFrom(change.getObject());
                }
            }
        }
        throw new AssertionError("no credential " + path);
    }

    private static String credentials() {
        String consumer = unique("bound");
        consumer(consumer);
        return "/v1/consumers/" + consumer + "/credentials";
    }

    private static String certificate(String name, String members) {
        return "{\"name\": \"" + name + "\", \"type\": \"client-certificate\", \"client_certificate\": {" + members
                + "}}";
    }

    @Test
    void certificate_isBoundToOneThing_thatIsBoundToNobodyElse() throws IOException {
        String credentials = credentials();
        String dns = unique("host") + ".example.com";
        created(credentials, certificate("machine", "\"dns\": \"" + dns + "\""));
        String path = credentials + "/machine";
        admin().get(path)
                .then()
                .body("type", equalTo("client-certificate"))
                .body("client_certificate.dns", equalTo(dns))
                .body("client_certificate.subject", nullValue())
                .body("jwt", nullValue());
        assertThat(atNodes(path).getClientCertificate().getDns()).isEqualTo(dns);
        assertThat(atNodes(path).getDigest().isEmpty()).isTrue();

        post(credentials(), certificate("other", "\"dns\": \"" + dns.toUpperCase(java.util.Locale.ROOT) + "\""))
                .then()
                .statusCode(422)
                .body("problems.pointer", hasItem("/client_certificate/dns"));
        admin().header("If-Match", etag(path))
                .body(certificate("machine", "\"subject\": \"CN=" + dns + ", O=Acme\""))
                .put(path)
                .then()
                .statusCode(200)
                .body("client_certificate.subject", equalTo("CN=" + dns + ", O=Acme"))
                .body("client_certificate.dns", nullValue());
        admin().header("If-Match", etag(path)).delete(path).then().statusCode(204);
    }

    @Test
    void certificate_whatIsNotOneThing_is422AndNamesTheMember() {
        String credentials = credentials();
        post(credentials, certificate("a", ""))
                .then()
                .statusCode(422)
                .body("errors.pointer", hasItem("/client_certificate"));
        post(credentials, certificate("a", "\"dns\": \"a\", \"uri\": \"b\""))
                .then()
                .statusCode(422)
                .body("errors.pointer", hasItem("/client_certificate"));
        post(credentials, "{\"name\": \"a\", \"type\": \"client-certificate\"}")
                .then()
                .statusCode(422)
                .body("errors.pointer", hasItem("/client_certificate"));
        post(credentials, "{\"name\": \"a\", \"type\": \"jwt\", \"client_certificate\": {\"dns\": \"a\"}}")
                .then()
                .statusCode(422)
                .body("errors.pointer", hasItem("/client_certificate"));
        post(credentials, certificate("a", "\"subject\": \"partner\""))
                .then()
                .statusCode(422)
                .body("problems.pointer", hasItem("/client_certificate/subject"));
        post(credentials, certificate("a", "\"fingerprint_sha256\": \"abc\""))
                .then()
                .statusCode(422);
    }

    private static String basic(String userName, String members) {
        return "{\"name\": \"batch\", \"type\": \"basic\", \"basic\": {\"user_name\": \"" + userName + "\"" + members
                + "}}";
    }

    private static String password(String text) {
        return ", \"password\": \"" + text + "\"";
    }

    @Test
    void basic_passwordIsKeptAsADigestAndNeverShown() throws IOException {
        String credentials = credentials();
        String path = credentials + "/batch";
        String user = unique("user");
        String first = "s3cret s3cret s3cret";
        Response made = created(credentials, basic(user, password(first)));
        assertThat(made.asString()).doesNotContain("s3cret", "argon2");
        Response read = admin().get(path);
        read.then().body("basic.user_name", equalTo(user)).body("basic.password_changed_at", notNullValue());
        assertThat(read.asString()).doesNotContain("s3cret", "argon2", "password_hash");
        PasswordHash kept = PasswordHash.parse(atNodes(path).getBasic().getDigest());
        assertThat(kept).isNotNull();
        assertThat(kept.text()).startsWith("$argon2id$v=19$m=19456,t=2,p=1$");
        assertThat(kept.matches(first)).isTrue();

        // Left out, and given once more: nothing changes.
        String tag = etag(path);
        for (String same : List.of("", password(first))) {
            assertThat(admin().header("If-Match", tag)
                            .body(basic(user, same))
                            .put(path)
                            .header("ETag"))
                    .isEqualTo(tag);
        }
        String second = first.replace('3', '4');
        admin().header("If-Match", tag)
                .body(basic(user, password(second)))
                .put(path)
                .then()
                .statusCode(200);
        PasswordHash changed = PasswordHash.parse(atNodes(path).getBasic().getDigest());
        assertThat(changed).isNotNull();
        assertThat(changed.matches(second)).isTrue();

        String imported = "$2y$06$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i";
        admin().header("If-Match", etag(path))
                .body(basic(user, ", \"password_hash\": \"" + imported + "\""))
                .put(path)
                .then()
                .statusCode(200);
        assertThat(atNodes(path).getBasic().getDigest()).isEqualTo(imported);
        assertThat(admin().get("/v1/audit").asString())
                .contains(user)
                .doesNotContain("s3cret", "s4cret", "argon2id$", imported);
    }

    @Test
    void basic_whatCannotBe_is422NamesTheMemberAndTellsNoSecret() {
        String credentials = credentials();
        String user = unique("user");
        post(credentials, basic(user, "")).then().statusCode(422).body("errors.pointer", hasItem("/basic/password"));
        post(credentials, basic(user, password("s3cret"))).then().statusCode(422);
        post(credentials, basic("a:b", password("s3cret s3cret"))).then().statusCode(422);
        post(credentials, basic(user, password("s3cret s3cret") + ", \"password_hash\": \"" + "x".repeat(40) + "\""))
                .then()
                .statusCode(422)
                .body("errors.pointer", hasItem("/basic/password_hash"));
        Response refused = post(credentials, basic(user, ", \"password_hash\": \"" + "s3cret".repeat(7) + "\""));
        refused.then().statusCode(422).body("errors.pointer", hasItem("/basic/password_hash"));
        assertThat(refused.asString()).doesNotContain("s3cret");
        created(credentials, basic(user, password("s3cret s3cret")));
        post(credentials(), basic(user, password("s3cret s3cret")))
                .then()
                .statusCode(422)
                .body("problems.pointer", hasItem("/basic/user_name"));
    }

    private static final String EDWARDS =
            "-----BEGIN PUBLIC KEY-----\\nMCowBQYDK2VwAyEAJrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=\\n-----END PUBLIC KEY-----\\n";

    private static String signature(String keyId, String algorithm, String more) {
        return "{\"name\": \"signer\", \"type\": \"http-signature\", \"http_signature\": {\"key_id\": \"" + keyId
                + "\", \"algorithm\": \"" + algorithm + "\"" + more + "}}";
    }

    private static String shared(String secret) {
        return ", \"shared_secret\": \""
                + Base64.getEncoder().encodeToString(secret.getBytes(StandardCharsets.US_ASCII)) + "\"";
    }

    @Test
    void signature_sharedSecretIsSealedAndAPublicKeyTakesItsPlace() throws IOException {
        String credentials = credentials();
        String path = credentials + "/signer";
        String keyId = unique("key");
        String secret = "s3cret-s3cret-s3cret-s3cret-s3cret";
        Response made = created(credentials, signature(keyId, "hmac-sha256", shared(secret)));
        assertThat(made.asString()).doesNotContain("czNjcmV0", "\"shared_secret\"");
        admin().get(path)
                .then()
                .body("http_signature.key_id", equalTo(keyId))
                .body("http_signature.shared_secret", nullValue())
                .body("http_signature.shared_secret_changed_at", notNullValue());
        assertThat(atNodes(path).getHttpSignature().getSharedSecret().toStringUtf8())
                .isEqualTo(secret);
        String tag = etag(path);
        for (String same : List.of("", shared(secret))) {
            assertThat(admin().header("If-Match", tag)
                            .body(signature(keyId, "hmac-sha256", same))
                            .put(path)
                            .header("ETag"))
                    .isEqualTo(tag);
        }
        admin().header("If-Match", tag)
                .body(signature(keyId, "ed25519", ", \"public_key\": \"" + EDWARDS + "\""))
                .put(path)
                .then()
                .statusCode(200)
                .body("http_signature.algorithm", equalTo("ed25519"))
                .body("http_signature.shared_secret_changed_at", nullValue());
        assertThat(atNodes(path).getHttpSignature().getSharedSecret().isEmpty()).isTrue();
        assertThat(atNodes(path).getHttpSignature().getPublicKey()).startsWith("-----BEGIN PUBLIC KEY-----");
        assertThat(admin().get("/v1/audit").asString()).contains(keyId).doesNotContain("s3cret", "czNjcmV0");
    }

    @Test
    void signature_whatCannotBe_is422NamesTheMemberAndTellsNoSecret() {
        String credentials = credentials();
        String keyId = unique("key");
        post(credentials, signature(keyId, "hmac-sha256", ""))
                .then()
                .statusCode(422)
                .body("problems.pointer", hasItem("/http_signature/shared_secret"));
        post(credentials, signature(keyId, "ed25519", ""))
                .then()
                .statusCode(422)
                .body("problems.pointer", hasItem("/http_signature/public_key"));
        post(credentials, signature(keyId, "rsa-pss-sha512", ", \"public_key\": \"" + EDWARDS + "\""))
                .then()
                .statusCode(422)
                .body("problems.pointer", hasItem("/http_signature/public_key"));
        post(
                        credentials,
                        signature(
                                keyId, "ed25519", ", \"public_key\": \"" + EDWARDS + "\"" + shared("s3cret".repeat(6))))
                .then()
                .statusCode(422)
                .body("problems.pointer", hasItem("/http_signature/shared_secret"));
        Response refused =
                post(credentials, signature(keyId, "hmac-sha256", ", \"shared_secret\": \"" + "A".repeat(45) + "\""));
        refused.then().statusCode(422).body("errors.pointer", hasItem("/http_signature/shared_secret"));
        assertThat(refused.asString()).doesNotContain("AAAA");
        created(credentials, signature(keyId, "ed25519", ", \"public_key\": \"" + EDWARDS + "\""));
        post(credentials(), signature(keyId, "hmac-sha256", shared("s3cret".repeat(6))))
                .then()
                .statusCode(422)
                .body("problems.pointer", hasItem("/http_signature/key_id"));
    }
}
