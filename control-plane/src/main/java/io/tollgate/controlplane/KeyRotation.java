package io.tollgate.controlplane;

import io.tollgate.controlplane.catalog.envelope.EnvelopeKey;
import io.tollgate.controlplane.catalog.envelope.EnvelopeRotation;
import io.tollgate.controlplane.catalog.envelope.RotationRefused;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/**
 * The command {@code rotate-envelope-key}: a new key for what is sealed in the database. A key that lies in the home is replaced there, the
 * old one kept under its id for backups of the database. The new key is durable before the database follows, and the home last: whatever dies
 * in between, the next start finds the key that the database has. Main thread only.
 */
final class KeyRotation {
    /** The argument that asks for it. */
    static final String COMMAND = "rotate-envelope-key";

    static final String FILE = "envelope-key";
    private static final String NEXT = FILE + ".next";

    private KeyRotation() {}

    /** Does it, and says so on the standard output. */
    static void run(Environment environment, Home home, DatabaseAddress database) throws StartRefused {
        EnvelopeKey from = key(environment.envelopeKey().orElse(null), home, FILE);
        EnvelopeKey to = key(next(environment), home, NEXT);
        DatabaseProbe.check(database);
        try (Connection connection = DatabaseProbe.connect(database)) {
            int sealed = EnvelopeRotation.rotate(connection, from, to);
            if (environment.envelopeKey().isEmpty()) {
                home.replaceSecret(FILE, NEXT, FILE + "." + from.id());
            }
            System.out.println("{\"event\":\"envelope-key-rotated\",\"from\":\"" + from.id() + "\",\"to\":\"" + to.id()
                    + "\",\"values\":" + sealed + "}");
            System.out.flush();
        } catch (RotationRefused e) {
            throw new StartRefused(COMMAND + ": " + e.getMessage());
        } catch (SQLException e) {
            throw new StartRefused(COMMAND + ": the database failed, and nothing was changed: " + e.getMessage());
        }
    }

    /** Finishes in the home what died after the database had followed. */
    static void finish(Environment environment, Home home, DatabaseAddress database) throws StartRefused {
        if (environment.envelopeKey().isPresent() || !home.hasSecret(NEXT)) {
            return;
        }
        EnvelopeKey held = key(null, home, FILE);
        EnvelopeKey next = key(null, home, NEXT);
        try (Connection connection = DatabaseProbe.connect(database);
                Statement statement = connection.createStatement()) {
            if (next.id().equals(keyOf(statement))) {
                home.replaceSecret(FILE, NEXT, FILE + "." + held.id());
            }
        } catch (SQLException e) {
            throw new StartRefused("the envelope key of the database cannot be asked for: " + e.getMessage());
        }
    }

    private static @Nullable String keyOf(Statement statement) throws SQLException {
        try (ResultSet table = statement.executeQuery("select to_regclass('revision_counter') is not null")) {
            table.next();
            if (!table.getBoolean(1)) {
                return null;
            }
        }
        try (ResultSet row = statement.executeQuery("select envelope_key_id from revision_counter")) {
            return row.next() ? row.getString(1) : null;
        }
    }

    private static @Nullable String next(Environment environment) throws StartRefused {
        if (environment.envelopeKey().isPresent()
                != environment.envelopeKeyNext().isPresent()) {
            throw new StartRefused(
                    environment.envelopeKeyNext().isPresent()
                            ? "TOLLGATE_ENVELOPE_KEY: absent (expected: the key of the database, beside TOLLGATE_ENVELOPE_KEY_NEXT)"
                            : "TOLLGATE_ENVELOPE_KEY_NEXT: absent (expected: the new key, as `openssl rand -base64 32` writes"
                                    + " it, beside TOLLGATE_ENVELOPE_KEY)");
        }
        return environment.envelopeKeyNext().orElse(null);
    }

    private static EnvelopeKey key(@Nullable String given, Home home, String file) throws StartRefused {
        if (given == null && file.equals(FILE) && !home.hasSecret(file)) {
            throw new StartRefused(home.directory().resolve(file)
                    + ": absent (expected: the envelope key of the database, there or in TOLLGATE_ENVELOPE_KEY)");
        }
        String text = given == null ? home.secret(file) : given;
        if (!EnvelopeKey.isKey(text)) {
            throw new StartRefused((given == null ? home.directory().resolve(file) : "TOLLGATE_ENVELOPE_KEY")
                    + ": no key (expected: 32 bytes in Base64, as `openssl rand -base64 32` writes them)");
        }
        return EnvelopeKey.of(text);
    }
}
