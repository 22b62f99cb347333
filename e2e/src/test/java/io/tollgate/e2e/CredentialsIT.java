package io.tollgate.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.e2e.harness.Await;
import io.tollgate.e2e.harness.Cluster;
import io.tollgate.e2e.harness.JsonAdmin;
import io.tollgate.e2e.harness.NodeProcess;
import io.tollgate.engine.fixture.TestAuthority;
import io.tollgate.engine.fixture.TestAuthority.Issued;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The lines that the documents give for credentials that are neither keys nor tokens, from a shell to a real node. */
class CredentialsIT {
    private static final Duration TIME_MAX = Duration.ofSeconds(40);
    private static final TestAuthority ROOT = TestAuthority.root("root");

    private static Cluster cluster;
    private static JsonAdmin admin;
    private static NodeProcess node;

    @BeforeAll
    static void start() throws Exception {
        cluster = Cluster.start("credentials", 0);
        node = cluster.addNode("node-1", Map.of("TOLLGATE_ACCESS_LOG", log().toString()));
        admin = new JsonAdmin(cluster.controlPlane());
        cluster.admin().service("petstore", cluster.upstream().port());
        cluster.admin().route("orders", "petstore", "/");
        cluster.admin().plan("gold");
        cluster.admin().subscriber("acme", "gold");
    }

    private static Path log() {
        return cluster.directory().resolve("access.log");
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    /** The first lines for a shell below a heading of the document. */
    private static String linesOf(String heading) throws IOException {
        String document = Files.readString(Path.of("..", "docs", "authentication.md"));
        Matcher block = Pattern.compile("\n" + heading + "\n.*?```sh\n(.*?)```", Pattern.DOTALL)
                .matcher(document);
        assertThat(block.find()).as(heading).isTrue();
        return block.group(1);
    }

    /** What these lines say on a machine with these files. */
    private static String run(String lines, Map<String, String> more, Map<String, String> files) throws Exception {
        Path directory = Files.createDirectories(cluster.directory().resolve("shell"));
        for (Map.Entry<String, String> file : files.entrySet()) {
            Files.writeString(directory.resolve(file.getKey()), file.getValue());
        }
        ProcessBuilder shell = new ProcessBuilder("bash", "-eu", "-c", lines)
                .directory(directory.toFile())
                .redirectErrorStream(true);
        Map<String, String> environment = new HashMap<>(more);
        environment.put("ADMIN", "http://127.0.0.1:" + cluster.controlPlane().adminPort());
        environment.put(
                "TOKEN",
                Files.readString(cluster.controlPlane().home().resolve("admin-token"))
                        .trim());
        environment.put("GATEWAY", "http://127.0.0.1:" + node.proxyPort());
        shell.environment().putAll(environment);
        Process process = shell.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return said;
    }

    private static String json(String pem) {
        return pem.replace("\r", "").replace("\n", "\\n");
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }

    private static void awaitLogged(String... texts) {
        Await.until(
                "the log has it",
                TIME_MAX,
                () -> Files.exists(log())
                        && Files.readString(log()).lines().anyMatch(line -> {
                            for (String text : texts) {
                                if (!line.contains(text)) {
                                    return false;
                                }
                            }
                            return true;
                        }));
    }

    @Test
    void clientCertificates_linesOfTheDocument_work() throws Exception {
        Issued here = ROOT.ecdsaFor("localhost");
        Issued partner = ROOT.ecdsaFor("partner.example.com");
        Issued stranger = ROOT.ecdsaFor("stranger.example.com");
        int port = freePort();
        admin.put(
                "/v1/certificates/here",
                "{\"name\": \"here\", \"certificate_chain\": \"" + json(here.chainPem()) + "\", \"private_key\": \""
                        + json(here.keyPem()) + "\"}");
        admin.put(
                "/v1/trust-roots/partners",
                "{\"name\": \"partners\", \"certificates\": \"" + json(ROOT.certificatePem()) + "\"}");
        admin.put(
                "/v1/listeners/secure",
                "{\"name\": \"secure\", \"address\": \"127.0.0.1\", \"port\": " + port
                        + ", \"tls\": {\"certificates\": [\"here\"], \"client_certificates\": \"request\","
                        + " \"trust_roots\": [\"partners\"]}}");
        Map<String, String> environment = Map.of("SECURE", "https://localhost:" + port);
        Map<String, String> files = new HashMap<>(Map.of(
                "root.pem", ROOT.certificatePem(),
                "partner.pem", partner.chainPem(),
                "partner-key.pem", partner.keyPem()));
        String lines = linesOf("## Client certificates");

        // The upstream has no orders; that it says so itself is the point.
        assertThat(run(lines, environment, files))
                .contains("\"forward_certificate\":true", "\"dns\":\"partner.example.com\"")
                .doesNotContain("urn:tollgate");
        awaitLogged("\"consumer\":\"acme\"", "\"path\":\"/orders\"");
        String call = lines.lines().reduce((first, last) -> last).orElseThrow();
        files.put("partner.pem", stranger.chainPem());
        files.put("partner-key.pem", stranger.keyPem());
        assertThat(run(call, environment, files)).contains("urn:tollgate:problem:certificate-unknown");
        admin.delete("/v1/policies/certificates");
        admin.delete("/v1/consumers/acme/credentials/machine");
    }

    @Test
    void passwords_linesOfTheDocument_work() throws Exception {
        String lines = linesOf("## User names and passwords");

        assertThat(run(lines, Map.of(), Map.of()))
                .contains("\"realm\":\"Orders\"", "\"user_name\":\"acme-batch\"", "\"user_name\":\"legacy\"")
                .doesNotContain("urn:tollgate", "argon2id", "$2y$");
        String call = lines.lines().reduce((first, last) -> last).orElseThrow();
        assertThat(run(call.replace("staple", "stable"), Map.of(), Map.of()))
                .contains("urn:tollgate:problem:password-wrong");
        assertThat(run(call.replaceAll("-u .*", "-u nobody:password-password"), Map.of(), Map.of()))
                .contains("urn:tollgate:problem:password-wrong");
        awaitLogged("password-wrong");
        assertThat(Files.readString(log())).doesNotContain("Basic ", "staple", "stable");
        admin.delete("/v1/policies/passwords");
    }

    @Test
    void signatures_linesOfTheDocument_workOnce() throws Exception {
        String lines = linesOf("## Signatures of requests");
        String call = lines.lines().reduce((first, last) -> last).orElseThrow();

        String said = run(
                lines + "echo AGAIN\n" + call + "\necho ALTERED\n" + call.replace("orders", "pets"),
                Map.of(),
                Map.of());

        assertThat(said.substring(0, said.indexOf("AGAIN")))
                .contains("\"max_age_seconds\":60", "\"key_id\":\"acme-2026\"")
                .doesNotContain("urn:tollgate", "\"shared_secret\"");
        assertThat(said.substring(said.indexOf("AGAIN"), said.indexOf("ALTERED")))
                .contains("urn:tollgate:problem:signature-replayed");
        assertThat(said.substring(said.indexOf("ALTERED"))).contains("urn:tollgate:problem:signature-invalid");
        awaitLogged("signature-replayed");
        admin.delete("/v1/policies/signatures");
    }
}
