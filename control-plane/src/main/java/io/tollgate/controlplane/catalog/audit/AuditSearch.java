package io.tollgate.controlplane.catalog.audit;

import io.agroal.api.AgroalDataSource;
import io.tollgate.controlplane.catalog.RowCursor;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Finds rows of the audit. Shared; worker threads only. */
@ApplicationScoped
public class AuditSearch {
    /** Rows of an export that are in memory at once: two documents each, of some kilobytes as a rule and a megabyte at most. */
    private static final int FETCH_ROWS = 100;

    private final AgroalDataSource database;

    AuditSearch(AgroalDataSource database) {
        this.database = database;
    }

    /** At most {@code limit} rows, the newest first, before the one with the id {@code below}. */
    public List<AuditRecord> page(AuditQuestion question, long below, int limit) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement query = new AuditSql(question).newestFirst(connection, below, limit);
                ResultSet rows = query.executeQuery()) {
            List<AuditRecord> records = new ArrayList<>();
            while (rows.next()) {
                records.add(AuditSql.record(rows));
            }
            return records;
        }
    }

    /** All rows, the oldest first, read from the database as they are taken. The caller closes them. */
    public RowCursor<AuditRecord> open(AuditQuestion question) throws SQLException {
        return RowCursor.open(database, FETCH_ROWS, new AuditSql(question)::all, AuditSql::record);
    }
}
