package io.tollgate.controlplane.catalog.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A question to the audit in SQL, and its rows. One thread. */
final class AuditSql {
    private static final TypeReference<Map<String, Object>> MEMBERS = new TypeReference<>() {};
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String COLUMNS = """
            select id, happened_at, actor, roles, issuer, token_id, client_address, user_agent, request_id, action, object_kind,
                   object_id, object_name, revision, outcome, status, attempts, last_at, before::text, after::text
            from audit where true""";

    private final StringBuilder conditions = new StringBuilder();
    private final List<Object> parameters = new ArrayList<>();

    AuditSql(AuditQuestion question) {
        where("happened_at >= ?", time(question.from()));
        where("happened_at < ?", time(question.to()));
        where("actor = ?", question.actor());
        where("object_kind = ?", question.kind());
        where("outcome = ?", question.outcome());
        String object = question.object();
        if (object != null) {
            where("(object_name = ? or object_id::text = lower(?))", object);
            parameters.add(object);
        }
    }

    private void where(String condition, @Nullable Object value) {
        if (value != null) {
            conditions.append(" and ").append(condition);
            parameters.add(value);
        }
    }

    private static @Nullable OffsetDateTime time(@Nullable Instant time) {
        return time == null ? null : time.atOffset(ZoneOffset.UTC);
    }

    /** The newest first, before the row with the id {@code below}. */
    PreparedStatement newestFirst(Connection connection, long below, int limit) throws SQLException {
        PreparedStatement query =
                connection.prepareStatement(COLUMNS + conditions + " and id < ? order by id desc limit ?");
        int next = bind(query);
        query.setLong(next, below);
        query.setInt(next + 1, limit);
        return query;
    }

    /** All, in the order of their happening. */
    PreparedStatement all(Connection connection) throws SQLException {
        PreparedStatement query = connection.prepareStatement(COLUMNS + conditions + " order by id");
        bind(query);
        return query;
    }

    private int bind(PreparedStatement query) throws SQLException {
        for (int i = 0; i < parameters.size(); i++) {
            query.setObject(i + 1, parameters.get(i));
        }
        return parameters.size() + 1;
    }

    static AuditRecord record(ResultSet row) throws SQLException {
        Map<String, Object> before = document(row.getString("before"));
        Map<String, Object> after = document(row.getString("after"));
        String roles = row.getString("roles");
        return new AuditRecord(
                row.getLong("id"),
                row.getObject("happened_at", OffsetDateTime.class).toInstant(),
                row.getString("actor"),
                roles.isEmpty() ? List.of() : List.of(roles.split(",", -1)),
                new Actor.Proof(row.getString("issuer"), row.getString("token_id")),
                new Origin(
                        row.getString("client_address"),
                        row.getString("user_agent"),
                        row.getObject("request_id", UUID.class)),
                row.getString("action"),
                row.getString("object_kind"),
                row.getObject("object_id", UUID.class),
                row.getString("object_name"),
                row.getObject("revision", Long.class),
                row.getString("outcome"),
                row.getObject("status", Integer.class),
                row.getLong("attempts"),
                instant(row.getObject("last_at", OffsetDateTime.class)),
                shown(before, after),
                shown(after, before));
    }

    private static @Nullable Map<String, Object> shown(
            @Nullable Map<String, Object> object, @Nullable Map<String, Object> other) {
        return object == null || other == null ? object : ChangedMembers.of(object, other);
    }

    private static @Nullable Instant instant(@Nullable OffsetDateTime time) {
        return time == null ? null : time.toInstant();
    }

    private static @Nullable Map<String, Object> document(@Nullable String json) throws SQLException {
        try {
            return json == null ? null : JSON.readValue(json, MEMBERS);
        } catch (JsonProcessingException e) {
            throw new SQLException("a row of the audit that is no JSON object", e);
        }
    }
}
