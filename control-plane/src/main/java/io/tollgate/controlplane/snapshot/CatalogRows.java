package io.tollgate.controlplane.snapshot;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import io.tollgate.controlplane.catalog.envelope.EnvelopeKey;
import io.tollgate.controlplane.catalog.revision.ObjectKind;
import io.tollgate.proto.config.v1.Change;
import io.tollgate.proto.config.v1.Gateway;
import jakarta.inject.Singleton;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Reads rows of the catalog as the objects that nodes get. What is read is what the connection's transaction sees: for a full
 * configuration one repeatable-read transaction, for the judgement of a write that write's own. The same row always makes the
 * same bytes. Shared; blocks.
 */
@Singleton
final class CatalogRows {
    /** Id of the one object that holds what every node needs beside the catalog. */
    static final String GATEWAY_ID = "00000000-0000-0000-0000-000000000000";

    private static final int FETCH_ROWS = 1_000;

    private final RowObjects objects;

    CatalogRows(EnvelopeKey envelope) {
        objects = new RowObjects(new ObjectMapper(), envelope);
    }

    /** Every object there is, a kind after the other, those that others refer to first. */
    List<Change> all(Connection connection) throws SQLException {
        List<Change> changes = new ArrayList<>();
        for (ObjectKind kind : ObjectKind.values()) {
            if (kind == ObjectKind.GATEWAY) {
                changes.add(gateway(connection));
            } else if (kind.reachesNodes()) {
                try (PreparedStatement query = connection.prepareStatement(RowObjects.select(kind) + " order by id")) {
                    query.setFetchSize(FETCH_ROWS);
                    read(kind, query, changes);
                }
            }
        }
        return changes;
    }

    /** The named objects as they are now; one that is not there is a removal. */
    List<Change> of(Connection connection, Map<ObjectKind, ? extends Collection<UUID>> ids) throws SQLException {
        List<Change> changes = new ArrayList<>();
        for (ObjectKind kind : ObjectKind.values()) {
            Collection<UUID> wanted = ids.get(kind);
            if (wanted == null || wanted.isEmpty() || !kind.reachesNodes()) {
                continue;
            }
            if (kind == ObjectKind.GATEWAY) {
                changes.add(gateway(connection));
                continue;
            }
            Set<UUID> absent = new HashSet<>(wanted);
            Array array = connection.createArrayOf("uuid", wanted.toArray());
            try (PreparedStatement query =
                    connection.prepareStatement(RowObjects.select(kind) + " where id = any(?) order by id")) {
                query.setArray(1, array);
                read(kind, query, changes);
            } finally {
                array.free();
            }
            changes.forEach(change -> absent.remove(UUID.fromString(change.getId())));
            absent.stream().sorted().forEach(id -> changes.add(removed(kind, id)));
        }
        return changes;
    }

    private void read(ObjectKind kind, PreparedStatement query, List<Change> into) throws SQLException {
        try (ResultSet row = query.executeQuery()) {
            while (row.next()) {
                into.add(put(kind, row.getString("id"), objects.of(kind, row)));
            }
        }
    }

    private static Change gateway(Connection connection) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("select key_digest_secret from revision_counter");
                ResultSet row = query.executeQuery()) {
            if (!row.next()) {
                throw new SQLException("the row of revision_counter is missing");
            }
            Gateway gateway = Gateway.newBuilder()
                    .setKeyDigestSecret(ByteString.copyFrom(row.getBytes(1)))
                    .build();
            return put(ObjectKind.GATEWAY, GATEWAY_ID, gateway);
        }
    }

    private static Change put(ObjectKind kind, String id, MessageLite object) {
        return Change.newBuilder()
                .setKind(ProtoKinds.of(kind))
                .setId(id)
                .setObject(object.toByteString())
                .build();
    }

    private static Change removed(ObjectKind kind, UUID id) {
        return Change.newBuilder()
                .setKind(ProtoKinds.of(kind))
                .setId(id.toString())
                .setRemoved(true)
                .build();
    }
}
