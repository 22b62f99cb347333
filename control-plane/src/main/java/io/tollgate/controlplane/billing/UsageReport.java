package io.tollgate.controlplane.billing;

import io.agroal.api.AgroalDataSource;
import io.tollgate.controlplane.catalog.RowCursor;
import io.tollgate.controlplane.catalog.revision.NotInCatalog;
import io.tollgate.controlplane.catalog.revision.ObjectKind;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Sums over the ledger. Shared; worker threads only. */
@ApplicationScoped
public class UsageReport {
    /** Lines of an export that are in memory at once. */
    private static final int FETCH_ROWS = 1_000;

    private final AgroalDataSource database;

    UsageReport(AgroalDataSource database) {
        this.database = database;
    }

    /**
     * Lines in order.
     *
     * @param after key of the line before the first wanted one; empty: from the first
     * @param limit how many at most
     */
    public List<UsageLine> lines(UsageQuestion question, List<String> after, int limit) throws SQLException {
        UsageSql sql = new UsageSql(question);
        try (Connection connection = database.getConnection();
                PreparedStatement query = sql.lines(connection, after, limit);
                ResultSet rows = query.executeQuery()) {
            List<UsageLine> lines = new ArrayList<>();
            while (rows.next()) {
                lines.add(sql.line(rows));
            }
            return lines;
        }
    }

    /** What tells a line from all others of its question; to go on after it. */
    public List<String> keyOf(UsageQuestion question, UsageLine line) {
        return new UsageSql(question).keyOf(line);
    }

    /** Whether a line of this question could have this key. */
    public boolean isKey(UsageQuestion question, List<String> key) {
        return new UsageSql(question).isKey(key);
    }

    /** The sums of all lines. */
    public UsageSums sums(UsageQuestion question) throws SQLException {
        UsageSql sql = new UsageSql(question);
        try (Connection connection = database.getConnection();
                PreparedStatement query = sql.sums(connection);
                ResultSet row = query.executeQuery()) {
            row.next();
            return new UsageSums(
                    row.getLong("requests"),
                    row.getLong("request_bytes"),
                    row.getLong("response_bytes"),
                    row.getLong("unmetered_requests"));
        }
    }

    /** All lines, read from the database as they are taken. The caller closes them. */
    public RowCursor<UsageLine> open(UsageQuestion question) throws SQLException {
        UsageSql sql = new UsageSql(question);
        return RowCursor.open(database, FETCH_ROWS, connection -> sql.lines(connection, List.of(), 0), sql::line);
    }

    /**
     * Id, as text, of the object with this name or id, also of one that has been deleted since.
     *
     * @throws NotInCatalog there never was one
     */
    public String idOf(ObjectKind kind, String nameOrId) throws SQLException {
        String table = kind.word();
        // What is there goes before what was there under the same name.
        String sql = "(select id::text, 0 as place, created_at as since from " + table
                + " where name = ? or id::text = lower(?))"
                + " union all (select object_id::text, 1, retired_at from retired_name"
                + " where object_kind = ? and (name = ? or object_id::text = lower(?)))"
                + " order by place, since desc limit 1";
        try (Connection connection = database.getConnection();
                PreparedStatement query = connection.prepareStatement(sql)) {
            query.setString(1, nameOrId);
            query.setString(2, nameOrId);
            query.setString(3, table);
            query.setString(4, nameOrId);
            query.setString(5, nameOrId);
            try (ResultSet row = query.executeQuery()) {
                if (!row.next()) {
                    throw new NotInCatalog(table, nameOrId);
                }
                return row.getString(1);
            }
        }
    }
}
