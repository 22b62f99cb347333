package io.tollgate.e2e.harness;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/** A PostgreSQL that does not belong to the control plane, on a fixed port and directory, to be stopped and started at will. */
public final class ExternalPostgres implements AutoCloseable {
    private static final Duration START_TIME_MAX = Duration.ofSeconds(60);

    private final Path directory;
    private final int port;
    private EmbeddedPostgres server;

    private ExternalPostgres(Path directory) {
        this.directory = directory;
        this.server = open(directory, 0);
        this.port = server.getPort();
    }

    public static ExternalPostgres start(Path directory) {
        return new ExternalPostgres(directory);
    }

    private static EmbeddedPostgres open(Path directory, int port) {
        try {
            EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                    .setDataDirectory(directory.resolve("data").toFile())
                    .setOverrideWorkingDirectory(directory.resolve("binaries").toFile())
                    .setCleanDataDirectory(false)
                    .setPGStartupWait(START_TIME_MAX)
                    .setServerConfig("fsync", "on")
                    .setServerConfig("synchronous_commit", "on");
            return (port == 0 ? builder : builder.setPort(port)).start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String url() {
        return "postgresql://postgres:postgres@127.0.0.1:" + port + "/postgres";
    }

    public void stop() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void startAgain() {
        server = open(directory, port);
    }

    /** From now on every role but its own superuser must show a password. */
    public void wantPasswords() {
        try {
            Files.writeString(
                    directory.resolve("data").resolve("pg_hba.conf"),
                    "host all postgres all trust\nhost all all all scram-sha-256\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        execute("select pg_reload_conf()");
    }

    /** As its superuser. */
    public Connection connection() throws SQLException {
        return server.getPostgresDatabase().getConnection();
    }

    public void execute(String sql) {
        try (Connection connection = connection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        stop();
    }
}
