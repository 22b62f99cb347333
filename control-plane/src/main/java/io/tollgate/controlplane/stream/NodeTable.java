package io.tollgate.controlplane.stream;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;

/** The table {@code node}: what each node said last, to whichever control plane. Times are the database's. Shared; blocks. */
final class NodeTable {
    /** As the admin API defines a live node. */
    static final String LIVE =
            "connected and seen_at > clock_timestamp() - interval '" + Sessions.SILENCE_MILLIS_MAX + " milliseconds'";

    // A later stream of the node may have been opened on another control plane meanwhile: its word is not overwritten.
    private static final String WRITE = """
            insert into node (id, boot_epoch, connected, control_plane, desired_revision, applied_revision, durable_revision,
                refused_revision, refused_problems, applied_at, version, zone, proxy_address, operations_address,
                connected_at, target_health, listener_states, seen_at)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?, ?, ?, ?, ?, ?, ?::jsonb, ?::jsonb, clock_timestamp())
            on conflict (id) do update set
                boot_epoch = excluded.boot_epoch, connected = excluded.connected, control_plane = excluded.control_plane,
                desired_revision = excluded.desired_revision, applied_revision = excluded.applied_revision,
                durable_revision = excluded.durable_revision, refused_revision = excluded.refused_revision,
                refused_problems = excluded.refused_problems, applied_at = excluded.applied_at,
                version = excluded.version, zone = excluded.zone, proxy_address = excluded.proxy_address,
                operations_address = excluded.operations_address, connected_at = excluded.connected_at,
                target_health = coalesce(excluded.target_health, node.target_health),
                listener_states = excluded.listener_states,
                seen_at = case when excluded.connected then excluded.seen_at else node.seen_at end
            where (excluded.boot_epoch, excluded.connected_at) >= (node.boot_epoch, node.connected_at)
            """;

    private final DataSource database;
    private final ObjectMapper json = new ObjectMapper();
    private final UUID controlPlane = UUID.randomUUID();
    /** What each node's row was last told of its targets: large, and the same from one heartbeat to the next. Writer only. */
    private final Map<String, List<TargetView>> writtenTargets = new HashMap<>();

    NodeTable(DataSource database) {
        this.database = database;
    }

    /** Live nodes of all control planes and the revision that each has applied. */
    Map<String, Long> liveApplied() throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement query =
                        connection.prepareStatement("select id, applied_revision from node where " + LIVE);
                ResultSet rows = query.executeQuery()) {
            Map<String, Long> applied = new HashMap<>();
            while (rows.next()) {
                applied.put(rows.getString(1), rows.getLong(2));
            }
            return applied;
        }
    }

    void write(Collection<NodeState> states) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement upsert = connection.prepareStatement(WRITE)) {
            for (NodeState state : states) {
                bind(upsert, state);
                upsert.executeUpdate();
                if (state.connected()) {
                    writtenTargets.put(state.nodeId(), state.targets());
                } else {
                    writtenTargets.remove(state.nodeId());
                }
            }
        }
    }

    private void bind(PreparedStatement upsert, NodeState state) throws SQLException {
        NodeState.Identity identity = state.identity();
        upsert.setString(1, identity.nodeId());
        upsert.setLong(2, identity.bootEpoch());
        upsert.setBoolean(3, state.connected());
        upsert.setObject(4, controlPlane);
        upsert.setLong(5, state.desiredRevision());
        upsert.setLong(6, state.appliedRevision());
        upsert.setLong(7, state.durableRevision());
        if (state.refusedRevision() == 0) {
            upsert.setNull(8, Types.BIGINT);
        } else {
            upsert.setLong(8, state.refusedRevision());
        }
        upsert.setString(9, state.problems().isEmpty() ? null : text(state.problems()));
        upsert.setObject(
                10, state.appliedAt() == null ? null : state.appliedAt().atOffset(ZoneOffset.UTC));
        upsert.setString(11, identity.version());
        upsert.setString(12, identity.zone());
        upsert.setString(13, identity.proxyAddress());
        upsert.setString(14, identity.operationsAddress());
        OffsetDateTime connectedAt = identity.connectedAt().atOffset(ZoneOffset.UTC);
        upsert.setObject(15, connectedAt);
        upsert.setString(16, isWritten(state) ? null : text(state.targets()));
        upsert.setString(17, text(state.listeners()));
    }

    @SuppressWarnings("ReferenceEquality") // A session keeps the list until its node says another one.
    private boolean isWritten(NodeState state) {
        return state.targets() == writtenTargets.get(state.nodeId());
    }

    private String text(List<?> records) {
        try {
            return json.writeValueAsString(records);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("strings can be written as JSON", e);
        }
    }
}
