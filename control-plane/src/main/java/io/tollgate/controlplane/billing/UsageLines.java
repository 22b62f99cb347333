package io.tollgate.controlplane.billing;

import io.agroal.api.AgroalDataSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lines of a large answer, a piece at a time from the database. One thread. */
public final class UsageLines implements AutoCloseable {
    /** Lines that are in memory at once. */
    private static final int FETCH_ROWS = 1_000;

    private final Connection connection;
    private final PreparedStatement query;
    private final ResultSet rows;
    private final UsageSql sql;

    private UsageLines(Connection connection, PreparedStatement query, ResultSet rows, UsageSql sql) {
        this.connection = connection;
        this.query = query;
        this.rows = rows;
        this.sql = sql;
    }

    static UsageLines open(AgroalDataSource database, UsageQuestion question) throws SQLException {
        UsageSql sql = new UsageSql(question);
        Connection connection = database.getConnection();
        try {
            // A cursor lives in a transaction.
            connection.setAutoCommit(false);
            PreparedStatement query = sql.lines(connection, List.of(), 0);
            query.setFetchSize(FETCH_ROWS);
            return new UsageLines(connection, query, query.executeQuery(), sql);
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /** The next line; absent after the last. */
    public @Nullable UsageLine next() throws SQLException {
        return rows.next() ? sql.line(rows) : null;
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
