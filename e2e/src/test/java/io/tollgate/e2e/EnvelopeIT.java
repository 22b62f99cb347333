package io.tollgate.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.e2e.harness.Await;
import io.tollgate.e2e.harness.ControlPlane;
import io.tollgate.e2e.harness.ExternalPostgres;
import io.tollgate.e2e.harness.Jars;
import io.tollgate.e2e.harness.JavaProcess;
import io.tollgate.e2e.harness.JsonAdmin;
import io.tollgate.e2e.harness.Trees;
import io.tollgate.engine.fixture.TestAuthority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The envelope key of a database is changed by a command, and whatever dies on the way leaves a database that opens. */
class EnvelopeIT {
    private static final Duration SOON = Duration.ofSeconds(60);

    private static JavaProcess rotate(Path home, Map<String, String> environment) {
        Map<String, String> all = new HashMap<>(environment);
        all.put("TOLLGATE_HOME", home.toString());
        return ControlPlane.command("rotate-envelope-key", all, Trees.create(home));
    }

    private static void assertRefused(JavaProcess rotation, String words) {
        assertThat(rotation.awaitEnd()).as(rotation.errors()).isNotZero();
        assertThat(rotation.errors()).contains(words);
    }

    private static String certificate() {
        TestAuthority.Issued own = TestAuthority.root("sealed").ecdsaFor("sealed.example");
        return "{\"name\": \"sealed\", \"certificate_chain\": \""
                + own.chainPem().replace("\n", "\\n") + "\", \"private_key\": \""
                + own.keyPem().replace("\n", "\\n") + "\"}";
    }

    @Test
    void key_rotated_isThatOfEveryValueOrOfNone() throws Exception {
        Path directory = Jars.emptyDirectory("envelope");
        try (ExternalPostgres postgres = ExternalPostgres.start(directory.resolve("postgresql"))) {
            Map<String, String> database = Map.of("TOLLGATE_DATABASE_URL", postgres.url());
            Path home = directory.resolve("control-plane");
            Path file = home.resolve("envelope-key");
            String old;
            try (ControlPlane running = ControlPlane.start(home, database).awaitReady()) {
                new JsonAdmin(running).put("/v1/certificates/sealed", certificate());
                old = Files.readString(file).strip();
                assertRefused(
                        rotate(
                                directory.resolve("elsewhere"),
                                Map.of(
                                        "TOLLGATE_DATABASE_URL",
                                        postgres.url(),
                                        "TOLLGATE_ENVELOPE_KEY",
                                        old,
                                        "TOLLGATE_ENVELOPE_KEY_NEXT",
                                        "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")),
                        "a control plane of this database runs");
            }

            diesInTheMiddle(postgres, home, database);
            assertStartsWithItsCertificate(home, database);
            assertThat(file).hasContent(old + "\n");

            JavaProcess rotation = rotate(home, database);
            assertThat(rotation.awaitEnd()).as(rotation.errors()).isZero();
            String next = Files.readString(file).strip();
            assertThat(next).isNotEqualTo(old);
            assertStartsWithItsCertificate(home, database);

            Map<String, String> late = new HashMap<>(database);
            late.put("TOLLGATE_ENVELOPE_KEY", old);
            late.put("TOLLGATE_HOME", directory.resolve("late").toString());
            late.put("TOLLGATE_ADMIN_PORT", "0");
            late.put("TOLLGATE_STREAM_PORT", "0");
            assertRefused(
                    ControlPlane.launch(late, Trees.create(directory.resolve("late"))), "TOLLGATE_ENVELOPE_KEY: key");

            // The command died when the database had followed and the home had not.
            Files.move(file, home.resolve("envelope-key.next"));
            Files.writeString(file, old + "\n");
            assertStartsWithItsCertificate(home, database);
            assertThat(file).hasContent(next + "\n");
            assertThat(home.resolve("envelope-key.next")).doesNotExist();
        }
    }

    private static void diesInTheMiddle(ExternalPostgres postgres, Path home, Map<String, String> database)
            throws Exception {
        try (Connection connection = postgres.connection();
                Statement block = connection.createStatement()) {
            connection.setAutoCommit(false);
            block.execute("select 1 from stream_authority for update");
            try (JavaProcess rotation = rotate(home, database)) {
                Await.until("it waits for the last value", SOON, () -> isWaiting(postgres));
                rotation.kill();
            }
            connection.rollback();
        }
    }

    private static boolean isWaiting(ExternalPostgres postgres) throws Exception {
        try (Connection connection = postgres.connection();
                Statement statement = connection.createStatement();
                ResultSet waiting =
                        statement.executeQuery("select 1 from pg_stat_activity where wait_event_type = 'Lock'"
                                + " and query like '%stream_authority%' and pid <> pg_backend_pid()")) {
            return waiting.next();
        }
    }

    /** A control plane whose nodes get the key: what is sealed opens. */
    private static void assertStartsWithItsCertificate(Path home, Map<String, String> database) throws IOException {
        try (ControlPlane running = ControlPlane.start(home, database).awaitReady()) {
            JsonAdmin admin = new JsonAdmin(running);
            assertThat(admin.get("/v1/certificates/sealed").statusCode()).isEqualTo(200);
            assertThat(admin.put("/v1/certificates/sealed", certificate()).statusCode())
                    .isEqualTo(200);
        }
    }
}
