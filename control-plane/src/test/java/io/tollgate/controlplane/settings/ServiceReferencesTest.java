package io.tollgate.controlplane.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.tollgate.controlplane.EmbeddedPostgresResource;
import io.tollgate.controlplane.admin.Certificates;
import io.tollgate.controlplane.stream.Operator;
import io.tollgate.controlplane.stream.StreamServer;
import io.tollgate.controlplane.stream.TestNode;
import io.tollgate.proto.config.v1.Change;
import io.tollgate.proto.config.v1.ObjectKind;
import io.tollgate.proto.config.v1.Service;
import io.tollgate.proto.config.v1.UpstreamTls;
import jakarta.inject.Inject;
import java.io.IOException;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(EmbeddedPostgresResource.class)
class ServiceReferencesTest {
    @Inject
    StreamServer server;

    private static Response put(String name, String tls) {
        return Operator.request().body("""
                        {"name": "%s", "targets": [{"host": "127.0.0.1", "port": 8443}], "tls": {%s}}""".formatted(name, tls)).put("/v1/services/" + name);
    }

    private static void proofs(String name) {
        Operator.put("/v1/trust-roots/" + name, "{\"name\": \"" + name + "\", " + Certificates.TRUST_ROOT + "}");
        Operator.put("/v1/certificates/" + name, "{\"name\": \"" + name + "\", " + Certificates.CERTIFICATE + "}");
    }

    private static Response delete(String path) {
        return Operator.request()
                .header("If-Match", Operator.request().get(path).header("ETag"))
                .delete(path);
    }

    private static String id(String path) {
        return Operator.request().get(path).path("id");
    }

    @Test
    void put_byNameOrId_isShownByNameAndToldById() throws IOException {
        proofs("tls-shown");
        put(
                        "tls-shown",
                        "\"trust_root\": \"" + id("/v1/trust-roots/tls-shown")
                                + "\", \"client_certificate\": \"tls-shown\"")
                .then()
                .statusCode(201)
                .body("tls.trust_root", equalTo("tls-shown"))
                .body("tls.client_certificate", equalTo("tls-shown"))
                .body("tls.verify", equalTo(true));
        Operator.request()
                .get("/v1/services?limit=500")
                .then()
                .body("items.find { it.name == 'tls-shown' }.tls.trust_root", equalTo("tls-shown"));
        try (TestNode node = TestNode.dial(server.port()).hello("service-references", System.nanoTime())) {
            String id = id("/v1/services/tls-shown");
            for (Change change : node.take().changes()) {
                if (change.getKind() == ObjectKind.OBJECT_KIND_SERVICE
                        && change.getId().equals(id)) {
                    UpstreamTls tls = Service.parseFrom(change.getObject()).getTls();
                    assertThat(tls.getTrustRootId()).isEqualTo(id("/v1/trust-roots/tls-shown"));
                    assertThat(tls.getClientCertificateId()).isEqualTo(id("/v1/certificates/tls-shown"));
                    assertThat(tls.getVerify()).isTrue();
                    return;
                }
            }
        }
        throw new AssertionError("the node did not get the service");
    }

    @Test
    void delete_whatAServiceRefersTo_is409ThatNamesIt() {
        proofs("tls-held");
        put("tls-holder", "\"trust_root\": \"tls-held\", \"client_certificate\": \"tls-held\"")
                .then()
                .statusCode(201);
        delete("/v1/trust-roots/tls-held").then().statusCode(409).body("detail", containsString("service tls-holder"));
        delete("/v1/certificates/tls-held").then().statusCode(409).body("detail", containsString("service tls-holder"));
        Operator.put(
                "/v1/services/tls-holder",
                "{\"name\": \"tls-holder\", \"targets\": [{\"host\": \"127.0.0.1\", \"port\": 8443}]}");
        delete("/v1/trust-roots/tls-held").then().statusCode(204);
        delete("/v1/certificates/tls-held").then().statusCode(204);
    }

    @Test
    void put_whatIsNotThere_is422ThatPointsAtEach() {
        put("tls-dangling", "\"trust_root\": \"gone\", \"client_certificate\": \"gone-too\"")
                .then()
                .statusCode(422)
                .body("errors.pointer", hasItems("/tls/trust_root", "/tls/client_certificate"));
    }

    @Test
    void put_whatContradictsItself_is422() {
        proofs("tls-unused");
        put("tls-unused", "\"trust_root\": \"tls-unused\", \"verify\": false")
                .then()
                .statusCode(422)
                .body("problems.pointer", hasItem("/tls/trust_root"));
        Operator.request()
                .body("""
                        {"name": "auto-clear", "targets": [{"host": "127.0.0.1", "port": 8443}], "protocol": "auto"}""")
                .put("/v1/services/auto-clear")
                .then()
                .statusCode(422)
                .body("problems.pointer", hasItem("/protocol"));
    }
}
