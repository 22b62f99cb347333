package io.tollgate.controlplane.billing;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A question as SQL. Everything that a caller says is bound, nothing is pasted. Immutable. */
final class UsageSql {
    private static final UUID UNKNOWN = new UUID(0, 0);

    private final UsageQuestion question;

    UsageSql(UsageQuestion question) {
        this.question = question;
    }

    /**
     * The lines, by interval and then by the grouped columns.
     *
     * @param after the key (see {@link #keyOf}) of the line before the first wanted one; empty: from the first
     * @param limit how many at most; 0: all
     */
    PreparedStatement lines(Connection connection, List<String> after, int limit) throws SQLException {
        List<Object> values = new ArrayList<>();
        StringBuilder sums = new StringBuilder("select ");
        sums.append(question.interval().sql()).append(" as interval_start");
        if (question.interval() == Interval.TOTAL) {
            values.add(question.from());
        }
        StringBuilder columns = new StringBuilder("interval_start");
        // Outside, the tables of the names have columns of the same names.
        StringBuilder order = new StringBuilder("sums.interval_start");
        for (Dimension dimension : question.groupBy()) {
            sums.append(", ").append(dimension.column());
            columns.append(", ").append(dimension.column());
            order.append(", sums.").append(dimension.column());
        }
        sums.append(", sum(requests)::bigint as requests, sum(request_bytes)::bigint as request_bytes,"
                + " sum(response_bytes)::bigint as response_bytes from usage_minute");
        where(sums, values);
        sums.append(" group by ").append(columns);
        StringBuilder sql = new StringBuilder("select sums.*").append(names()).append(" from (");
        sql.append(sums).append(") sums").append(joins());
        if (!after.isEmpty()) {
            sql.append(" where (").append(order).append(") > (?::timestamptz");
            values.add(after.get(0));
            int place = 1;
            for (Dimension dimension : question.groupBy()) {
                sql.append(dimension.kind() == null ? ", ?" : ", ?::uuid");
                values.add(after.get(place++));
            }
            sql.append(")");
        }
        sql.append(" order by ").append(order);
        if (limit > 0) {
            sql.append(" limit ?");
            values.add(limit);
        }
        return bound(connection, sql, values);
    }

    /** One row: requests, request_bytes, response_bytes, unmetered_requests. */
    PreparedStatement sums(Connection connection) throws SQLException {
        List<Object> values = new ArrayList<>();
        StringBuilder sql = new StringBuilder("select coalesce(sum(requests), 0)::bigint as requests,"
                + " coalesce(sum(request_bytes), 0)::bigint as request_bytes,"
                + " coalesce(sum(response_bytes), 0)::bigint as response_bytes,"
                + " (select coalesce(sum(unmetered_requests), 0)::bigint from usage_batch"
                + " where sealed_at >= ? and sealed_at < ?) as unmetered_requests from usage_minute");
        values.add(question.from());
        values.add(question.to());
        where(sql, values);
        return bound(connection, sql, values);
    }

    /** A line of {@link #lines}. */
    UsageLine line(ResultSet row) throws SQLException {
        return new UsageLine(
                row.getObject("interval_start", OffsetDateTime.class).toInstant(),
                id(row, Dimension.CONSUMER),
                text(row, Dimension.CONSUMER, "consumer"),
                text(row, Dimension.CONSUMER, "billing_id"),
                id(row, Dimension.KEY),
                text(row, Dimension.KEY, "credential"),
                id(row, Dimension.PLAN),
                text(row, Dimension.PLAN, "plan"),
                id(row, Dimension.ROUTE),
                text(row, Dimension.ROUTE, "route"),
                text(row, Dimension.OUTCOME_CLASS, "outcome_class"),
                row.getLong("requests"),
                row.getLong("request_bytes"),
                row.getLong("response_bytes"));
    }

    /** What tells a line from all others of the question: the interval and the grouped columns. */
    List<String> keyOf(UsageLine line) {
        List<String> key = new ArrayList<>();
        key.add(line.intervalStart().toString());
        for (Dimension dimension : question.groupBy()) {
            key.add(
                    switch (dimension) {
                        case CONSUMER -> idText(line.consumerId());
                        case KEY -> idText(line.keyId());
                        case PLAN -> idText(line.planId());
                        case ROUTE -> idText(line.routeId());
                        case OUTCOME_CLASS -> String.valueOf(line.outcomeClass());
                    });
        }
        return key;
    }

    /** Whether {@link #keyOf} of a line could be this. */
    boolean isKey(List<String> key) {
        if (key.size() != 1 + question.groupBy().size()) {
            return false;
        }
        try {
            Instant.parse(key.get(0));
            int place = 1;
            for (Dimension dimension : question.groupBy()) {
                String part = key.get(place++);
                if (dimension.kind() != null
                        && !UUID.fromString(part).toString().equals(part)) {
                    return false;
                }
            }
            return true;
        } catch (DateTimeParseException | IllegalArgumentException e) {
            return false;
        }
    }

    private String names() {
        StringBuilder names = new StringBuilder();
        for (Dimension dimension : question.groupBy()) {
            if (dimension.kind() != null) {
                String table = dimension.kind().word();
                names.append(", coalesce(")
                        .append(table)
                        .append(".name, retired_")
                        .append(table);
                names.append(".name) as ").append(table);
            }
        }
        if (question.groupBy().contains(Dimension.CONSUMER)) {
            names.append(", coalesce(consumer.billing_id, retired_consumer.billing_id) as billing_id");
        }
        return names.toString();
    }

    private String joins() {
        StringBuilder joins = new StringBuilder();
        for (Dimension dimension : question.groupBy()) {
            if (dimension.kind() != null) {
                String table = dimension.kind().word();
                joins.append(" left join ")
                        .append(table)
                        .append(" on ")
                        .append(table)
                        .append(".id = sums.");
                joins.append(dimension.column());
                joins.append(" left join retired_name retired_").append(table);
                joins.append(" on retired_")
                        .append(table)
                        .append(".object_kind = '")
                        .append(table);
                joins.append("' and retired_")
                        .append(table)
                        .append(".object_id = sums.")
                        .append(dimension.column());
            }
        }
        return joins.toString();
    }

    private void where(StringBuilder sql, List<Object> values) {
        sql.append(" where minute >= ? and minute < ?");
        values.add(question.from());
        values.add(question.to());
        question.only().forEach((dimension, value) -> {
            sql.append(" and ").append(dimension.column()).append(dimension.kind() == null ? " = ?" : " = ?::uuid");
            values.add(value);
        });
    }

    private static PreparedStatement bound(Connection connection, StringBuilder sql, List<Object> values)
            throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql.toString());
        for (int i = 0; i < values.size(); i++) {
            Object value = values.get(i);
            statement.setObject(i + 1, value instanceof Instant time ? time.atOffset(ZoneOffset.UTC) : value);
        }
        return statement;
    }

    private @Nullable UUID id(ResultSet row, Dimension dimension) throws SQLException {
        if (!question.groupBy().contains(dimension)) {
            return null;
        }
        UUID id = row.getObject(dimension.column(), UUID.class);
        return UNKNOWN.equals(id) ? null : id;
    }

    private @Nullable String text(ResultSet row, Dimension dimension, String column) throws SQLException {
        return question.groupBy().contains(dimension) ? row.getString(column) : null;
    }

    private static String idText(@Nullable UUID id) {
        return (id == null ? UNKNOWN : id).toString();
    }
}
