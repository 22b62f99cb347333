package io.tollgate.controlplane.embedded;

import io.tollgate.controlplane.DatabaseAddress;
import io.tollgate.controlplane.Home;
import io.tollgate.controlplane.StartRefused;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL server as a child process: data in {@code postgresql/data} of the home, programs unpacked beside it, output in
 * {@code postgresql/server.log}. It listens on the loopback interface only, on a free port, and asks for the password
 * that is kept in {@code postgresql-password}. Main thread only.
 */
public final class EmbeddedDatabase implements AutoCloseable {
    private static final String USER = "postgres";
    private static final String DATABASE = "tollgate";
    /** Of the programs that the build adds; data of another major version cannot be opened by them. */
    private static final String MAJOR_VERSION = "17";
    /** A slow disk may take this long to recover a server that was killed. */
    private static final Duration START_MAX = Duration.ofSeconds(60);

    private final EmbeddedPostgres server;
    private final DatabaseAddress address;

    private EmbeddedDatabase(EmbeddedPostgres server, DatabaseAddress address) {
        this.server = server;
        this.address = address;
    }

    /** Starts the server, after stopping one that an earlier, killed process left behind. */
    public static EmbeddedDatabase start(Home home) throws StartRefused {
        Path directory = home.subdirectory("postgresql");
        String password = home.secret("postgresql-password");
        Path data = directory.resolve("data");
        Path binaries = directory.resolve("binaries");
        OrphanPostmaster.stop(data, binaries);
        Path complete = directory.resolve("complete");
        Path log = directory.resolve("server.log");
        try {
            if (Files.exists(data) && !Files.exists(complete)) {
                // The first start died while it laid out the directory: nothing was ever stored there.
                delete(data);
            }
            requireVersion(data);
            EmbeddedPostgres server = EmbeddedPostgres.builder()
                    .setDataDirectory(data)
                    .setCleanDataDirectory(false)
                    .setOverrideWorkingDirectory(binaries.toFile())
                    .setRegisterShutdownHook(false)
                    .setPGStartupWait(START_MAX)
                    .setLocaleConfig("auth", "scram-sha-256")
                    .setLocaleConfig(
                            "pwfile",
                            home.directory().resolve("postgresql-password").toString())
                    .setLocaleConfig("locale", "C")
                    .setConnectConfig("password", password)
                    // The builder's own defaults trade durability for speed.
                    .setServerConfig("fsync", "on")
                    .setServerConfig("synchronous_commit", "on")
                    .setServerConfig("full_page_writes", "on")
                    .setServerConfig("listen_addresses", "127.0.0.1")
                    .setServerConfig("unix_socket_directories", "''")
                    .setServerConfig("max_connections", "100")
                    .setServerConfig("timezone", "UTC")
                    .setErrorRedirector(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .setOutputRedirector(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
            DatabaseAddress address = new DatabaseAddress(
                    "jdbc:postgresql://127.0.0.1:" + server.getPort() + "/" + DATABASE, USER, password);
            EmbeddedDatabase started = new EmbeddedDatabase(server, address);
            started.createDatabase(password);
            if (!Files.exists(complete)) {
                Files.createFile(complete);
            }
            return started;
        } catch (IOException | IllegalStateException | UncheckedIOException | SQLException e) {
            throw new StartRefused("the embedded PostgreSQL does not start: " + firstLine(e) + " (see " + log
                    + "; or name another server in TOLLGATE_DATABASE_URL)");
        }
    }

    /** Where the server listens and the password that it wants. */
    public DatabaseAddress address() {
        return address;
    }

    /** Stops the server; what was committed is on disk. */
    @Override
    public void close() throws IOException {
        server.close();
    }

    /** Found here, since the server itself would say so only in its log, and its start be waited for in vain. */
    private static void requireVersion(Path data) throws IOException, StartRefused {
        Path file = data.resolve("PG_VERSION");
        String version = Files.exists(file) ? Files.readString(file).strip() : MAJOR_VERSION;
        if (!version.equals(MAJOR_VERSION)) {
            throw new StartRefused("the data in " + data + " is of PostgreSQL " + version + " (expected: "
                    + MAJOR_VERSION + "); start the Tollgate that wrote it, or dump it there and load it here");
        }
    }

    private void createDatabase(String password) throws SQLException {
        try (Connection connection = server.getDatabase(USER, "postgres", Map.of("password", password))
                        .getConnection();
                Statement statement = connection.createStatement()) {
            boolean exists;
            try (ResultSet found =
                    statement.executeQuery("select 1 from pg_database where datname = '" + DATABASE + "'")) {
                exists = found.next();
            }
            if (!exists) {
                statement.execute("create database " + DATABASE);
            }
        }
    }

    private static String firstLine(Exception e) {
        String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        return message.lines().findFirst().orElse("").strip();
    }

    private static void delete(Path directory) throws IOException {
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure) throws IOException {
                Files.delete(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
