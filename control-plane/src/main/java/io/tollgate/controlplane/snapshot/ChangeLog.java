package io.tollgate.controlplane.snapshot;

import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.quarkus.scheduler.Scheduled;
import io.tollgate.controlplane.catalog.revision.ObjectKind;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jboss.logging.Logger;

/** What each revision changed, as far back as it is kept. Shared; blocks. */
@ApplicationScoped
public class ChangeLog {
    /** A node that was away for longer gets a full snapshot, which by then is hardly larger. */
    static final long REVISIONS_KEPT = 10_000;

    private static final Logger LOG = Logger.getLogger(ChangeLog.class);

    private final AgroalDataSource database;

    ChangeLog(@DataSource("stream") AgroalDataSource database) {
        this.database = database;
    }

    /**
     * The objects that any revision after {@code from} up to {@code to} changed; empty when the log does not reach back so far.
     * Every revision changed something, so a complete stretch of the log has as many revisions as numbers.
     */
    static Optional<Map<ObjectKind, Set<UUID>>> changed(Connection connection, long from, long to) throws SQLException {
        Map<ObjectKind, Set<UUID>> changed = new EnumMap<>(ObjectKind.class);
        try (PreparedStatement query = connection.prepareStatement(
                "select count(distinct revision) from change_log where revision > ? and revision <= ?")) {
            query.setLong(1, from);
            query.setLong(2, to);
            try (ResultSet count = query.executeQuery()) {
                count.next();
                if (count.getLong(1) != to - from) {
                    return Optional.empty();
                }
            }
        }
        try (PreparedStatement query = connection.prepareStatement(
                "select distinct object_kind, object_id from change_log where revision > ? and revision <= ?")) {
            query.setLong(1, from);
            query.setLong(2, to);
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    changed.computeIfAbsent(ObjectKind.ofWord(rows.getString(1)), kind -> new TreeSet<>())
                            .add(rows.getObject(2, UUID.class));
                }
            }
        }
        return Optional.of(changed);
    }

    /** As {@link #changed(Connection, long, long)}, on a connection of its own. */
    Optional<Map<ObjectKind, Set<UUID>>> changed(long from, long to) throws SQLException {
        try (Connection connection = database.getConnection()) {
            return changed(connection, from, to);
        }
    }

    @Scheduled(every = "10m", delayed = "1m")
    void trim() {
        try (Connection connection = database.getConnection()) {
            trim(connection, REVISIONS_KEPT);
        } catch (SQLException e) {
            LOG.warnf("event=change-log-not-trimmed cause=%s", e.getMessage());
        }
    }

    /** Drops what lies further back than {@code revisionsKept}. */
    static void trim(Connection connection, long revisionsKept) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement(
                "delete from change_log where revision <= (select revision from revision_counter) - ?")) {
            delete.setLong(1, revisionsKept);
            delete.executeUpdate();
        }
    }
}
