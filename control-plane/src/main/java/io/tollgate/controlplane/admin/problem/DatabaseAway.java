package io.tollgate.controlplane.admin.problem;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Set;

/** Tells a database that is away or busy from a bug. Immutable. */
final class DatabaseAway {
    private static final int CAUSES_MAX = 20;

    /** Shutting down, crashed, starting; too many connections; the wait for a lock took too long. */
    private static final Set<String> STATES = Set.of("57P01", "57P02", "57P03", "53300", "55P03");

    private DatabaseAway() {}

    static boolean isCauseOf(Throwable failure) {
        Throwable cause = failure;
        for (int i = 0; cause != null && i < CAUSES_MAX; i++) {
            if (cause instanceof SQLException sql && isAway(sql)) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }

    private static boolean isAway(SQLException failure) {
        String state = failure.getSQLState();
        if (state != null) {
            return state.startsWith("08") || STATES.contains(state);
        }
        // The pool's own failure to hand out a connection in time has no state.
        return failure instanceof SQLTransientConnectionException
                || String.valueOf(failure.getMessage()).contains("Acquisition timeout");
    }
}
