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
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.junit.QuarkusTest;
import io.tollgate.controlplane.stream.StreamServer;
import io.tollgate.controlplane.stream.TestNode;
import io.tollgate.proto.config.v1.Change;
import io.tollgate.proto.config.v1.Credential;
import jakarta.inject.Inject;
import java.io.IOException;
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
}
