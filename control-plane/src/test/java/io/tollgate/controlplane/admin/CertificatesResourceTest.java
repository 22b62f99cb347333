package io.tollgate.controlplane.admin;

import static io.tollgate.controlplane.admin.AdminClient.admin;
import static io.tollgate.controlplane.admin.AdminClient.etag;
import static io.tollgate.controlplane.admin.AdminClient.post;
import static io.tollgate.controlplane.admin.AdminClient.revision;
import static io.tollgate.controlplane.admin.AdminClient.unique;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.tollgate.controlplane.EmbeddedPostgresResource;
import io.tollgate.controlplane.stream.StreamServer;
import io.tollgate.controlplane.stream.TestNode;
import io.tollgate.engine.fixture.TestAuthority;
import io.tollgate.engine.fixture.TestAuthority.Issued;
import io.tollgate.proto.config.v1.Certificate;
import io.tollgate.proto.config.v1.Change;
import io.tollgate.proto.config.v1.ClientCertificates;
import io.tollgate.proto.config.v1.Listener;
import io.tollgate.proto.config.v1.ListenerTls;
import io.tollgate.proto.config.v1.ObjectKind;
import io.tollgate.proto.config.v1.TlsProfile;
import io.tollgate.proto.config.v1.TrustRoot;
import jakarta.inject.Inject;
import java.io.IOException;
import java.math.BigInteger;
import java.security.interfaces.ECPrivateKey;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.junit.jupiter.api.Test;

/** Certificates and trust roots: what is stored, what is shown, what is refused, and what nodes get. */
@QuarkusTest
@QuarkusTestResource(EmbeddedPostgresResource.class)
class CertificatesResourceTest {
    private static final TestAuthority ROOT = TestAuthority.root("root");
    private static final TestAuthority AUTHORITY = ROOT.intermediate("authority");
    private static final ObjectMapper JSON = new ObjectMapper();

    @Inject
    StreamServer server;

    private static ObjectNode body(String name, Issued issued) {
        return JSON.createObjectNode()
                .put("name", name)
                .put("certificate_chain", issued.chainPem())
                .put("private_key", issued.keyPem());
    }

    private static String create(Issued issued) {
        String name = unique("certificate");
        post("/v1/certificates", body(name, issued).toString()).then().statusCode(201);
        return name;
    }

    private static Response replace(String name, ObjectNode body) {
        String path = "/v1/certificates/" + name;
        return admin().header("If-Match", etag(path)).body(body.toString()).put(path);
    }

    @Test
    void created_isShownWithWhatItSaysAndWithoutItsKey() {
        Issued issued = AUTHORITY.ecdsaFor("shop.example.com", "*.shop.example.com");
        String name = unique("certificate");

        Response created = post("/v1/certificates", body(name, issued).toString());

        created.then()
                .statusCode(201)
                .body("private_key", nullValue())
                .body("subject", equalTo("CN=shop.example.com"))
                .body("sans", contains("shop.example.com", "*.shop.example.com"))
                .body("key_algorithm", equalTo("ECDSA-P-256"))
                .body("serial", equalTo(issued.certificate().getSerialNumber().toString(16)))
                .body(
                        "not_after",
                        equalTo(issued.certificate().getNotAfter().toInstant().toString()))
                .body("fingerprint_sha256.length()", equalTo(64));
        assertThat(created.asString()).doesNotContain("PRIVATE KEY");
    }

    @Test
    void key_isNowhereButSealedInItsRow() {
        Issued issued = AUTHORITY.rsaFor("shop.example.com");
        String name = create(issued);
        UUID id = UUID.fromString(admin().get("/v1/certificates/" + name).path("id"));

        assertThat(Database.rows("select envelope_key_id from certificate where id = ?", id)
                        .get(0))
                .hasSize(16);
        String row = Database.rows("select encode(private_key, 'base64') from certificate where id = ?", id)
                .get(0)
                .replace("\n", "");
        // The modulus would be in it, whatever the alignment of the Base64.
        assertThat(Base64.getDecoder().decode(row)).hasSize(12 + issued.key().length + 16);
        String key = Base64.getEncoder().encodeToString(issued.key()).substring(40, 120);
        assertThat(row).doesNotContain(key);
        assertThat(Database.rows("select before::text, after::text from audit where object_id = ?", id))
                .isNotEmpty()
                .noneMatch(text -> text.contains("private_key"));
    }

    @Test
    void put_withoutKey_isTakenWhileThePublicKeyStays() {
        Issued issued = AUTHORITY.ecdsaFor("shop.example.com");
        String name = create(issued);
        UUID id = UUID.fromString(admin().get("/v1/certificates/" + name).path("id"));
        List<String> sealed = Database.rows("select private_key from certificate where id = ?", id);

        Issued renewed = AUTHORITY.issue(issued.keys(), 200, "shop.example.com");
        ObjectNode body = body(name, renewed);
        body.remove("private_key");
        replace(name, body)
                .then()
                .statusCode(200)
                .body("serial", equalTo(renewed.certificate().getSerialNumber().toString(16)));
        assertThat(Database.rows("select private_key from certificate where id = ?", id))
                .isEqualTo(sealed);

        ObjectNode other = body(name, AUTHORITY.ecdsaFor("shop.example.com"));
        other.remove("private_key");
        long before = revision();
        replace(name, other)
                .then()
                .statusCode(422)
                .body("errors[0].pointer", equalTo("/private_key"))
                .body("errors[0].detail", containsString("absent (expected: the private key"));
        assertThat(revision()).isEqualTo(before);
    }

    @Test
    void put_theSameAgain_makesNoRevisionAndSealsNothingAnew() {
        Issued issued = AUTHORITY.ecdsaFor("shop.example.com");
        String name = create(issued);
        List<String> row = Database.rows("select private_key, version from certificate where name = ?", name);
        long before = revision();

        admin().body(body(name, issued).toString())
                .put("/v1/certificates/" + name)
                .then()
                .statusCode(200);

        assertThat(revision()).isEqualTo(before);
        assertThat(Database.rows("select private_key, version from certificate where name = ?", name))
                .isEqualTo(row);
    }

    @Test
    void create_keysAsToolsWriteThem_areTaken() throws IOException {
        Issued rsa = AUTHORITY.rsaFor("a.example.com");
        Issued ecdsa = AUTHORITY.ecdsaFor("a.example.com");
        byte[] pkcs1 = PrivateKeyInfo.getInstance(rsa.key())
                .parsePrivateKey()
                .toASN1Primitive()
                .getEncoded();
        takes(rsa, TestAuthority.pem("RSA PRIVATE KEY", pkcs1));
        BigInteger secret = ((ECPrivateKey) ecdsa.keys().getPrivate()).getS();
        byte[] sec1 =
                new org.bouncycastle.asn1.sec.ECPrivateKey(256, secret, SECObjectIdentifiers.secp256r1).getEncoded();
        takes(ecdsa, TestAuthority.pem("EC PRIVATE KEY", sec1));
        // As `openssl ecparam -genkey` writes it.
        byte[] curve = SECObjectIdentifiers.secp256r1.getEncoded();
        takes(ecdsa, TestAuthority.pem("EC PARAMETERS", curve) + TestAuthority.pem("EC PRIVATE KEY", sec1));
    }

    private static void takes(Issued issued, String key) {
        ObjectNode body = body(unique("certificate"), issued).put("private_key", key);
        post("/v1/certificates", body.toString()).then().statusCode(201);
    }

    private static void refuses(ObjectNode body, String pointer, String detail) {
        long before = revision();
        post("/v1/certificates", body.toString())
                .then()
                .statusCode(422)
                .body("errors.size()", equalTo(1))
                .body("errors[0].pointer", equalTo(pointer))
                .body("errors[0].detail", containsString(detail));
        assertThat(revision()).isEqualTo(before);
    }

    @Test
    void create_whatCannotBeUsed_is422ThatNamesTheMember() {
        Issued issued = AUTHORITY.ecdsaFor("a.example.com");
        String name = unique("certificate");
        ObjectNode good = body(name, issued);
        String other = AUTHORITY.ecdsaFor("a.example.com").keyPem();

        refuses(good.deepCopy().put("certificate_chain", "x"), "/certificate_chain", "text behind 0 certificates");
        refuses(
                good.deepCopy()
                        .put("certificate_chain", TestAuthority.pem(List.of(issued.certificate(), ROOT.certificate()))),
                "/certificate_chain",
                "certificate 1, which did not sign certificate 0");
        refuses(body(name, AUTHORITY.expiredFor("a.example.com")), "/certificate_chain", "certificate 0 expired at ");
        refuses(
                body(name, AUTHORITY.issue(TestAuthority.rsa(1_024), 9, "a.example.com")),
                "/certificate_chain",
                "RSA with 1024 bits");
        refuses(good.deepCopy().put("private_key", other), "/private_key", "another certificate's key");
        refuses(good.deepCopy().put("private_key", "x"), "/private_key", "no PEM block");
        refuses(good.deepCopy().put("private_key", issued.chainPem()), "/private_key", "a PEM block of another kind");
        refuses(good.deepCopy().put("ocsp_response", "AAAA"), "/ocsp_response", "bytes that are no response");
        refuses(
                good.deepCopy()
                        .put(
                                "ocsp_response",
                                base64(AUTHORITY.ocspResponse(
                                        AUTHORITY.ecdsaFor("a.example.com").certificate(), 5))),
                "/ocsp_response",
                "a response for another certificate");
        refuses(
                good.deepCopy().put("ocsp_response", base64(AUTHORITY.ocspResponse(issued.certificate(), -1))),
                "/ocsp_response",
                "stale since ");
        ObjectNode keyless = good.deepCopy();
        keyless.remove("private_key");
        refuses(keyless, "/private_key", "absent");
    }

    @Test
    void create_keyBeyondItsBound_isRefusedWithoutShowingIt() {
        ObjectNode body = body(unique("certificate"), AUTHORITY.ecdsaFor("a.example.com"));
        String key = "do-not-show-this".repeat(2_000);

        Response answer = post("/v1/certificates", body.put("private_key", key).toString());

        answer.then().statusCode(422).body("errors[0].pointer", equalTo("/private_key"));
        assertThat(answer.asString()).doesNotContain("do-not-show-this");
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    @Test
    void list_expiresBefore_areThoseOnly() {
        String name = create(AUTHORITY.issue(TestAuthority.ecdsa("secp384r1"), 3, "soon.example.com"));
        String late = create(AUTHORITY.issue(TestAuthority.ecdsa("secp256r1"), 60, "late.example.com"));
        String moment = Instant.now()
                .plus(30, ChronoUnit.DAYS)
                .truncatedTo(ChronoUnit.SECONDS)
                .toString();

        List<String> names = admin().get("/v1/certificates?limit=500&expires_before=" + moment)
                .path("items.name");

        assertThat(names).contains(name).doesNotContain(late);
    }

    @Test
    void node_getsChainKeyAndStaple() throws IOException {
        Issued issued = AUTHORITY.rsaFor("shop.example.com");
        byte[] ocsp = AUTHORITY.ocspResponse(issued.certificate(), 5);
        String name = unique("certificate");
        post(
                        "/v1/certificates",
                        body(name, issued).put("ocsp_response", base64(ocsp)).toString())
                .then()
                .statusCode(201);
        String root = unique("root");
        String pem = ROOT.certificatePem() + AUTHORITY.certificatePem();
        post(
                        "/v1/trust-roots",
                        JSON.createObjectNode()
                                .put("name", root)
                                .put("certificates", pem)
                                .toString())
                .then()
                .statusCode(201)
                .body("authorities.subject", contains("CN=root", "CN=authority"));
        String id = admin().get("/v1/certificates/" + name).path("id");
        String rootId = admin().get("/v1/trust-roots/" + root).path("id");

        try (TestNode node = TestNode.dial(server.port()).hello("certificates", System.nanoTime())) {
            List<Change> changes = node.take().changes();
            Certificate certificate = Certificate.parseFrom(
                    object(changes, ObjectKind.OBJECT_KIND_CERTIFICATE, id).getObject());
            assertThat(certificate.getName()).isEqualTo(name);
            assertThat(certificate.getCertificateChain()).isEqualTo(issued.chainPem());
            assertThat(certificate.getPrivateKey().toByteArray()).isEqualTo(issued.key());
            assertThat(certificate.getOcspResponse().toByteArray()).isEqualTo(ocsp);
            assertThat(certificate.getOcspNextUpdateMillis())
                    .isBetween(
                            Instant.now().plus(4, ChronoUnit.DAYS).toEpochMilli(),
                            Instant.now().plus(5, ChronoUnit.DAYS).toEpochMilli());
            TrustRoot trusted = TrustRoot.parseFrom(
                    object(changes, ObjectKind.OBJECT_KIND_TRUST_ROOT, rootId).getObject());
            assertThat(trusted)
                    .isEqualTo(TrustRoot.newBuilder()
                            .setId(rootId)
                            .setName(root)
                            .setCertificates(pem)
                            .build());
        }
    }

    @Test
    void listener_namesCertificatesAndTrustRoots_whichAreKept() throws IOException {
        String certificate = create(AUTHORITY.ecdsaFor("shop.example.com"));
        String root = unique("root");
        post(
                        "/v1/trust-roots",
                        JSON.createObjectNode()
                                .put("name", root)
                                .put("certificates", ROOT.certificatePem())
                                .toString())
                .then()
                .statusCode(201);
        String certificateId = admin().get("/v1/certificates/" + certificate).path("id");
        String rootId = admin().get("/v1/trust-roots/" + root).path("id");
        String name = unique("listener");
        String body = """
                {"name": "%s", "address": "192.0.2.99", "port": 4443, "tls": {"profile": "modern", "certificates": ["%s"],
                 "client_certificates": "require", "trust_roots": ["%s"]}}""";
        Response created = post("/v1/listeners", body.formatted(name, certificateId, root));
        created.then()
                .statusCode(201)
                .body("tls.profile", equalTo("modern"))
                .body("tls.certificates", contains(certificate))
                .body("tls.client_certificates", equalTo("require"))
                .body("tls.trust_roots", contains(root));
        admin().body(created.asString())
                .put("/v1/listeners/" + name)
                .then()
                .statusCode(200)
                .header("ETag", equalTo(created.header("ETag")));

        try (TestNode node = TestNode.dial(server.port()).hello("listener-tls", System.nanoTime())) {
            Listener listener = Listener.parseFrom(
                    object(node.take().changes(), ObjectKind.OBJECT_KIND_LISTENER, created.path("id"))
                            .getObject());
            assertThat(listener.getTls())
                    .isEqualTo(ListenerTls.newBuilder()
                            .setProfile(TlsProfile.TLS_PROFILE_MODERN)
                            .addCertificateIds(certificateId)
                            .setClientCertificates(ClientCertificates.CLIENT_CERTIFICATES_REQUIRE)
                            .addTrustRootIds(rootId)
                            .build());
        }
        for (String path : List.of("/v1/certificates/" + certificate, "/v1/trust-roots/" + root)) {
            admin().header("If-Match", etag(path))
                    .delete(path)
                    .then()
                    .statusCode(409)
                    .body("detail", containsString("listener " + name));
        }
        admin().header("If-Match", "*").delete("/v1/listeners/" + name).then().statusCode(204);
        admin().header("If-Match", "*")
                .delete("/v1/certificates/" + certificate)
                .then()
                .statusCode(204);
        admin().header("If-Match", "*").delete("/v1/trust-roots/" + root).then().statusCode(204);

        post("/v1/listeners", body.formatted(name, "no-such-certificate", "no-such-root"))
                .then()
                .statusCode(422)
                .body("errors.pointer", contains("/tls/certificates/0", "/tls/trust_roots/0"));
    }

    private static Change object(List<Change> changes, ObjectKind kind, String id) {
        return changes.stream()
                .filter(change -> change.getKind() == kind && change.getId().equals(id))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void trustRoot_whatCannotBeBelieved_is422ThatNamesTheMember() {
        String expired = TestAuthority.pem(List.of(AUTHORITY.expiredFor("old").certificate()));
        for (String[] bad : new String[][] {
            {"x", "text behind 0 certificates"},
            {ROOT.certificatePem() + ROOT.certificatePem(), "certificate 1 once more"},
            {expired, "certificate 0 (CN=old) expired at "}
        }) {
            post(
                            "/v1/trust-roots",
                            JSON.createObjectNode()
                                    .put("name", unique("root"))
                                    .put("certificates", bad[0])
                                    .toString())
                    .then()
                    .statusCode(422)
                    .body("errors[0].pointer", equalTo("/certificates"))
                    .body("errors[0].detail", containsString(bad[1]));
        }
    }
}
