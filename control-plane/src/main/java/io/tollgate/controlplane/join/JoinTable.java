package io.tollgate.controlplane.join;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The tables {@code join_token} and {@code node_certificate}, as joining and revoking see them. Stateless; blocks. */
final class JoinTable {
    private JoinTable() {}

    /** A token that somebody has shown. Immutable. */
    @SuppressWarnings("ArrayRecordComponent") // Read by the one who asked for it, and never changed.
    record Token(
            @Nullable String nodeId,
            Instant expiresAt,
            @Nullable String usedBy,
            byte @Nullable [] usedKey) {}

    static @Nullable Token token(Connection connection, UUID id, String secret) throws SQLException {
        // Locked: of two nodes that come with one token, the second sees what the first has done.
        try (PreparedStatement query = connection.prepareStatement(
                "select node_id, expires_at, used_by, used_key from join_token where id = ? and secret_digest = ? for update")) {
            query.setObject(1, id);
            query.setBytes(2, JoinTokens.digest(secret));
            try (ResultSet row = query.executeQuery()) {
                return row.next()
                        ? new Token(
                                row.getString("node_id"),
                                row.getObject("expires_at", OffsetDateTime.class)
                                        .toInstant(),
                                row.getString("used_by"),
                                row.getBytes("used_key"))
                        : null;
            }
        }
    }

    static void spend(Connection connection, UUID tokenId, String nodeId, byte[] keyDigest, Instant now)
            throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                "update join_token set used_at = coalesce(used_at, ?), used_by = ?, used_key = ? where id = ?")) {
            update.setObject(1, now.atOffset(ZoneOffset.UTC));
            update.setString(2, nodeId);
            update.setBytes(3, keyDigest);
            update.setObject(4, tokenId);
            update.executeUpdate();
        }
    }

    static int revoke(Connection connection, String nodeId, String by, Instant now) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                        "update node_certificate set revoked_at = ?, revoked_by = ? where node_id = ? and revoked_at is null");
                PreparedStatement notify =
                        connection.prepareStatement("select pg_notify('" + Revocations.CHANNEL + "', '')")) {
            update.setObject(1, now.atOffset(ZoneOffset.UTC));
            update.setString(2, by);
            update.setString(3, nodeId);
            int revoked = update.executeUpdate();
            notify.execute();
            return revoked;
        }
    }

    static boolean isKnown(Connection connection, String nodeId) throws SQLException {
        return exists(connection, "select 1 from node_certificate where node_id = ? limit 1", nodeId);
    }

    static boolean hasValid(Connection connection, String nodeId, Instant now) throws SQLException {
        return exists(
                connection,
                "select 1 from node_certificate where node_id = ? and revoked_at is null and not_after > ? limit 1",
                nodeId,
                now.atOffset(ZoneOffset.UTC));
    }

    private static boolean exists(Connection connection, String sql, Object... parameters) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                query.setObject(i + 1, parameters[i]);
            }
            try (ResultSet row = query.executeQuery()) {
                return row.next();
            }
        }
    }

    static boolean isRevoked(Connection connection, String serial) throws SQLException {
        return exists(connection, "select 1 from node_certificate where serial = ? and revoked_at is not null", serial);
    }

    static void insert(Connection connection, String nodeId, String serial, Instant now, Instant notAfter)
            throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                "insert into node_certificate (serial, node_id, issued_at, not_after) values (?, ?, ?, ?)")) {
            insert.setString(1, serial);
            insert.setString(2, nodeId);
            insert.setObject(3, now.atOffset(ZoneOffset.UTC));
            insert.setObject(4, notAfter.atOffset(ZoneOffset.UTC));
            insert.executeUpdate();
        }
    }

    /** With what the node could join again. */
    static void deleteTokens(Connection connection, String nodeId) throws SQLException {
        try (PreparedStatement delete =
                connection.prepareStatement("delete from join_token where node_id = ? or used_by = ?")) {
            delete.setString(1, nodeId);
            delete.setString(2, nodeId);
            delete.executeUpdate();
        }
    }

    static Map<String, IssuedCertificate> newest(Connection connection, Collection<String> nodeIds)
            throws SQLException {
        Map<String, IssuedCertificate> newest = new HashMap<>();
        Array ids = connection.createArrayOf("text", nodeIds.toArray());
        try (PreparedStatement query = connection.prepareStatement(
                "select distinct on (node_id) node_id, serial, issued_at, not_after, revoked_at, revoked_by"
                        + " from node_certificate where node_id = any(?)"
                        + " order by node_id, issued_at desc, not_after desc")) {
            query.setArray(1, ids);
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    newest.put(row.getString("node_id"), certificate(row));
                }
            }
        } finally {
            ids.free();
        }
        return newest;
    }

    private static IssuedCertificate certificate(ResultSet row) throws SQLException {
        OffsetDateTime revokedAt = row.getObject("revoked_at", OffsetDateTime.class);
        return new IssuedCertificate(
                row.getString("serial"),
                row.getObject("issued_at", OffsetDateTime.class).toInstant(),
                row.getObject("not_after", OffsetDateTime.class).toInstant(),
                revokedAt == null ? null : revokedAt.toInstant(),
                row.getString("revoked_by"));
    }
}
