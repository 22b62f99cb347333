package io.tollgate.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.tollgate.e2e.harness.Await;
import io.tollgate.e2e.harness.Caller;
import io.tollgate.e2e.harness.ControlPlane;
import io.tollgate.e2e.harness.ExternalPostgres;
import io.tollgate.e2e.harness.Jars;
import io.tollgate.e2e.harness.JavaProcess;
import io.tollgate.e2e.harness.JsonAdmin;
import io.tollgate.e2e.harness.NodeProcess;
import io.tollgate.e2e.harness.Planted;
import io.tollgate.e2e.harness.Upstream;
import io.tollgate.engine.fixture.TestAuthority;
import io.tollgate.engine.fixture.TestIssuer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

/**
 * Plants secrets of every kind in real processes, has them succeed, fail and err with them, and looks for them in all that comes out:
 * logs, answers, metrics, traces, files, exports, and the tables and files of the database.
 */
class SecretsIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration SOON = Duration.ofSeconds(40);
    private static final String ISSUER = "https://login.example.com/";
    private static final String DATABASE_PASSWORD = "Db~planted-0f3c91b7";
    private static final String HMAC_SECRET = "hmac-planted-7d20c3fe19ab4456-and-long-enough-for-hs256";
    private static final String FOREIGN_KEY = "foreign-planted-f3a91c07be254d8895aa";
    private static final String PASSWORD = "password-planted-5c81f00d77";
    private static final String BASIC_PASSWORD = "basic-planted:" + PASSWORD;
    private static final String CLIENT_SECRET = "client-planted-c4e7091bb2";
    private static final String SHARED_SECRET = "shared-planted-0a8d4417fe-and-long-enough";
    private static final String ACME_HMAC_KEY = "zWNDZM6eQGHWpSRTPal5eIUYFTu7EajVIoguysqZ9wG";
    private static final String COOKIE = "cookie-planted-91aa52e7d3";
    /** No secret: if this is not found everywhere that names are told, nothing was looked at. */
    private static final String CANARY = "canary-consumer-5a6b7c8d";
    /** The same for what is told of routes and listeners: traces, metrics, and what processes log. */
    private static final String CANARY_ROUTE = "canary-route-5a6b7c8d";

    private static final String CANARY_LISTENER = "canary-listener-5a6b7c8d";

    /** What only fails, also must not be repeated to whoever reads. */
    private static final String BAD_HMAC = "short-planted-hmac-2b";

    private static final String BAD_PEM = "bad-planted-private-key-44d1f9";
    private static final Set<String> OWN_SECRET_FILES = Set.of("admin-token", "join-token");

    private final Planted planted = new Planted();
    private final HttpClient client = HttpClient.newHttpClient();
    private final ConcurrentLinkedQueue<byte[]> traces = new ConcurrentLinkedQueue<>();
    private final byte[] envelopeKey = random(1);
    private final byte[] diskKey = random(2);
    private final TestAuthority.Issued serverKey = TestAuthority.root("planted").rsaFor("localhost");
    private final TestAuthority.Issued upstreamKey =
            TestAuthority.root("planted").ecdsaFor("gateway.example");

    private static byte[] random(int seed) {
        byte[] bytes = new byte[32];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    @Test
    void secrets_whateverHappens_stayWhereTheyBelong() throws Exception {
        Path directory = Jars.emptyDirectory("secrets");
        HttpServer collector = collector();
        try (ExternalPostgres postgres = ExternalPostgres.start(directory.resolve("postgresql"))) {
            postgres.execute("create role gateway superuser login password '" + DATABASE_PASSWORD + "'");
            postgres.wantPasswords();
            try (ControlPlane controlPlane = ControlPlane.start(
                                    directory.resolve("control-plane"),
                                    Map.of(
                                            "TOLLGATE_DATABASE_URL",
                                            postgres.url()
                                                    .replace(
                                                            "postgres:postgres@", "gateway:" + DATABASE_PASSWORD + "@"),
                                            "TOLLGATE_STREAM_SECURITY",
                                            "own-authority",
                                            "TOLLGATE_ENVELOPE_KEY",
                                            Base64.getEncoder().encodeToString(envelopeKey)))
                            .awaitReady();
                    Upstream upstream = Upstream.start(directory)) {
                JsonAdmin admin = new JsonAdmin(controlPlane);
                Keys keys = configure(admin, upstream.port());
                plant(controlPlane, keys);
                plantGenerated(postgres);
                try (NodeProcess node = node(directory, controlPlane, collector, admin)) {
                    List<String> said = new ArrayList<>();
                    call(node, keys, said);
                    misconfigure(controlPlane, admin, said);
                    ask(node, controlPlane, admin, keys, said);
                    Await.until("spans have come", SOON, () -> !traces.isEmpty());
                    Await.until(
                            "usage has come",
                            SOON,
                            () -> admin.get("/v1/usage/export?from=2020-01-01T00:00:00Z&to=2100-01-01T00:00:00Z")
                                    .body()
                                    .contains(CANARY));
                    said.add(admin.get("/v1/usage/export?from=2020-01-01T00:00:00Z&to=2100-01-01T00:00:00Z")
                            .body());
                    try (Caller operations = new Caller(node.operationsPort())) {
                        planted.look(
                                "metrics of the node",
                                operations.get("/metrics", "").text());
                    }
                    for (int i = 0; i < said.size(); i++) {
                        planted.look("answer " + i + ": " + beginning(said.get(i)), said.get(i));
                    }
                    lookAtFiles(node.home(), Set.of());
                    node.process().terminate();
                    // The last ones came with its end.
                    traces.forEach(batch -> planted.look("a batch of spans", batch));
                    lookAtFiles(node.home(), Set.of());
                    lookAtTables(postgres);
                }
                controlPlane.process().terminate();
                lookAtFiles(controlPlane.home(), OWN_SECRET_FILES);
                lookAtFiles(directory, OWN_SECRET_FILES);
                badStart(directory, postgres);
            }
        } finally {
            collector.stop(0);
        }
        assertThat(planted.looked()).isGreaterThan(60);
        List<String> canaries = planted.found().stream()
                .filter(found -> found.startsWith("canary"))
                .toList();
        assertThat(canaries)
                .anyMatch(found -> found.contains("table consumer"))
                .anyMatch(found -> found.contains("answer "))
                .anyMatch(found -> found.contains("access.log"))
                .anyMatch(found -> found.contains("a batch of spans"))
                .anyMatch(found -> found.contains("metrics of the node"))
                .anyMatch(found ->
                        found.startsWith("canary listener") && found.contains("/node-1") && found.endsWith(".log"))
                .anyMatch(found -> found.contains("postgresql/data/"));
        assertThat(planted.found()).containsExactlyElementsOf(canaries);
    }

    private static String beginning(String text) {
        return text.substring(0, Math.min(80, text.length())).replaceAll("\\s+", " ");
    }

    private HttpServer collector() throws IOException {
        HttpServer collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        collector.createContext("/v1/traces", exchange -> {
            // As it travels it is compressed: nothing would be found in it.
            try (InputStream spans = new GZIPInputStream(exchange.getRequestBody())) {
                traces.add(spans.readAllBytes());
            }
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        collector.start();
        return collector;
    }

    /** What clients show. */
    private record Keys(String issued, String rotated, String token, String forged) {}

    private static String secret(HttpResponse<String> answer, String member) throws IOException {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return JSON.readTree(answer.body()).path(member).asText();
    }

    private Keys configure(JsonAdmin admin, int upstreamPort) throws Exception {
        admin.put("/v1/services/pets", """
                {"name": "pets", "targets": [{"host": "127.0.0.1", "port": %d}]}""".formatted(upstreamPort));
        admin.put("/v1/services/hasty", """
                {"name": "hasty", "targets": [{"host": "127.0.0.1", "port": %d}], "response_timeout_millis": 300}""".formatted(upstreamPort));
        admin.put("/v1/certificates/server", certificate("server", serverKey));
        admin.put("/v1/certificates/upstream", certificate("upstream", upstreamKey));
        admin.put("/v1/services/secure", """
                {"name": "secure", "targets": [{"host": "127.0.0.1", "port": %d}],
                 "tls": {"client_certificate": "upstream"}}""".formatted(freePort()));
        route(admin, CANARY_ROUTE, "/pets", "pets");
        route(admin, "delay", "/delay", "hasty");
        route(admin, "reset", "/reset", "pets");
        route(admin, "secure", "/secure", "secure");
        route(admin, "asked", "/echo", "pets");
        admin.put("/v1/plans/gold", "{\"name\": \"gold\", \"all_routes\": true}");
        admin.put("/v1/consumers/" + CANARY, "{\"name\": \"" + CANARY + "\"}");
        admin.send("POST", "/v1/consumers/" + CANARY + "/subscriptions", "{\"plan\": \"gold\"}");
        String issued = secret(
                post(admin, "/v1/consumers/" + CANARY + "/keys", "{\"name\": \"first\"}", "issue-once"), "secret");
        String rotated = secret(
                post(
                        admin,
                        "/v1/consumers/" + CANARY + "/keys/first/rotate",
                        "{\"overlap_seconds\": 3600}",
                        "rotate-once"),
                "secret");
        secret(
                post(
                        admin,
                        "/v1/consumers/" + CANARY + "/keys/import",
                        "{\"name\": \"legacy\", \"secret\": \"" + FOREIGN_KEY + "\"}",
                        "import-once"),
                "name");
        admin.put(
                "/v1/token-issuers/login",
                "{\"name\": \"login\", \"issuer\": \"" + ISSUER + "\", \"hmac_secret\": \"" + HMAC_SECRET
                        + "\", \"algorithms\": [\"HS256\"]}");
        admin.put("/v1/policies/keys", """
                {"name": "keys", "type": "key-auth", "key_auth": {"foreign_keys": true, "header_names": ["X-Api-Key", "Authorization"]}}""");
        admin.put("/v1/policies/tokens", """
                {"name": "tokens", "type": "jwt", "jwt": {"issuers": ["login"], "cookie_names": ["session"], "query_parameters": ["access_token"]}}""");
        admin.send(
                "POST",
                "/v1/consumers/" + CANARY + "/credentials",
                "{\"name\": \"jwt\", \"type\": \"jwt\", \"jwt\": {\"issuer\": \"login\", \"subject\": \"client-7\"}}");
        String credentials = "/v1/consumers/" + CANARY + "/credentials";
        created(
                admin,
                credentials,
                "{\"name\": \"password\", \"type\": \"basic\", \"basic\": {\"user_name\": \"basic-planted\", \"password\": \""
                        + PASSWORD + "\"}}");
        created(
                admin,
                credentials,
                "{\"name\": \"signer\", \"type\": \"http-signature\", \"http_signature\": {\"key_id\": \"signer-1\", \"algorithm\": \"hmac-sha256\","
                        + " \"shared_secret\": \""
                        + Base64.getEncoder().encodeToString(SHARED_SECRET.getBytes(StandardCharsets.UTF_8)) + "\"}}");
        admin.put("/v1/policies/passwords", """
                {"name": "passwords", "type": "basic-auth", "basic_auth": {"realm": "pets"}}""");
        created(
                admin,
                "/v1/token-issuers",
                "{\"name\": \"asked\", \"issuer\": \"https://asked.example.com/\", \"introspection\": {\"url\": \"https://127.0.0.1:1/\","
                        + " \"client_id\": \"tollgate\", \"client_secret\": \"" + CLIENT_SECRET + "\"}}");
        created(admin, "/v1/token-issuers", """
                {"name": "own", "issuer": "https://own.example.com/oauth", "authorization_server": {"audience": "api"}}""");
        created(
                admin,
                "/v1/acme-issuers",
                "{\"name\": \"acme\", \"directory_url\": \"http://127.0.0.1:1/directory\", \"contacts\": [\"mailto:ops@example.com\"],"
                        + " \"terms_of_service_agreed\": true,"
                        + " \"external_account\": {\"key_id\": \"kid-1\", \"hmac_key\": \"" + ACME_HMAC_KEY + "\"}}");
        admin.put("/v1/policies/asking", """
                {"name": "asking", "type": "forward-auth", "attachment": {"route": "asked"},
                 "forward_auth": {"service": "pets", "path": "/status/403", "request_headers": ["Authorization", "Cookie", "X-Api-Key"]}}""");
        admin.put("/v1/policies/rules", """
                {"name": "rules", "type": "access", "attachment": {"route": "reset"},
                 "access": {"rules": [{"effect": "allow", "expression": "request.headers['x-absent'] == 'a'"}]}}""");
        admin.put(
                "/v1/listeners/" + CANARY_LISTENER,
                "{\"name\": \"" + CANARY_LISTENER + "\", \"address\": \"127.0.0.1\", \"port\": " + freePort()
                        + ", \"tls\": {\"certificates\": [\"server\"]}}");
        String header = "{\"alg\":\"HS256\",\"typ\":\"JWT\"}";
        String claims = TestIssuer.claims(ISSUER, "client-7", System.currentTimeMillis());
        return new Keys(
                issued,
                rotated,
                TestIssuer.hmac("HS256", HMAC_SECRET.getBytes(StandardCharsets.UTF_8), header, claims),
                TestIssuer.hmac("HS256", random(3), header, claims));
    }

    private static void created(JsonAdmin admin, String path, String body) {
        HttpResponse<String> answer = admin.send("POST", path, body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static String certificate(String name, TestAuthority.Issued issued) {
        return "{\"name\": \"" + name + "\", \"certificate_chain\": \""
                + issued.chainPem().replace("\n", "\\n") + "\", \"private_key\": \""
                + issued.keyPem().replace("\n", "\\n") + "\"}";
    }

    private static void route(JsonAdmin admin, String name, String path, String service) {
        admin.put("/v1/routes/" + name, """
                {"name": "%s", "service": "%s", "paths": [{"type": "prefix", "value": "%s"}]}""".formatted(name, service, path));
    }

    private static HttpResponse<String> post(JsonAdmin admin, String path, String body, String idempotencyKey) {
        return admin.send("POST", path, body, Map.of("Idempotency-Key", idempotencyKey));
    }

    private void plant(ControlPlane controlPlane, Keys keys) throws IOException {
        String adminToken =
                Files.readString(controlPlane.home().resolve("admin-token")).strip();
        planted.add("canary", CANARY)
                .add("envelope key", envelopeKey)
                .add("disk key", diskKey)
                .add("database password", DATABASE_PASSWORD)
                .add("signature of the admin token", signature(adminToken))
                .add("issued key", keys.issued())
                .add("rotated key", keys.rotated())
                .add("imported key", FOREIGN_KEY)
                .add("secret of the token issuer", HMAC_SECRET)
                .add("signature of the token", signature(keys.token()))
                .add("signature of the forged token", signature(keys.forged()))
                .add("canary route", CANARY_ROUTE)
                .add("canary listener", CANARY_LISTENER)
                .add("password", PASSWORD)
                .add("secret of introspection", CLIENT_SECRET)
                .add("shared secret of signatures", SHARED_SECRET)
                .add(
                        "key of an account at an ACME server",
                        Base64.getUrlDecoder().decode(ACME_HMAC_KEY))
                .add("cookie", COOKIE)
                .add("bad secret of a token issuer", BAD_HMAC)
                .add("bad private key", BAD_PEM)
                .add("server's private key", middle(serverKey.key()))
                .add("private key for upstreams", middle(upstreamKey.key()));
    }

    /** What the control plane has made for itself and keeps sealed: the keys that sign admin tokens, and those of an authorization server. */
    private void plantGenerated(ExternalPostgres postgres) throws Exception {
        try (Connection connection = postgres.connection();
                Statement statement = connection.createStatement()) {
            for (String column : List.of("issuer_key.private_key", "token_issuer.signing_keys")) {
                String table = column.substring(0, column.indexOf('.'));
                int planted = 0;
                try (ResultSet row = statement.executeQuery(
                        "select id, " + column + " from " + table + " where " + column + " is not null")) {
                    while (row.next()) {
                        byte[] opened = opened(row.getObject(1, UUID.class), row.getBytes(2));
                        this.planted.add(column, Arrays.copyOfRange(opened, opened.length - 48, opened.length - 16));
                        planted++;
                    }
                }
                assertThat(planted).as(column).isOne();
            }
        }
    }

    /** What is sealed under the envelope key: nonce, then AES-GCM bound to the id. */
    private byte[] opened(UUID id, byte[] sealed) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(
                Cipher.DECRYPT_MODE, new SecretKeySpec(envelopeKey, "AES"), new GCMParameterSpec(128, sealed, 0, 12));
        cipher.updateAAD(ByteBuffer.allocate(16)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .flip());
        return cipher.doFinal(sealed, 12, sealed.length - 12);
    }

    /** Enough of a key to know it, away from what says of which kind it is. */
    private static byte[] middle(byte[] key) {
        int from = key.length > 200 ? 300 : 36;
        return Arrays.copyOfRange(key, from, from + 32);
    }

    private static String signature(String token) {
        return token.substring(token.lastIndexOf('.') + 1);
    }

    private NodeProcess node(Path directory, ControlPlane controlPlane, HttpServer collector, JsonAdmin admin)
            throws IOException {
        String join = secret(admin.send("POST", "/v1/join-tokens", "{\"node_id\": \"node-1\"}"), "token");
        planted.add("join token", join.split("\\.", -1)[2]);
        Map<String, String> environment = new HashMap<>();
        environment.put("TOLLGATE_JOIN_TOKEN", join);
        environment.put("TOLLGATE_DISK_KEY", Base64.getEncoder().encodeToString(diskKey));
        environment.put("TOLLGATE_ACCESS_LOG", directory.resolve("access.log").toString());
        environment.put("TOLLGATE_ACCESS_LOG_QUERY", "on");
        environment.put(
                "TOLLGATE_TRACES_ENDPOINT",
                "http://127.0.0.1:" + collector.getAddress().getPort() + "/v1/traces");
        environment.put("TOLLGATE_TRACES_RATIO", "1");
        return NodeProcess.start("node-1", directory.resolve("node-1"), controlPlane, environment)
                .awaitReady();
    }

    /** Succeeds, is refused, waits in vain and errs, each with every kind of credential. */
    private static void call(NodeProcess node, Keys keys, List<String> said) throws IOException {
        String basic = Base64.getEncoder().encodeToString(BASIC_PASSWORD.getBytes(StandardCharsets.UTF_8));
        List<String> fields = List.of(
                "X-Api-Key: " + keys.issued(),
                "X-Api-Key: " + keys.rotated(),
                "X-Api-Key: " + FOREIGN_KEY,
                "X-Api-Key: " + keys.issued() + "x",
                "Authorization: Bearer " + keys.issued(),
                "Authorization: Bearer " + keys.token(),
                "Authorization: Bearer " + keys.forged(),
                "Authorization: Bearer " + keys.token() + "x",
                "Authorization: Basic " + basic,
                "Cookie: session=" + keys.token() + "; other=" + COOKIE,
                "Cookie: session=" + COOKIE);
        int good = 0;
        try (Caller caller = new Caller(node.proxyPort())) {
            for (String path : List.of("/pets/1", "/delay/2000", "/reset", "/secure", "/nowhere", "/echo")) {
                for (String field : fields) {
                    Caller.Reply reply = caller.call("GET", path, field + "\r\n", new byte[0]);
                    good += reply.status() == 200 ? 1 : 0;
                    said.add(reply.headers() + "\n" + reply.text());
                }
            }
            for (String query : List.of(
                    "api_key=" + keys.issued(),
                    "api_key=" + encode(FOREIGN_KEY),
                    "access_token=" + keys.token(),
                    "access_token=" + keys.forged(),
                    "a=b&password=" + encode(BASIC_PASSWORD) + "&token=" + COOKIE)) {
                said.add(caller.get("/pets/1?" + query, "").text());
                said.add(caller.get("/nowhere?" + query, "").text());
            }
            // What cannot be read at all.
            said.add(caller.call(
                            "GET", "/pets/1", "X-Api-Key: " + keys.issued() + "\r\nContent-Length: x\r\n", new byte[0])
                    .text());
        }
        assertThat(good).as("calls that succeed").isGreaterThanOrEqualTo(5);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** Writes what cannot be, and comes with tokens that are none. */
    private void misconfigure(ControlPlane controlPlane, JsonAdmin admin, List<String> said) throws Exception {
        Map<String, String> bad = Map.of(
                "/v1/certificates/bad",
                "{\"name\": \"bad\", \"certificate_chain\": \"none\", \"private_key\": \"" + BAD_PEM + "\"}",
                "/v1/certificates/mixed",
                "{\"name\": \"mixed\", \"certificate_chain\": \""
                        + serverKey.chainPem().replace("\n", "\\n") + "\", \"private_key\": \""
                        + upstreamKey.keyPem().replace("\n", "\\n") + "\"}",
                "/v1/token-issuers/bad",
                "{\"name\": \"bad\", \"issuer\": \"x\", \"hmac_secret\": \"" + BAD_HMAC
                        + "\", \"algorithms\": [\"HS256\"]}",
                "/v1/token-issuers/worse",
                "{\"name\": \"worse\", \"issuer\": \"x\", \"hmac_secret\": \"" + HMAC_SECRET
                        + "\", \"algorithms\": [\"RS256\"]}",
                "/v1/token-issuers/worst",
                "{\"name\": \"worst\", \"issuer\": \"x\", \"hmac_secret\": [\"" + HMAC_SECRET + "\"]}");
        for (Map.Entry<String, String> one : bad.entrySet()) {
            HttpResponse<String> answer = admin.send("PUT", one.getKey(), one.getValue());
            assertThat(answer.statusCode()).as(one.getKey()).isBetween(400, 422);
            said.add(answer.body());
        }
        said.add(admin.send(
                        "POST",
                        "/v1/consumers/" + CANARY + "/keys/import",
                        "{\"name\": \"again\", \"secret\": \"" + FOREIGN_KEY + "\"}")
                .body());
        said.add(
                admin.send("POST", "/v1/consumers/" + CANARY + "/keys/import", "{\"secret\": \"" + FOREIGN_KEY + "\", ")
                        .body());
        String token =
                Files.readString(controlPlane.home().resolve("admin-token")).strip();
        for (String shown : List.of("Bearer " + token + "x", "Bearer x" + token, "Basic " + token, token)) {
            HttpRequest request = HttpRequest.newBuilder(
                            URI.create("http://127.0.0.1:" + controlPlane.adminPort() + "/v1/services"))
                    .header("Authorization", shown)
                    .build();
            HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(401);
            said.add(answer.headers().map() + answer.body());
        }
    }

    private static void ask(NodeProcess node, ControlPlane controlPlane, JsonAdmin admin, Keys keys, List<String> said)
            throws IOException {
        String question = """
                {"method": "GET", "path": "/pets/1", "headers": [{"name": "X-Api-Key", "value": "%s"},
                 {"name": "Authorization", "value": "Bearer %s"}]}""".formatted(keys.issued(), keys.token());
        said.add(admin.send("POST", "/v1/explain", question).body());
        try (Caller operations = new Caller(node.operationsPort())) {
            for (String path : List.of("/metrics", "/snapshot", "/upstreams", "/live", "/ready", "/nowhere")) {
                said.add(operations.get(path, "").text());
            }
            said.add(operations
                    .call(
                            "POST",
                            "/explain",
                            "Content-Type: application/json\r\n",
                            question.getBytes(StandardCharsets.UTF_8))
                    .text());
        }
        for (String path : List.of(
                "/q/metrics",
                "/q/health",
                "/v1/audit/export",
                "/v1/audit?limit=500",
                "/v1/nodes",
                "/v1/revisions",
                "/v1/certificates",
                "/v1/token-issuers",
                "/v1/policies",
                "/v1/services",
                "/v1/listeners",
                "/v1/tokens",
                "/v1/join-tokens",
                "/v1/consumers/" + CANARY + "/keys",
                "/v1/consumers/" + CANARY + "/credentials")) {
            HttpResponse<String> answer = admin.get(path);
            assertThat(answer.statusCode()).as(path).isEqualTo(200);
            said.add(answer.body());
        }
        assertThat(controlPlane.process().isAlive()).isTrue();
        JsonNode audit = JSON.readTree(admin.get("/v1/audit?limit=500").body());
        assertThat(audit.path("items").size()).isGreaterThan(20);
    }

    private void lookAtFiles(Path directory, Set<String> butFor) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(directory)) {
            files = all.filter(Files::isRegularFile)
                    .filter(file -> !butFor.contains(file.getFileName().toString()))
                    .filter(file -> !file.toString().contains("/binaries/"))
                    .toList();
        }
        for (Path file : files) {
            try {
                planted.look("file " + file, Files.readAllBytes(file));
            } catch (NoSuchFileException e) {
                // The database runs, and replaces files of its own.
                assertThat(file.toString()).contains("postgresql/data/");
            }
        }
    }

    private void lookAtTables(ExternalPostgres postgres) throws SQLException {
        try (Connection connection = postgres.connection();
                Statement statement = connection.createStatement()) {
            List<String> tables = new ArrayList<>();
            try (ResultSet row = statement.executeQuery(
                    "select quote_ident(table_name) from information_schema.tables where table_schema = 'public'"
                            + " and table_type = 'BASE TABLE'")) {
                while (row.next()) {
                    tables.add(row.getString(1));
                }
            }
            assertThat(tables).hasSizeGreaterThan(20);
            for (String table : tables) {
                StringBuilder rows = new StringBuilder();
                try (ResultSet row = statement.executeQuery("select t::text from " + table + " t")) {
                    while (row.next()) {
                        rows.append(row.getString(1)).append('\n');
                    }
                }
                planted.look("table " + table, rows.toString());
            }
            // What was deleted or changed is still in its files and in the log.
            statement.execute("checkpoint");
        }
    }

    /** A control plane that may not log in must not say with what it tried. */
    private void badStart(Path directory, ExternalPostgres postgres) throws IOException {
        Path home = Files.createDirectories(directory.resolve("bad"));
        JavaProcess process = ControlPlane.launch(
                Map.of(
                        "TOLLGATE_HOME",
                        home.toString(),
                        "TOLLGATE_DATABASE_URL",
                        postgres.url().replace("postgres:postgres@", "nobody:" + DATABASE_PASSWORD + "@"),
                        "TOLLGATE_ENVELOPE_KEY",
                        Base64.getEncoder().encodeToString(envelopeKey) + "xx"),
                home);
        assertThat(process.awaitEnd()).isNotZero();
        lookAtFiles(home, Set.of());
    }
}
