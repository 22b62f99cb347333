package io.tollgate.controlplane.stream;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.agroal.api.AgroalDataSource;
import io.tollgate.controlplane.catalog.revision.CatalogConflict;
import io.tollgate.controlplane.catalog.revision.NotInCatalog;
import io.tollgate.controlplane.catalog.revision.ObjectFault;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads and forgets nodes for operators; what is shown is what all control planes wrote. Shared; worker threads only. */
@ApplicationScoped
public class NodeDirectory {
    private static final String SELECT = "select node.*, (" + NodeTable.LIVE + ") as live,"
            + " greatest(node.desired_revision, counter.revision) as wanted_revision,"
            + " case when applied_revision >= counter.revision then 0 else greatest(0, (extract(epoch from"
            + " clock_timestamp() - (select committed_at from revision where revision.revision > node.applied_revision"
            + " order by revision.revision limit 1)) * 1000)::bigint) end as age_millis"
            + " from node cross join revision_counter counter";

    private static final TypeReference<List<ObjectFault>> PROBLEMS = new TypeReference<>() {};
    private static final TypeReference<List<ListenerView>> LISTENERS = new TypeReference<>() {};
    private static final TypeReference<List<TargetView>> TARGETS = new TypeReference<>() {};

    private final AgroalDataSource database;
    private final ObjectMapper json = new ObjectMapper();

    NodeDirectory(AgroalDataSource database) {
        this.database = database;
    }

    /** Nodes by id, those after {@code after} (empty: from the first); only live ones, or only others, when asked so. */
    public List<NodeView> page(String after, int limit, @Nullable Boolean live) throws SQLException {
        String wanted =
                live == null ? "" : live ? " and (" + NodeTable.LIVE + ")" : " and not (" + NodeTable.LIVE + ")";
        try (Connection connection = database.getConnection();
                PreparedStatement query = connection.prepareStatement(SELECT + " where node.id collate \"C\" > ?"
                        + wanted + " order by node.id collate \"C\" limit ?")) {
            query.setString(1, after);
            query.setInt(2, limit);
            return read(query);
        }
    }

    /** One node. */
    public NodeView get(String id) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement query = connection.prepareStatement(SELECT + " where node.id = ?")) {
            query.setString(1, id);
            List<NodeView> found = read(query);
            if (found.isEmpty()) {
                throw new NotInCatalog("node", id);
            }
            return found.get(0);
        }
    }

    /** How every live node sees the targets of one service, by node. */
    public Map<String, List<TargetView>> targets(UUID serviceId) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement query = connection.prepareStatement(
                        "select id, target_health from node where (" + NodeTable.LIVE + ") order by id collate \"C\"");
                ResultSet row = query.executeQuery()) {
            Map<String, List<TargetView>> targets = new LinkedHashMap<>();
            while (row.next()) {
                List<TargetView> all = json(row.getString("target_health"), TARGETS);
                targets.put(
                        row.getString("id"),
                        all.stream()
                                .filter(target -> target.serviceId().equals(serviceId.toString()))
                                .toList());
            }
            return targets;
        }
    }

    /** Drops what is known of a node that is gone; not of one that is live. */
    public void forget(String id) throws SQLException {
        if (get(id).live()) {
            throw new CatalogConflict("node " + id + " is live (expected: stop it first)");
        }
        try (Connection connection = database.getConnection();
                PreparedStatement delete =
                        connection.prepareStatement("delete from node where id = ? and not (" + NodeTable.LIVE + ")")) {
            delete.setString(1, id);
            if (delete.executeUpdate() == 0) {
                throw new CatalogConflict("node " + id + " came back (expected: stop it first)");
            }
        }
    }

    private List<NodeView> read(PreparedStatement query) throws SQLException {
        try (ResultSet row = query.executeQuery()) {
            List<NodeView> nodes = new ArrayList<>();
            while (row.next()) {
                nodes.add(view(row));
            }
            return nodes;
        }
    }

    private NodeView view(ResultSet row) throws SQLException {
        long refused = row.getLong("refused_revision");
        Long refusedRevision = row.wasNull() ? null : refused;
        OffsetDateTime appliedAt = row.getObject("applied_at", OffsetDateTime.class);
        return new NodeView(
                row.getString("id"),
                row.getBoolean("live"),
                row.getLong("boot_epoch"),
                row.getLong("wanted_revision"),
                row.getLong("applied_revision"),
                row.getLong("durable_revision"),
                refusedRevision,
                json(row.getString("refused_problems"), PROBLEMS),
                json(row.getString("listener_states"), LISTENERS),
                row.getLong("age_millis"),
                appliedAt == null ? null : appliedAt.toInstant(),
                row.getString("version"),
                row.getString("zone"),
                row.getString("proxy_address"),
                row.getString("operations_address"),
                row.getObject("connected_at", OffsetDateTime.class).toInstant(),
                row.getObject("seen_at", OffsetDateTime.class).toInstant());
    }

    private <T> List<T> json(@Nullable String text, TypeReference<List<T>> type) throws SQLException {
        try {
            return text == null ? List.of() : json.readValue(text, type);
        } catch (JsonProcessingException e) {
            throw new SQLException("what a node said is not JSON", e);
        }
    }
}
