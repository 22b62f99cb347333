package io.tollgate.controlplane;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A real PostgreSQL and an empty home for every test of this module that starts the application; they end with it. */
public final class EmbeddedPostgresResource implements QuarkusTestResourceLifecycleManager {
    /** What a node of a test must show. */
    public static final String JOIN_TOKEN = "join-token-of-tests";

    /** What private keys of a test are sealed with. */
    public static final String ENVELOPE_KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    private @Nullable EmbeddedPostgres postgres;

    @Override
    public Map<String, String> start() {
        try {
            EmbeddedPostgres started = EmbeddedPostgres.builder()
                    .setServerConfig("max_connections", "50")
                    .start();
            postgres = started;
            Path home = Files.createTempDirectory("tollgate-home");
            Map<String, String> settings = new HashMap<>();
            settings.put("quarkus.datasource.jdbc.url", started.getJdbcUrl("postgres", "postgres"));
            settings.put("quarkus.datasource.username", "postgres");
            settings.put("quarkus.datasource.password", "postgres");
            settings.put("tollgate.home", home.toString());
            settings.put("tollgate.join-token", JOIN_TOKEN);
            settings.put("tollgate.envelope-key", ENVELOPE_KEY);
            settings.put("tollgate.stream.port", "0");
            return settings;
        } catch (IOException e) {
            throw new UncheckedIOException("the test's PostgreSQL did not start", e);
        }
    }

    @Override
    public void stop() {
        try {
            if (postgres != null) {
                postgres.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the test's PostgreSQL did not stop", e);
        }
    }
}
