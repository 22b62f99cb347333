package io.tollgate.controlplane.usage;

import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import jakarta.enterprise.context.ApplicationScoped;
import java.security.MessageDigest;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Where counts become money: a batch's identity and its counts enter in one transaction, so a batch counts once however often it
 * is sent, whoever dies in between. Shared; blocks.
 *
 * <p>Implementation note. The identity is inserted first: two control planes that get the same batch at the same moment wait
 * for each other there, and the later one finds it. The counts are added by one statement in the order of the table's key, so
 * that batches with common keys cannot lock each other out.
 */
@ApplicationScoped
public class UsageLedger {
    private static final String ENTER_IDENTITY = """
            insert into usage_batch (node_id, boot_epoch, sequence, digest, rows, requests, unmetered_requests, sealed_at,
                received_at)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?)
            on conflict do nothing
            """;

    private static final String ADD_COUNTS = """
            insert into usage_minute as held (minute, consumer_id, credential_id, plan_id, route_id, outcome_class, requests,
                request_bytes, response_bytes)
            select to_timestamp(minute * 60), consumer_id, credential_id, plan_id, route_id, outcome_class, requests,
                request_bytes, response_bytes
            from unnest(?::bigint[], ?::uuid[], ?::uuid[], ?::uuid[], ?::uuid[], ?::text[], ?::bigint[], ?::bigint[],
                ?::bigint[]) with ordinality as batch (minute, consumer_id, credential_id, plan_id, route_id,
                outcome_class, requests, request_bytes, response_bytes, place)
            order by place
            on conflict (minute, consumer_id, credential_id, plan_id, route_id, outcome_class) do update set
                requests = held.requests + excluded.requests,
                request_bytes = held.request_bytes + excluded.request_bytes,
                response_bytes = held.response_bytes + excluded.response_bytes
            """;

    private static final String NOTE_USE = """
            insert into credential_use as held (credential_id, last_used_at)
            select credential_id, to_timestamp(minute * 60)
            from unnest(?::uuid[], ?::bigint[]) with ordinality as used (credential_id, minute, place)
            order by place
            on conflict (credential_id) do update set last_used_at = excluded.last_used_at
                where excluded.last_used_at > held.last_used_at
            """;

    private static final UUID UNKNOWN = new UUID(0, 0);
    private static final String REFUSED = "refused";

    /** What became of a batch. */
    enum Entry {
        /** In the ledger since now. */
        COUNTED,
        /** In the ledger since earlier. */
        COUNTED_BEFORE,
        /** Another batch has this identity. */
        CONFLICTING
    }

    private final AgroalDataSource database;
    private final Clock clock;

    UsageLedger(@DataSource("stream") AgroalDataSource database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    /** Enters a batch, or finds it. */
    Entry enter(CheckedBatch batch) throws SQLException {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try {
                Entry entry = enter(connection, batch);
                connection.commit();
                return entry;
            } catch (SQLException | RuntimeException e) {
                connection.rollback();
                throw e;
            } finally {
                connection.setAutoCommit(true);
            }
        }
    }

    private Entry enter(Connection connection, CheckedBatch batch) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(ENTER_IDENTITY)) {
            insert.setString(1, batch.nodeId());
            insert.setLong(2, batch.bootEpoch());
            insert.setLong(3, batch.sequence());
            insert.setBytes(4, batch.digest());
            insert.setInt(5, batch.rows());
            insert.setLong(6, batch.requests());
            insert.setLong(7, batch.unmeteredRequests());
            insert.setObject(8, batch.sealedAt().atOffset(ZoneOffset.UTC));
            insert.setObject(9, clock.instant().atOffset(ZoneOffset.UTC));
            if (insert.executeUpdate() == 0) {
                return compareWithHeld(connection, batch);
            }
        }
        addCounts(connection, batch);
        noteUse(connection, batch);
        return Entry.COUNTED;
    }

    private static Entry compareWithHeld(Connection connection, CheckedBatch batch) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("select digest, unmetered_requests from usage_batch"
                + " where node_id = ? and boot_epoch = ? and sequence = ?")) {
            query.setString(1, batch.nodeId());
            query.setLong(2, batch.bootEpoch());
            query.setLong(3, batch.sequence());
            try (ResultSet held = query.executeQuery()) {
                boolean same = held.next()
                        && MessageDigest.isEqual(held.getBytes(1), batch.digest())
                        && held.getLong(2) == batch.unmeteredRequests();
                return same ? Entry.COUNTED_BEFORE : Entry.CONFLICTING;
            }
        }
    }

    private static void addCounts(Connection connection, CheckedBatch batch) throws SQLException {
        int size = batch.counts().size();
        if (size == 0) {
            return;
        }
        Long[] minutes = new Long[size];
        UUID[][] ids = new UUID[4][size];
        String[] classes = new String[size];
        Long[][] counts = new Long[3][size];
        int i = 0;
        for (Map.Entry<UsageKey, UsageCount> entry : batch.counts().entrySet()) {
            UsageKey key = entry.getKey();
            minutes[i] = key.minute();
            ids[0][i] = key.consumerId();
            ids[1][i] = key.credentialId();
            ids[2][i] = key.planId();
            ids[3][i] = key.routeId();
            classes[i] = key.outcomeClass();
            counts[0][i] = entry.getValue().requests();
            counts[1][i] = entry.getValue().requestBytes();
            counts[2][i] = entry.getValue().responseBytes();
            i++;
        }
        try (PreparedStatement add = connection.prepareStatement(ADD_COUNTS)) {
            setArray(add, 1, "bigint", minutes);
            for (int column = 0; column < ids.length; column++) {
                setArray(add, 2 + column, "uuid", ids[column]);
            }
            setArray(add, 6, "text", classes);
            for (int column = 0; column < counts.length; column++) {
                setArray(add, 7 + column, "bigint", counts[column]);
            }
            add.executeUpdate();
        }
    }

    /** The minute of the last call that each credential got through; what was refused is no use of it. Never goes back. */
    private void noteUse(Connection connection, CheckedBatch batch) throws SQLException {
        long nowMinute = clock.instant().getEpochSecond() / 60;
        Map<UUID, Long> minutes = new TreeMap<>();
        for (UsageKey key : batch.counts().keySet()) {
            if (!key.credentialId().equals(UNKNOWN) && !key.outcomeClass().equals(REFUSED)) {
                // A node whose clock is ahead must not hide every later use.
                minutes.merge(key.credentialId(), Math.min(key.minute(), nowMinute), Math::max);
            }
        }
        if (minutes.isEmpty()) {
            return;
        }
        try (PreparedStatement note = connection.prepareStatement(NOTE_USE)) {
            setArray(note, 1, "uuid", minutes.keySet().toArray());
            setArray(note, 2, "bigint", minutes.values().toArray());
            note.executeUpdate();
        }
    }

    private static void setArray(PreparedStatement statement, int index, String type, Object[] values)
            throws SQLException {
        Array array = statement.getConnection().createArrayOf(type, values);
        statement.setArray(index, array);
    }
}
