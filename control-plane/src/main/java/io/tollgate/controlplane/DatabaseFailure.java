package io.tollgate.controlplane;

import java.sql.SQLException;

/** The database failed under a read; the edge tells one that is away from a bug by the cause. Immutable. */
public final class DatabaseFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private DatabaseFailure(SQLException cause) {
        super(cause.getMessage(), cause);
    }

    /** Work on the database. */
    @FunctionalInterface
    public interface Query<T> {
        T run() throws SQLException;
    }

    /** Runs {@code query}; its failure becomes one of this type. */
    public static <T> T unchecked(Query<T> query) {
        try {
            return query.run();
        } catch (SQLException e) {
            throw new DatabaseFailure(e);
        }
    }
}
