package io.tollgate.controlplane;

import java.net.UnknownHostException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;

/**
 * Looks at the database before anything else is started, so that one that cannot be used is one clear line. Main thread only.
 */
final class DatabaseProbe {
    /** Supported server versions: those that the tests have run on and their neighbours. */
    static final int MAJOR_MIN = 15;

    static final int MAJOR_MAX = 18;

    private static final String CONNECT_SECONDS = "5";
    /** As long as the control plane itself waits for a statement. */
    private static final String SOCKET_SECONDS = "60";

    private DatabaseProbe() {}

    /** Refuses a database that is away, too old or too new, or migrated by a newer binary than this one. */
    static void check(DatabaseAddress address) throws StartRefused {
        try (Connection connection = connect(address);
                Statement statement = connection.createStatement()) {
            checkVersion(statement);
            checkMigrations(statement, address);
        } catch (SQLException e) {
            throw new StartRefused("cannot use the database at " + address.place() + ": " + firstLine(e)
                    + " (expected: a PostgreSQL " + MAJOR_MIN + " to " + MAJOR_MAX
                    + " that runs and accepts the user of TOLLGATE_DATABASE_URL)");
        }
    }

    /** A connection of its own, for what is done before or without Quarkus. */
    static Connection connect(DatabaseAddress address) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("connectTimeout", CONNECT_SECONDS);
        properties.setProperty("loginTimeout", CONNECT_SECONDS);
        properties.setProperty("socketTimeout", SOCKET_SECONDS);
        if (address.user() != null) {
            properties.setProperty("user", address.user());
        }
        if (address.password() != null) {
            properties.setProperty("password", address.password());
        }
        return DriverManager.getConnection(address.jdbcUrl(), properties);
    }

    private static void checkVersion(Statement statement) throws SQLException, StartRefused {
        try (ResultSet version = statement.executeQuery("select current_setting('server_version_num')::int / 10000")) {
            version.next();
            int major = version.getInt(1);
            if (major < MAJOR_MIN || major > MAJOR_MAX) {
                throw new StartRefused(
                        "the database is PostgreSQL " + major + " (expected: " + MAJOR_MIN + " to " + MAJOR_MAX + ")");
            }
        }
    }

    private static void checkMigrations(Statement statement, DatabaseAddress address)
            throws SQLException, StartRefused {
        try (ResultSet table = statement.executeQuery("select to_regclass('flyway_schema_history') is not null")) {
            table.next();
            if (!table.getBoolean(1)) {
                return;
            }
        }
        try (ResultSet newest = statement.executeQuery(
                "select coalesce(max(version::int), 0) from flyway_schema_history where version ~ '^[0-9]+$'")) {
            newest.next();
            int stored = newest.getInt(1);
            int known = KnownMigrations.newest();
            if (stored > known) {
                throw new StartRefused("the database at " + address.place() + " was migrated to version " + stored
                        + " by a newer control plane (this one knows " + known + ": start the newer one)");
            }
        }
    }

    private static String firstLine(SQLException e) {
        String message = e.getMessage() == null ? "SQL state " + e.getSQLState() : e.getMessage();
        String line = message.lines().findFirst().orElse("").strip();
        // "The connection attempt failed." is all that the driver says of a name that does not resolve.
        return e.getCause() instanceof UnknownHostException unknown
                ? line + " Unknown host " + unknown.getMessage()
                : line;
    }
}
