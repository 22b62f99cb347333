package io.tollgate.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tollgate.e2e.harness.Await;
import io.tollgate.e2e.harness.Cluster;
import io.tollgate.e2e.harness.ControlPlane;
import io.tollgate.e2e.harness.ExternalPostgres;
import io.tollgate.e2e.harness.Jars;
import io.tollgate.e2e.harness.JsonAdmin;
import io.tollgate.engine.fixture.TestAuthority;
import io.tollgate.engine.fixture.acme.AcmeServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;

/** Certificates that the control plane gets by itself, from the wish to the handshake, through real processes. */
class AcmeClientIT {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    /** A lease of a control plane that is gone ends first. */
    private static final Duration TAKEOVER = Duration.ofSeconds(60);

    private static final String BEGUN = "event=acme-attempt-begun name=www";
    private static final String HMAC = "zWNDZM6eQGHWpSRTPal5eIUYFTu7EajVIoguysqZ9wG44nMEtx3MUAsUDkMTQ12W";
    private static final TestAuthority INTERNAL = TestAuthority.root("internal");
    private static final ObjectMapper JSON = new ObjectMapper();

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static JsonNode certificate(JsonAdmin admin, String name) throws IOException {
        return JSON.readTree(admin.get("/v1/certificates/" + name).body());
    }

    private static String want(String name, String domain, String challenge) {
        return "{\"name\": \"" + name + "\", \"acme\": {\"issuer\": \"ours\", \"domains\": [\"" + domain
                + "\"], \"challenge\": \"" + challenge + "\"}}";
    }

    private static void awaitValid(JsonAdmin admin, String name, Duration patience) {
        Await.untilAsserted(patience, () -> {
            JsonNode read = certificate(admin, name);
            assertThat(read.path("acme").path("status").asText())
                    .as(read.toString())
                    .isEqualTo("valid");
        });
    }

    /** What a client that believes the issuer is shown for a name, which must be its own. */
    private static X509Certificate shown(AcmeServer server, int port, String name)
            throws IOException, GeneralSecurityException {
        KeyStore roots = KeyStore.getInstance("PKCS12");
        roots.load(null, null);
        roots.setCertificateEntry("root", server.root());
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(roots);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        try (SSLSocket socket =
                (SSLSocket) context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout((int) PATIENCE.toMillis());
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setServerNames(List.of(new SNIHostName(name)));
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            return (X509Certificate) socket.getSession().getPeerCertificates()[0];
        }
    }

    @Test
    void certificates_ofBothChallenges_areGotShownAndRenewed() throws Exception {
        int port = freePort();
        try (Cluster cluster = Cluster.start("acme-client", 1);
                AcmeServer server = AcmeServer.start(INTERNAL.ecdsaFor("localhost"))
                        .externalAccount("kid-1", Base64.getUrlDecoder().decode(HMAC))
                        .httpPorts(cluster.node(1).proxyPort())
                        .tlsPorts(port)
                        .refuseNonces(2)
                        .holdBack()) {
            JsonAdmin admin = new JsonAdmin(cluster.controlPlane());
            admin.put(
                    "/v1/trust-roots/internal",
                    "{\"name\": \"internal\", \"certificates\": " + JSON.writeValueAsString(INTERNAL.certificatePem())
                            + "}");
            admin.put(
                    "/v1/acme-issuers/ours",
                    "{\"name\": \"ours\", \"directory_url\": \"" + server.directoryUrl()
                            + "\", \"terms_of_service_agreed\": true, \"trust_roots\": [\"internal\"],"
                            + " \"external_account\": {\"key_id\": \"kid-1\", \"hmac_key\": \"" + HMAC + "\"}}");
            admin.put("/v1/certificates/www", want("www", "www.example.com", "http-01"));
            admin.put("/v1/certificates/shop", want("shop", "shop.example.com", "tls-alpn-01"));
            admin.put(
                    "/v1/listeners/secure",
                    "{\"name\": \"secure\", \"address\": \"127.0.0.1\", \"port\": " + port
                            + ", \"tls\": {\"certificates\": [\"www\", \"shop\"]}}");
            assertThatThrownBy(() -> shown(server, port, "www.example.com"))
                    .as("nothing to show yet")
                    .isInstanceOf(SSLException.class);

            server.goOn();
            awaitValid(admin, "www", PATIENCE);
            awaitValid(admin, "shop", PATIENCE);

            awaitShown(server, port, "www.example.com", certificate(admin, "www"));
            awaitShown(server, port, "shop.example.com", certificate(admin, "shop"));
            assertThat(server.orders()).isEqualTo(2);
            assertThat(server.accounts()).isEqualTo(1);
            assertThat(server.noncesRefused()).isEqualTo(2);
            Await.until(
                    "no challenge is left",
                    PATIENCE,
                    () -> admin.get("/v1/acme-challenges").body().contains("\"items\":[]"));

            renewed(cluster, admin, server, port);
            secretsAreNowhere(cluster, admin);
        }
    }

    private static void awaitShown(AcmeServer server, int port, String name, JsonNode certificate) {
        Await.untilAsserted(
                PATIENCE,
                () -> assertThat(shown(server, port, name).getSerialNumber().toString(16))
                        .isEqualTo(certificate.path("serial").asText()));
    }

    private static void renewed(Cluster cluster, JsonAdmin admin, AcmeServer server, int port) throws Exception {
        String before = certificate(admin, "shop").path("serial").asText();
        HttpResponse<String> answer = admin.send("POST", "/v1/certificates/shop/renew", "");
        assertThat(answer.statusCode()).isEqualTo(202);
        Await.untilAsserted(
                PATIENCE,
                () -> assertThat(certificate(admin, "shop").path("serial").asText())
                        .isNotEqualTo(before));
        awaitShown(server, port, "shop.example.com", certificate(admin, "shop"));

        server.tlsPorts(1);
        admin.send("POST", "/v1/certificates/shop/renew", "");
        Await.untilAsserted(
                PATIENCE,
                () -> assertThat(certificate(admin, "shop")
                                .path("acme")
                                .path("error")
                                .asText())
                        .startsWith("shop.example.com: tls: port 1"));
        awaitShown(server, port, "shop.example.com", certificate(admin, "shop"));
        assertThat(cluster.node(1).process().isAlive()).isTrue();
    }

    private static void secretsAreNowhere(Cluster cluster, JsonAdmin admin) {
        String revisions = admin.get("/v1/revisions?limit=100").body();
        for (String text : List.of(
                cluster.controlPlane().process().errors(),
                cluster.node(1).process().errors(),
                admin.get("/v1/acme-issuers").body(),
                admin.get("/v1/certificates").body(),
                revisions)) {
            assertThat(text).doesNotContain(HMAC).doesNotContain("PRIVATE KEY").doesNotContain("hmac_key");
        }
        assertThat(revisions).contains("\"actor\":\"acme\"");
    }

    @Test
    void controlPlane_killedInTheMiddleOfAnOrder_anotherFinishesTheSameOrder() throws Exception {
        try (ExternalPostgres postgres = ExternalPostgres.start(Jars.emptyDirectory("acme-postgresql"));
                Cluster cluster = Cluster.start("acme-shared", 0, Map.of("TOLLGATE_DATABASE_URL", postgres.url()));
                ControlPlane second = ControlPlane.start(
                                cluster.directory().resolve("second"),
                                Map.of(
                                        "TOLLGATE_DATABASE_URL",
                                        postgres.url(),
                                        "TOLLGATE_ENVELOPE_KEY_FILE",
                                        cluster.controlPlane()
                                                .home()
                                                .resolve("envelope-key")
                                                .toString(),
                                        "TOLLGATE_JOIN_TOKEN",
                                        Files.readString(cluster.controlPlane().joinTokenFile())
                                                .strip()))
                        .awaitReady()) {
            cluster.addNode(
                    "node-1",
                    Map.of(
                            "TOLLGATE_CONTROL_PLANE",
                            "127.0.0.1:" + cluster.controlPlane().streamPort() + ",127.0.0.1:" + second.streamPort()));
            try (AcmeServer server =
                    AcmeServer.start().httpPorts(cluster.node(1).proxyPort()).holdBack()) {
                takeOver(cluster, second, server);
            }
        }
    }

    private static void takeOver(Cluster cluster, ControlPlane second, AcmeServer server) throws Exception {
        JsonAdmin first = new JsonAdmin(cluster.controlPlane());
        first.put(
                "/v1/acme-issuers/ours",
                "{\"name\": \"ours\", \"directory_url\": \"" + server.directoryUrl()
                        + "\", \"terms_of_service_agreed\": true}");
        first.put("/v1/certificates/www", want("www", "www.example.com", "http-01"));
        Await.until("the server is told to look", PATIENCE, () -> server.heldBack() == 1);
        boolean firstHasIt = cluster.controlPlane().process().errors().contains(BEGUN);
        ControlPlane holder = firstHasIt ? cluster.controlPlane() : second;
        ControlPlane left = firstHasIt ? second : cluster.controlPlane();
        assertThat(holder.process().errors()).contains(BEGUN + " issuer=ours order=new");
        assertThat(left.process().errors()).doesNotContain(BEGUN);
        JsonAdmin other = new JsonAdmin(left);

        holder.process().kill();
        server.goOn();

        awaitValid(other, "www", TAKEOVER);
        assertThat(server.orders()).as("the order was gone on with").isEqualTo(1);
        assertThat(server.certificates()).isEqualTo(1);
        // It says so once the challenges are gone, which is after the certificate is there.
        Await.untilAsserted(
                PATIENCE,
                () -> assertThat(left.process().errors())
                        .contains("event=acme-attempt-begun name=www issuer=ours order=http")
                        .contains("event=acme-certificate-obtained name=www"));
        assertThat(other.get("/v1/acme-challenges").body()).contains("\"items\":[]");
    }
}
