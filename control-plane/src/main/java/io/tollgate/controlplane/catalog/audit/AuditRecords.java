package io.tollgate.controlplane.catalog.audit;

import io.agroal.api.AgroalDataSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Rows of a large answer, a piece at a time from the database. One thread. */
public final class AuditRecords implements AutoCloseable {
    /** Rows that are in memory at once: two documents each, of some kilobytes as a rule and a megabyte at most. */
    private static final int FETCH_ROWS = 100;

    private final Connection connection;
    private final PreparedStatement query;
    private final ResultSet rows;

    private AuditRecords(Connection connection, PreparedStatement query, ResultSet rows) {
        this.connection = connection;
        this.query = query;
        this.rows = rows;
    }

    static AuditRecords open(AgroalDataSource database, AuditQuestion question) throws SQLException {
        Connection connection = database.getConnection();
        try {
            // A cursor lives in a transaction.
            connection.setAutoCommit(false);
            PreparedStatement query = new AuditSql(question).all(connection);
            query.setFetchSize(FETCH_ROWS);
            return new AuditRecords(connection, query, query.executeQuery());
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /** The next row; absent after the last. */
    public @Nullable AuditRecord next() throws SQLException {
        return rows.next() ? AuditSql.record(rows) : null;
    }

    @Override
    public void close() throws SQLException {
        try {
            rows.close();
            query.close();
            connection.rollback();
            connection.setAutoCommit(true);
        } finally {
            connection.close();
        }
    }
}
