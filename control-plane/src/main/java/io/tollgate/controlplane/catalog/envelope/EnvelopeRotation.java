package io.tollgate.controlplane.catalog.envelope;

import java.security.GeneralSecurityException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;

/**
 * Seals every sealed value of a database anew, with another key: all of them in one transaction, or none. No control plane may run meanwhile:
 * each holds {@link EnvelopeKey#RUNNING_LOCK}, and one that has lost it writes nothing, since the database refuses values that are sealed with
 * another key than its own. Stateless; blocks.
 */
public final class EnvelopeRotation {
    private EnvelopeRotation() {}

    /**
     * Takes {@code connection} for one transaction.
     *
     * @return how many values were sealed anew; 0 also when the database has the new key already
     */
    public static int rotate(Connection connection, EnvelopeKey from, EnvelopeKey to)
            throws SQLException, RotationRefused {
        connection.setAutoCommit(false);
        try {
            int sealed = rotateInTransaction(connection, from, to);
            connection.commit();
            return sealed;
        } catch (SQLException | RotationRefused | RuntimeException e) {
            rollback(connection, e);
            throw e;
        }
    }

    private static int rotateInTransaction(Connection connection, EnvelopeKey from, EnvelopeKey to)
            throws SQLException, RotationRefused {
        try (Statement statement = connection.createStatement()) {
            try (ResultSet lock =
                    statement.executeQuery("select pg_try_advisory_xact_lock(" + EnvelopeKey.RUNNING_LOCK + ")")) {
                lock.next();
                if (!lock.getBoolean(1)) {
                    throw new RotationRefused(
                            "a control plane of this database runs (expected: stop all of them; nodes go on serving)");
                }
            }
            String held = keyOf(statement);
            if (to.id().equals(held)) {
                return 0;
            }
            if (!from.id().equals(held)) {
                throw new RotationRefused("the envelope key is key " + from.id() + " (expected: key " + held
                        + ", with which the values in this database are sealed)");
            }
            requireAllKnown(statement);
        }
        tie(connection, to);
        int sealed = 0;
        for (SealedColumn column : SealedColumn.ALL) {
            sealed += seal(connection, column, from, to);
        }
        for (SealedColumn column : SealedColumn.ALL) {
            follow(connection, column.table(), to);
        }
        note(connection, from, to, sealed);
        return sealed;
    }

    private static String keyOf(Statement statement) throws SQLException, RotationRefused {
        try (ResultSet row = statement.executeQuery("select envelope_key_id from revision_counter for update")) {
            String held = row.next() ? row.getString(1) : null;
            if (held == null) {
                throw new RotationRefused(
                        "this database has no envelope key yet (expected: start a control plane once)");
            }
            return held;
        }
    }

    private static void requireAllKnown(Statement statement) throws SQLException, RotationRefused {
        Set<String> tables = new HashSet<>();
        try (ResultSet row = statement.executeQuery(
                "select table_name from information_schema.columns where column_name = 'envelope_key_id'"
                        + " and table_schema = current_schema() and table_name <> 'revision_counter'")) {
            while (row.next()) {
                tables.add(row.getString(1));
            }
        }
        SealedColumn.ALL.forEach(column -> tables.remove(column.table()));
        if (!tables.isEmpty()) {
            throw new RotationRefused("this version does not know the sealed values in " + String.join(", ", tables)
                    + " (expected: the version of the control planes)");
        }
    }

    private static void tie(Connection connection, EnvelopeKey to) throws SQLException {
        try (PreparedStatement tie = connection.prepareStatement("update revision_counter set envelope_key_id = ?")) {
            tie.setString(1, to.id());
            tie.executeUpdate();
        }
    }

    private static int seal(Connection connection, SealedColumn column, EnvelopeKey from, EnvelopeKey to)
            throws SQLException, RotationRefused {
        String table = column.table();
        String ofObject = " where " + column.id() + " = ?";
        int sealed = 0;
        try (PreparedStatement query = connection.prepareStatement("select " + column.id() + ", " + column.column()
                        + " from " + table + " where " + column.column()
                        // What no key has sealed yet is sealed by the next control plane that starts.
                        + " is not null and envelope_key_id is not null order by 1 for update");
                PreparedStatement update = connection.prepareStatement(
                        "update " + table + " set " + column.column() + " = ?, envelope_key_id = ?" + ofObject);
                ResultSet row = query.executeQuery()) {
            while (row.next()) {
                UUID id = row.getObject(1, UUID.class);
                update.setBytes(1, to.seal(id, opened(row.getBytes(2), table, id, from)));
                update.setString(2, to.id());
                update.setObject(3, id);
                sealed += update.executeUpdate();
            }
        }
        return sealed;
    }

    /** Rows that name a key and hold no value (any more). */
    private static void follow(Connection connection, String table, EnvelopeKey to) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement("update " + table
                + " set envelope_key_id = ? where envelope_key_id is not null and envelope_key_id <> ?")) {
            update.setString(1, to.id());
            update.setString(2, to.id());
            update.executeUpdate();
        }
    }

    private static byte[] opened(byte[] value, String table, UUID id, EnvelopeKey key) throws RotationRefused {
        try {
            return key.open(id, value);
        } catch (GeneralSecurityException e) {
            throw new RotationRefused("the sealed value of " + table + " " + id + " does not open with key " + key.id()
                    + " (expected: a row that this database's control planes wrote; restore it, or delete it)");
        }
    }

    private static void note(Connection connection, EnvelopeKey from, EnvelopeKey to, int sealed) throws SQLException {
        try (PreparedStatement audit = connection.prepareStatement(
                "insert into audit (happened_at, actor, roles, action, object_kind, before, after) values (clock_timestamp(),"
                        + " 'tollgate', '', 'rotate', 'envelope-key', jsonb_build_object('key', ?),"
                        + " jsonb_build_object('key', ?, 'values', ?))")) {
            audit.setString(1, from.id());
            audit.setString(2, to.id());
            audit.setInt(3, sealed);
            audit.executeUpdate();
        }
    }

    private static void rollback(Connection connection, Exception cause) {
        try {
            connection.rollback();
        } catch (SQLException gone) {
            cause.addSuppressed(gone);
        }
    }
}
