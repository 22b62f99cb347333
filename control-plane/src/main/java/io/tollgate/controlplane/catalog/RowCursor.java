package io.tollgate.controlplane.catalog;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a large answer, a piece at a time from the database. It holds a connection and a transaction until it is closed. One thread.
 *
 * @param <T> what a row is read as
 */
public final class RowCursor<T> implements AutoCloseable {
    private final Connection connection;
    private final PreparedStatement query;
    private final ResultSet rows;
    private final Reader<T> reader;

    private RowCursor(Connection connection, PreparedStatement query, ResultSet rows, Reader<T> reader) {
        this.connection = connection;
        this.query = query;
        this.rows = rows;
        this.reader = reader;
    }

    /** Prepares the query on a connection. */
    @FunctionalInterface
    public interface Query {
        PreparedStatement on(Connection connection) throws SQLException;
    }

    /** Reads the row that is at hand. */
    @FunctionalInterface
    public interface Reader<T> {
        T read(ResultSet row) throws SQLException;
    }

    /** @param fetchRows that are in memory at once */
    public static <T> RowCursor<T> open(DataSource database, int fetchRows, Query question, Reader<T> reader)
            throws SQLException {
        Connection connection = database.getConnection();
        try {
            // A cursor lives in a transaction.
            connection.setAutoCommit(false);
            PreparedStatement query = question.on(connection);
            query.setFetchSize(fetchRows);
            return new RowCursor<>(connection, query, query.executeQuery(), reader);
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /** The next row; null after the last. */
    public @Nullable T next() throws SQLException {
        return rows.next() ? reader.read(rows) : null;
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
