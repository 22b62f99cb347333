package io.tollgate.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.e2e.harness.ControlPlane;
import io.tollgate.e2e.harness.ExternalPostgres;
import io.tollgate.e2e.harness.Jars;
import io.tollgate.e2e.harness.JavaProcess;
import io.tollgate.e2e.harness.NodeProcess;
import io.tollgate.e2e.harness.Trees;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Every bad environment ends a start with one line that says what to do, and a status other than 0. */
class BadStartIT {
    private static Path directory;

    @BeforeAll
    static void start() {
        directory = Jars.emptyDirectory("bad-start");
    }

    private static Map<String, String> control(String name, Map<String, String> more) {
        Map<String, String> environment = new HashMap<>(Map.of(
                "TOLLGATE_HOME",
                directory.resolve(name).toString(),
                "TOLLGATE_ADMIN_PORT",
                "0",
                "TOLLGATE_STREAM_PORT",
                "0"));
        environment.putAll(more);
        return environment;
    }

    private static Map<String, String> node(String name, Map<String, String> more) {
        Map<String, String> environment = new HashMap<>(Map.of(
                "TOLLGATE_HOME",
                directory.resolve(name).toString(),
                "TOLLGATE_JOIN_TOKEN",
                "none",
                "TOLLGATE_PROXY_PORT",
                "0",
                "TOLLGATE_OPERATIONS_PORT",
                "0"));
        environment.putAll(more);
        return environment;
    }

    private static void assertControlPlaneRefuses(Map<String, String> environment, String... words) {
        assertRefuses(
                ControlPlane.launch(environment, Trees.create(directory.resolve("logs"))),
                "tollgate-control-plane: ",
                words);
    }

    private static void assertNodeRefuses(Map<String, String> environment, String... words) {
        assertRefuses(
                NodeProcess.launch(environment, Trees.create(directory.resolve("logs"))), "tollgate-node: ", words);
    }

    private static void assertRefuses(JavaProcess process, String prefix, String... words) {
        try (process) {
            int status = process.awaitEnd();
            List<String> lines = process.errors().lines().toList();
            assertThat(status).as(process.errors()).isNotZero();
            assertThat(lines)
                    .as(process.errors())
                    .filteredOn(line -> line.startsWith(prefix))
                    .hasSize(1);
            assertThat(lines).as("no stack trace").noneMatch(line -> line.startsWith("\tat "));
            assertThat(lines.stream()
                            .filter(line -> line.startsWith(prefix))
                            .findFirst()
                            .orElse(""))
                    .contains(words);
            assertThat(process.isReady()).isFalse();
        }
    }

    private static ServerSocket takenPort() throws IOException {
        return new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
    }

    @Test
    void controlPlane_unknownKey_namesTheNearest() {
        assertControlPlaneRefuses(
                control("unknown-key", Map.of("TOLLGATE_ADMIN_PROT", "1")),
                "TOLLGATE_ADMIN_PROT",
                "TOLLGATE_ADMIN_PORT");
    }

    @Test
    void controlPlane_badPort_saysWhatWasExpected() {
        assertControlPlaneRefuses(control("bad-port", Map.of("TOLLGATE_ADMIN_PORT", "x")), "TOLLGATE_ADMIN_PORT", "x");
    }

    @Test
    void controlPlane_homeIsAFile_saysSo() throws IOException {
        Path file = Files.writeString(directory.resolve("a-file"), "");
        assertControlPlaneRefuses(
                control("x", Map.of("TOLLGATE_HOME", file.resolve("home").toString())), "a-file");
    }

    @Test
    void controlPlane_adminPortTaken_namesIt() throws IOException {
        try (ServerSocket taken = takenPort()) {
            String port = Integer.toString(taken.getLocalPort());
            assertControlPlaneRefuses(control("admin-port", Map.of("TOLLGATE_ADMIN_PORT", port)), port);
        }
    }

    @Test
    void controlPlane_streamPortTaken_namesIt() throws IOException {
        try (ServerSocket taken = takenPort()) {
            String port = Integer.toString(taken.getLocalPort());
            assertControlPlaneRefuses(control("stream-port", Map.of("TOLLGATE_STREAM_PORT", port)), port);
        }
    }

    @Test
    void controlPlane_databaseAway_saysSoWithoutThePassword() throws IOException {
        int port;
        try (ServerSocket free = takenPort()) {
            port = free.getLocalPort();
        }
        Map<String, String> environment =
                control("away", Map.of("TOLLGATE_DATABASE_URL", "postgresql://user:hush@127.0.0.1:" + port + "/x"));
        JavaProcess process = ControlPlane.launch(environment, Trees.create(directory.resolve("logs")));
        assertRefuses(process, "tollgate-control-plane: ", Integer.toString(port));
        assertThat(process.errors()).doesNotContain("hush");
    }

    @Test
    void controlPlane_databaseUrlMalformed_saysWhatWasExpected() {
        assertControlPlaneRefuses(
                control("url", Map.of("TOLLGATE_DATABASE_URL", "mysql://x")), "TOLLGATE_DATABASE_URL", "postgresql://");
    }

    @Test
    void controlPlane_jdbcUrlWithThePasswordBeforeTheHost_saysHowWithoutThePassword() {
        Map<String, String> environment =
                control("jdbc", Map.of("TOLLGATE_DATABASE_URL", "jdbc:postgresql://user:hush@127.0.0.1:1/x"));
        JavaProcess process = ControlPlane.launch(environment, Trees.create(directory.resolve("logs")));
        assertRefuses(process, "tollgate-control-plane: ", "TOLLGATE_DATABASE_URL", "parameters");
        assertThat(process.errors()).doesNotContain("hush");
    }

    @Test
    void controlPlane_databaseHostUnknown_namesIt() {
        assertControlPlaneRefuses(
                control("unknown-host", Map.of("TOLLGATE_DATABASE_URL", "postgresql://u:p@nowhere.invalid/x")),
                "Unknown host nowhere.invalid");
    }

    @Test
    void controlPlane_databasePasswordWrong_saysSoWithoutIt() {
        try (ExternalPostgres postgres = ExternalPostgres.start(directory.resolve("password-postgresql"))) {
            postgres.execute("create role tollgate login password 'right'");
            postgres.wantPasswords();
            String url = postgres.url().replace("postgres:postgres@", "tollgate:hush@");
            JavaProcess process = ControlPlane.launch(
                    control("password", Map.of("TOLLGATE_DATABASE_URL", url)), Trees.create(directory.resolve("logs")));
            assertRefuses(process, "tollgate-control-plane: ", "password authentication failed", "tollgate");
            assertThat(process.errors()).doesNotContain("hush");
        }
    }

    @Test
    void controlPlane_hostNotOfThisMachine_namesItsKey() {
        assertControlPlaneRefuses(
                control("host", Map.of("TOLLGATE_ADMIN_HOST", "nowhere.invalid")),
                "nowhere.invalid",
                "TOLLGATE_ADMIN_HOST");
    }

    @Test
    void controlPlane_streamThatOthersReach_isNotPlainUnlessAskedForByName() {
        assertControlPlaneRefuses(
                control("wide", Map.of("TOLLGATE_STREAM_HOST", "0.0.0.0")),
                "TOLLGATE_STREAM_NAMES",
                "TOLLGATE_STREAM_SECURITY=plain");
        assertControlPlaneRefuses(
                control(
                        "wide-token",
                        Map.of("TOLLGATE_STREAM_HOST", "0.0.0.0", "TOLLGATE_JOIN_TOKEN", "0123456789abcdef")),
                "TOLLGATE_JOIN_TOKEN",
                "TOLLGATE_STREAM_SECURITY=plain");
        assertControlPlaneRefuses(
                control("wide-word", Map.of("TOLLGATE_STREAM_SECURITY", "plan")),
                "TOLLGATE_STREAM_SECURITY",
                "plain, files or own-authority");
    }

    @Test
    void controlPlane_jwksUrlIsNone_saysWhatWasExpected() {
        assertControlPlaneRefuses(
                control("jwks", Map.of("TOLLGATE_ISSUER", "x", "TOLLGATE_JWKS_URL", "nonsense")),
                "TOLLGATE_JWKS_URL",
                "https URL");
    }

    @Test
    void controlPlane_dataOfAnotherPostgresVersion_saysSo() throws IOException {
        Path home = directory.resolve("old-data");
        try (ControlPlane once = ControlPlane.start(home, Map.of())) {
            once.awaitReady();
        }
        List<Path> versions = Trees.files(home).stream()
                .filter(file -> file.endsWith("PG_VERSION") && Files.exists(file.resolveSibling("postgresql.conf")))
                .toList();
        assertThat(versions).hasSize(1);
        Files.writeString(versions.get(0), "9.6\n");

        assertControlPlaneRefuses(control("old-data", Map.of()), "9.6");
    }

    @Test
    void controlPlane_migrationNewerThanTheBinary_saysSoAndChangesNothing() {
        try (ExternalPostgres postgres = ExternalPostgres.start(directory.resolve("newer-postgresql"))) {
            Map<String, String> database = Map.of("TOLLGATE_DATABASE_URL", postgres.url());
            try (ControlPlane once = ControlPlane.start(directory.resolve("newer"), database)) {
                once.awaitReady();
            }
            postgres.execute(
                    "insert into flyway_schema_history (installed_rank, version, description, type, script, checksum,"
                            + " installed_by, execution_time, success) values (999, '999', 'later', 'SQL', 'V999__later.sql', 1, 'x', 1, true)");

            assertControlPlaneRefuses(control("newer", database), "999");
        }
    }

    @Test
    void node_unknownKey_namesTheNearest() {
        assertNodeRefuses(
                node("unknown-key", Map.of("TOLLGATE_PROXY_PROT", "1")), "TOLLGATE_PROXY_PROT", "TOLLGATE_PROXY_PORT");
    }

    @Test
    void node_badNumber_saysWhatWasExpected() {
        assertNodeRefuses(node("bad-number", Map.of("TOLLGATE_EVENT_LOOPS", "many")), "TOLLGATE_EVENT_LOOPS", "many");
    }

    @Test
    void node_journalTooSmall_saysHowMuchItNeeds() {
        assertNodeRefuses(
                node("journal", Map.of("TOLLGATE_JOURNAL_BYTES_MAX", "1")), "TOLLGATE_JOURNAL_BYTES_MAX", "at least");
    }

    @Test
    void node_accessLogCannotBeWritten_saysSo() {
        String log = directory.resolve("nowhere").resolve("access.log").toString();
        assertNodeRefuses(node("access-log", Map.of("TOLLGATE_ACCESS_LOG", log)), "TOLLGATE_ACCESS_LOG", log);
    }

    @Test
    void node_trustIsNoPem_saysSo() throws IOException {
        Path file = Files.writeString(directory.resolve("no-pem"), "no pem");
        assertNodeRefuses(
                node("trust", Map.of("TOLLGATE_STREAM_TRUST", file.toString())),
                file.toString(),
                "certificates in PEM");
    }

    @Test
    void node_joinTokenCutShort_saysSoWithoutIt() {
        String token = "tgj1." + "0".repeat(32) + ".hush";
        Map<String, String> environment = node("short-token", Map.of("TOLLGATE_JOIN_TOKEN", token));
        JavaProcess process = NodeProcess.launch(environment, Trees.create(directory.resolve("logs")));
        assertRefuses(process, "tollgate-node: ", "TOLLGATE_JOIN_TOKEN", "cut short");
        assertThat(process.errors()).doesNotContain("hush");
    }

    @Test
    void node_neitherTokenNorCertificate_saysWhatToDo() {
        assertNodeRefuses(node("no-token", Map.of("TOLLGATE_JOIN_TOKEN", "")), "no join token", "POST /v1/join-tokens");
    }

    @Test
    void node_homeIsAFile_saysSo() throws IOException {
        Path file = Files.writeString(directory.resolve("b-file"), "");
        assertNodeRefuses(node("x", Map.of("TOLLGATE_HOME", file.resolve("home").toString())), "b-file");
    }

    @Test
    void node_operationsPortTaken_namesIt() throws IOException {
        try (ServerSocket taken = takenPort()) {
            String port = Integer.toString(taken.getLocalPort());
            assertNodeRefuses(node("operations-port", Map.of("TOLLGATE_OPERATIONS_PORT", port)), port);
        }
    }

    @Test
    void node_proxyPortTaken_namesIt() throws IOException {
        try (ServerSocket taken = takenPort()) {
            String port = Integer.toString(taken.getLocalPort());
            assertNodeRefuses(
                    node("proxy-port", Map.of("TOLLGATE_PROXY_PORT", port, "TOLLGATE_PROXY_HOST", "127.0.0.1")), port);
        }
    }
}
