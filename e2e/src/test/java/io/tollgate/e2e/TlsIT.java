package io.tollgate.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tollgate.e2e.harness.Await;
import io.tollgate.e2e.harness.Caller;
import io.tollgate.e2e.harness.Cluster;
import io.tollgate.e2e.harness.JsonAdmin;
import io.tollgate.engine.fixture.TestAuthority;
import io.tollgate.node.fixture.HelloProbe;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** HTTPS from the admin API to a real node and a client that checks whom it speaks to. */
class TlsIT {
    private static final TestAuthority AUTHORITY = TestAuthority.root("public");
    private static final TestAuthority PARTNERS = TestAuthority.root("partners");
    private static final TestAuthority STRANGERS = TestAuthority.root("strangers");

    private static Cluster cluster;
    private static JsonAdmin admin;
    private static String key;
    private static int port;

    @BeforeAll
    static void start() throws Exception {
        cluster = Cluster.start("tls", 0);
        cluster.addNode(
                "node-1",
                Map.of(
                        "TOLLGATE_ACCESS_LOG",
                        log().toString(),
                        "TOLLGATE_ACCESS_LOG_FIELDS",
                        "path,client_certificate_subject,status"));
        admin = new JsonAdmin(cluster.controlPlane());
        cluster.admin().service("petstore", cluster.upstream().port());
        cluster.admin().route("pets", "petstore", "/pets");
        cluster.admin().plan("gold");
        key = cluster.admin().subscriber("acme", "gold");
        certificate("local", AUTHORITY.rsaFor("localhost"));
        port = freePort();
        admin.put(
                "/v1/listeners/secure",
                "{\"name\": \"secure\", \"address\": \"127.0.0.1\", \"port\": " + port
                        + ", \"tls\": {\"profile\": \"intermediate\", \"certificates\": [\"local\"]}}");
        admin.put("/v1/policies/hsts", """
                {"name": "hsts", "type": "hsts", "hsts": {"max_age_seconds": 31536000, "include_subdomains": true}}""");
    }

    private static Path log() {
        return cluster.directory().resolve("access.log");
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Test
    void call_overHttps_isOneOfHttp2AndToldAsSecure() throws Exception {
        HttpResponse<String> answer = get(client(HttpClient.Version.HTTP_2, AUTHORITY), "/pets/1");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
        assertThat(answer.headers().firstValue("Strict-Transport-Security"))
                .hasValue("max-age=31536000; includeSubDomains");
        assertThat(get(client(HttpClient.Version.HTTP_1_1, AUTHORITY), "/pets/1")
                        .version())
                .isEqualTo(HttpClient.Version.HTTP_1_1);
        try (Caller plain = new Caller(cluster.node(1).proxyPort())) {
            assertThat(plain.get("/pets/1", key).header("Strict-Transport-Security"))
                    .as("in the clear it means nothing (RFC 6797, 7.2)")
                    .isEmpty();
        }
    }

    @Test
    void webSocket_overTls_echoes() throws Exception {
        cluster.admin().route("ws", "petstore", "/ws");
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        WebSocket socket = client(HttpClient.Version.HTTP_1_1, AUTHORITY)
                .newWebSocketBuilder()
                .header("X-Api-Key", key)
                .buildAsync(URI.create("wss://localhost:" + port + "/ws"), new WebSocket.Listener() {
                    @Override
                    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence text, boolean last) {
                        heard.add(text.toString());
                        from.request(1);
                        return null;
                    }
                })
                .get(20, TimeUnit.SECONDS);
        try {
            for (String text : List.of("one", "two".repeat(1_000))) {
                socket.sendText(text, true).get(20, TimeUnit.SECONDS);
                StringBuilder echo = new StringBuilder();
                while (echo.length() < text.length()) {
                    echo.append(Objects.requireNonNull(heard.poll(20, TimeUnit.SECONDS), "an echo"));
                }
                assertThat(echo.toString()).isEqualTo(text);
            }
        } finally {
            socket.abort();
        }
    }

    @Test
    void client_thatDoesNotBelieveTheIssuer_ends() throws Exception {
        assertThatThrownBy(() -> get(client(HttpClient.Version.HTTP_2, STRANGERS), "/pets/1"))
                .isInstanceOf(SSLHandshakeException.class);
    }

    @Test
    void certificate_replaced_failsNoCallAndIsShownAtOnce() throws Exception {
        HttpClient kept = client(HttpClient.Version.HTTP_1_1, AUTHORITY);
        for (int i = 0; i < 10; i++) {
            TestAuthority.Issued fresh = i % 2 == 0 ? AUTHORITY.ecdsaFor("localhost") : AUTHORITY.rsaFor("localhost");
            certificate("local", fresh);
            assertThat(get(kept, "/pets/1").statusCode()).isEqualTo(200);

            HttpResponse<String> answer = get(client(HttpClient.Version.HTTP_2, AUTHORITY), "/pets/1");

            assertThat(answer.statusCode()).isEqualTo(200);
            X509Certificate shown =
                    (X509Certificate) answer.sslSession().orElseThrow().getPeerCertificates()[0];
            assertThat(shown.getPublicKey().getAlgorithm()).isEqualTo(i % 2 == 0 ? "EC" : "RSA");
        }
    }

    @Test
    void certificates_listed_tellWhenTheyExpireAndNeverTheKey() throws Exception {
        String listed = admin.get("/v1/certificates").body();

        assertThat(listed).contains("\"name\":\"local\"", "\"not_after\":\"", "\"sans\":[\"localhost\"]");
        assertThat(listed).doesNotContain("private_key", "PRIVATE KEY");
        try (Caller operations = new Caller(cluster.node(1).operationsPort())) {
            assertThat(operations.get("/metrics", "").text())
                    .contains("tollgate_certificate_not_after_seconds{certificate=\"local\"}");
            assertThat(operations.get("/snapshot", "").text()).doesNotContain("PRIVATE KEY");
        }
        assertThat(admin.delete("/v1/certificates/local").statusCode()).isEqualTo(409);
    }

    @Test
    void privateKey_onDisk_isSealedInTheDatabaseAndTheNodesFileIsItsOwn() throws Exception {
        TestAuthority.Issued issued = AUTHORITY.ecdsaFor("sealed.example.com");
        certificate("sealed", issued);
        byte[] secret = issued.keyPem()
                .replaceAll("-----[A-Z ]+-----|\\s", "")
                .substring(40, 90)
                .getBytes(StandardCharsets.US_ASCII);

        try (Stream<Path> files = Files.walk(cluster.controlPlane().home())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(contains(file, secret)).as(file.toString()).isFalse();
            }
        }
    }

    @Test
    void ocspResponse_given_isStapledAndShownToWhoeverConnects() throws Exception {
        TestAuthority.Issued issued = AUTHORITY.ecdsaFor("localhost");
        byte[] response = AUTHORITY.ocspResponse(issued.certificate(), 5);
        certificate(
                "local", issued, ", \"ocsp_response\": \"" + Base64.getEncoder().encodeToString(response) + '"');

        SSLSession session = get(client(HttpClient.Version.HTTP_2, AUTHORITY), "/pets/1")
                .sslSession()
                .orElseThrow();

        assertThat(((ExtendedSSLSession) session).getStatusResponses())
                .singleElement()
                .isEqualTo(response);
    }

    @Test
    void clientCertificate_required_isLoggedWithEachCall() throws Exception {
        admin.put(
                "/v1/trust-roots/partners",
                "{\"name\": \"partners\", \"certificates\": \"" + json(PARTNERS.certificatePem()) + "\"}");
        int mutual = freePort();
        admin.put(
                "/v1/listeners/mutual",
                "{\"name\": \"mutual\", \"address\": \"127.0.0.1\", \"port\": " + mutual
                        + ", \"tls\": {\"certificates\": [\"local\"], \"client_certificates\": \"require\","
                        + " \"trust_roots\": [\"partners\"]}}");
        URI pet = URI.create("https://localhost:" + mutual + "/pets/2");
        HttpRequest call = HttpRequest.newBuilder(pet).header("X-Api-Key", key).build();
        HttpClient partner = client(HttpClient.Version.HTTP_2, AUTHORITY, PARTNERS.rsaFor("partner"));

        assertThat(partner.send(call, HttpResponse.BodyHandlers.ofString()).statusCode())
                .isEqualTo(200);
        assertThatThrownBy(() ->
                        client(HttpClient.Version.HTTP_2, AUTHORITY).send(call, HttpResponse.BodyHandlers.ofString()))
                .isInstanceOf(IOException.class);

        Await.until("the call is logged", Duration.ofSeconds(20), () -> lines().contains("/pets/2"));
        assertThat(lines())
                .containsOnlyOnce("\"/pets/2\"")
                .contains("{\"path\":\"/pets/2\",\"client_certificate_subject\":\"CN=partner\",\"status\":200}");
    }

    @Test
    void tls_turnedOnAndOffWhileAllDial_refusesNobody() throws Exception {
        int place = freePort();
        String clear = "{\"name\": \"turned\", \"address\": \"127.0.0.1\", \"port\": " + place;
        admin.put("/v1/listeners/turned", clear + "}");
        AtomicBoolean enough = new AtomicBoolean();
        ExecutorService dialer = Executors.newSingleThreadExecutor();
        try {
            Future<Integer> dialling = dialer.submit(() -> {
                HelloProbe probe = new HelloProbe();
                int dials = 0;
                while (!enough.get()) {
                    probe.dial(place);
                    dials++;
                }
                return dials;
            });
            HelloProbe probe = new HelloProbe();
            for (int change = 0; change < 10; change++) {
                boolean secure = change % 2 == 0;
                admin.put(
                        "/v1/listeners/turned", clear + (secure ? ", \"tls\": {\"certificates\": [\"local\"]}}" : "}"));
                assertThat(probe.dial(place)).isEqualTo(secure ? HelloProbe.Spoken.TLS : HelloProbe.Spoken.CLEAR);
            }
            enough.set(true);
            assertThat(dialling.get()).isGreaterThan(10);
        } finally {
            enough.set(true);
            dialer.shutdownNow();
        }
    }

    private static String lines() throws IOException {
        return Files.exists(log()) ? Files.readString(log()) : "";
    }

    private static boolean contains(Path file, byte[] part) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1)
                .contains(new String(part, StandardCharsets.ISO_8859_1));
    }

    private static void certificate(String name, TestAuthority.Issued issued) {
        certificate(name, issued, "");
    }

    private static void certificate(String name, TestAuthority.Issued issued, String more) {
        admin.put(
                "/v1/certificates/" + name,
                "{\"name\": \"" + name + "\", \"certificate_chain\": \"" + json(issued.chainPem())
                        + "\", \"private_key\": \"" + json(issued.keyPem()) + '"' + more + '}');
    }

    private static String json(String pem) {
        return pem.replace("\r", "").replace("\n", "\\n");
    }

    private static HttpResponse<String> get(HttpClient client, String path) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create("https://localhost:" + port + path))
                        .header("X-Api-Key", key)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static HttpClient client(HttpClient.Version version, TestAuthority believed) throws Exception {
        return client(version, believed, null);
    }

    /** @param own what it shows when it is asked; null: nothing */
    private static HttpClient client(
            HttpClient.Version version, TestAuthority believed, TestAuthority.@Nullable Issued own) throws Exception {
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        KeyStore shown = KeyStore.getInstance(KeyStore.getDefaultType());
        shown.load(null, null);
        if (own != null) {
            shown.setKeyEntry(
                    "own", own.keys().getPrivate(), new char[0], own.chain().toArray(X509Certificate[]::new));
        }
        keys.init(shown, new char[0]);
        KeyStore roots = KeyStore.getInstance(KeyStore.getDefaultType());
        roots.load(null, null);
        roots.setCertificateEntry(
                "root",
                CertificateFactory.getInstance("X.509")
                        .generateCertificate(new ByteArrayInputStream(
                                believed.certificatePem().getBytes(StandardCharsets.US_ASCII))));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(roots);
        SSLContext context = Objects.requireNonNull(SSLContext.getInstance("TLS"));
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return HttpClient.newBuilder().version(version).sslContext(context).build();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }
}
