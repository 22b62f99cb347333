package io.tollgate.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.e2e.harness.Caller;
import io.tollgate.e2e.harness.Cluster;
import io.tollgate.e2e.harness.JsonAdmin;
import io.tollgate.engine.fixture.TestAuthority;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Services over HTTP/2 and TLS through the admin API and a real node. */
class UpstreamProtocolsIT {
    private static final TestAuthority AUTHORITY = TestAuthority.root("house");
    private static final TestAuthority CLIENTS = TestAuthority.root("clients");

    private static Cluster cluster;
    private static JsonAdmin admin;
    private static Vertx vertx;

    @BeforeAll
    static void start() {
        cluster = Cluster.start("protocols", 0);
        cluster.addNode("node-1", Map.of());
        admin = new JsonAdmin(cluster.controlPlane());
        vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    }

    @AfterAll
    static void stop() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        cluster.close();
    }

    private static String subscribed(String name) throws Exception {
        admin.put("/v1/routes/" + name, """
                {"name": "%s", "service": "%s", "paths": [{"type": "prefix", "value": "/%s"}],
                 "rewrite": {"replace_prefix": "/"}}""".formatted(name, name, name));
        cluster.admin().plan(name + "-plan");
        return cluster.admin().subscriber(name, name + "-plan");
    }

    @Test
    void http2_inTheClear_isAnsweredAndMeasuredAsEver() throws Exception {
        admin.put("/v1/services/clear", """
                {"name": "clear", "protocol": "http2", "targets": [{"host": "127.0.0.1", "port": %d}],
                 "health_check": {"type": "http", "path": "/healthz", "interval_millis": 200}}""".formatted(cluster.upstream().port()));
        String key = subscribed("clear");
        try (Caller caller = new Caller(cluster.node(1).proxyPort())) {
            for (int i = 0; i < 100; i++) {
                assertThat(caller.get("/clear/pets/1", key).status()).isEqualTo(200);
            }
            try (Caller operator = new Caller(cluster.node(1).operationsPort())) {
                assertThat(operator.get("/upstreams", "").text()).contains("\"checked\":\"healthy\"");
            }
        }
    }

    @Test
    void tls_mutualWithItsOwnAuthorities_survivesANewClientCertificate() throws Exception {
        Set<String> seen = ConcurrentHashMap.newKeySet();
        HttpServer server = secured(seen);
        proof(
                "trust-roots",
                "{\"name\": \"house\", \"certificates\": \"%s\"}".formatted(json(AUTHORITY.certificatePem())));
        clientCertificate("first.clients");
        admin.put("/v1/services/secured", """
                {"name": "secured", "protocol": "auto", "connect_timeout_millis": 20000, "targets": [{"host": "127.0.0.1", "port": %d}],
                 "tls": {"sni": "pets.house", "trust_root": "house", "client_certificate": "gateway", "version_min": "tls13"}}""".formatted(server.actualPort()));
        String key = subscribed("secured");
        try (Caller caller = new Caller(cluster.node(1).proxyPort())) {
            for (int i = 0; i < 200; i++) {
                if (i == 100) {
                    clientCertificate("second.clients");
                }
                assertThat(caller.get("/secured/", key).status())
                        .as("call %d", i)
                        .isEqualTo(200);
            }
            assertThat(seen).containsExactlyInAnyOrder("HTTP_2 CN=first.clients", "HTTP_2 CN=second.clients");

            HttpResponse<String> held = admin.delete("/v1/certificates/gateway");
            assertThat(held.statusCode()).isEqualTo(409);
            assertThat(held.body()).contains("service secured");
        }
    }

    /** Who is called in which way is noted in {@code seen}. */
    private static HttpServer secured(Set<String> seen) throws Exception {
        TestAuthority.Issued own = AUTHORITY.ecdsaFor("pets.house");
        HttpServerOptions options = new HttpServerOptions()
                .setHost("127.0.0.1")
                .setPort(0)
                .setSsl(true)
                .setUseAlpn(true)
                .setClientAuth(ClientAuth.REQUIRED)
                .setKeyCertOptions(new PemKeyCertOptions()
                        .setCertValue(Buffer.buffer(own.chainPem()))
                        .setKeyValue(Buffer.buffer(own.keyPem())))
                .setTrustOptions(new PemTrustOptions().addCertValue(Buffer.buffer(CLIENTS.certificatePem())));
        return vertx.createHttpServer(options)
                .requestHandler(request -> {
                    seen.add(request.version() + " " + client(request));
                    request.response().end("pets");
                })
                .listen()
                .toCompletionStage()
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
    }

    private static String client(HttpServerRequest request) {
        SSLSession session = request.connection().sslSession();
        try {
            return session == null ? "nobody" : session.getPeerPrincipal().getName();
        } catch (SSLPeerUnverifiedException e) {
            return "nobody";
        }
    }

    private static void clientCertificate(String name) {
        TestAuthority.Issued issued = CLIENTS.ecdsaFor(name);
        proof(
                "certificates",
                "{\"name\": \"gateway\", \"certificate_chain\": \"%s\", \"private_key\": \"%s\"}"
                        .formatted(json(issued.chainPem()), json(issued.keyPem())));
    }

    private static void proof(String collection, String body) {
        admin.put("/v1/" + collection + "/" + (collection.equals("certificates") ? "gateway" : "house"), body);
    }

    private static String json(String pem) {
        return pem.replace("\n", "\\n");
    }
}
