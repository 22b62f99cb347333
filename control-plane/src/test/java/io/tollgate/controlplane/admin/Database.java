package io.tollgate.controlplane.admin;

import io.agroal.api.AgroalDataSource;
import jakarta.enterprise.inject.Default;
import jakarta.enterprise.inject.spi.CDI;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Looks into the tables behind the admin API. */
final class Database {
    private Database() {}

    static Connection connection() throws SQLException {
        return CDI.current()
                .select(AgroalDataSource.class, Default.Literal.INSTANCE)
                .get()
                .getConnection();
    }

    /** The rows of a query, columns as text separated by {@code |}; absent values are empty. */
    static List<String> rows(String sql, Object... parameters) {
        try (Connection connection = connection();
                PreparedStatement query = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                query.setObject(i + 1, parameters[i]);
            }
            try (ResultSet row = query.executeQuery()) {
                List<String> rows = new ArrayList<>();
                while (row.next()) {
                    List<String> columns = new ArrayList<>();
                    for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                        String value = row.getString(i);
                        columns.add(value == null ? "" : value);
                    }
                    rows.add(String.join("|", columns));
                }
                return rows;
            }
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    static long count(String sql, Object... parameters) {
        return Long.parseLong(rows(sql, parameters).get(0));
    }

    static int update(String sql) throws SQLException {
        try (Connection connection = connection();
                var statement = connection.createStatement()) {
            return statement.executeUpdate(sql);
        }
    }
}
