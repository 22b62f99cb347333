package io.tollgate.controlplane.acme;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The table {@code acme_order}, which all control planes of a database share: an order is worked on by whoever holds its lease, and a lease
 * that is not renewed ends by itself. Times are the database's. Shared; blocks.
 */
final class OrderTable {
    /** Longer than a control plane ever pauses; so long an order waits for the next one after a kill. */
    static final int LEASE_SECONDS = 15;

    private static final String LEASE = "clock_timestamp() + interval '" + LEASE_SECONDS + " seconds'";
    private static final String FREE = "(lease_until is null or lease_until < clock_timestamp())";

    /** As {@code CertificateEntity.Acme.wanted} says it. */
    private static final String WANTED =
            "acme_issuer_id || ' ' || acme_key_type || ' ' || acme_challenge || ' ' || array_to_string(acme_domains, ' ')";

    private final DataSource database;

    OrderTable(DataSource database) {
        this.database = database;
    }

    /** Whether there is anything to look after at all. */
    boolean isNeeded() throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement query = connection.prepareStatement(
                        "select exists (select from certificate where acme_issuer_id is not null)"
                                + " or exists (select from acme_challenge where certificate_id is not null)");
                ResultSet row = query.executeQuery()) {
            return row.next() && row.getBoolean(1);
        }
    }

    /** Follows what operators wrote: new certificates and other wishes are due now, what is got no more is forgotten. */
    void follow() throws SQLException {
        try (Connection connection = database.getConnection()) {
            run(
                    connection,
                    "insert into acme_order (certificate_id, wanted, next_attempt_at) select id, " + WANTED
                            + ", clock_timestamp() from certificate where acme_issuer_id is not null"
                            + " on conflict do nothing");
            run(
                    connection,
                    "update acme_order set wanted = w.wanted, order_url = null, private_key = null, attempts = 0,"
                            + " error = null, next_attempt_at = clock_timestamp()"
                            + " from (select id, " + WANTED + " as wanted from certificate"
                            + " where acme_issuer_id is not null) w"
                            + " where certificate_id = w.id and acme_order.wanted <> w.wanted and " + FREE);
            run(
                    connection,
                    "delete from acme_order using certificate c where c.id = certificate_id"
                            + " and c.acme_issuer_id is null and " + FREE);
        }
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.executeUpdate();
        }
    }

    /** Takes the leases of at most so many orders that are due and that nobody works on. */
    List<Lease> lease(int most) throws SQLException {
        UUID owner = UUID.randomUUID();
        try (Connection connection = database.getConnection();
                PreparedStatement update = connection.prepareStatement("update acme_order set lease_owner = ?,"
                        + " lease_until = " + LEASE + " where certificate_id in (select certificate_id from acme_order"
                        + " where next_attempt_at <= clock_timestamp() and " + FREE
                        + " order by next_attempt_at limit ? for update skip locked)"
                        + " returning certificate_id, wanted, order_url, private_key, attempts")) {
            update.setObject(1, owner);
            update.setInt(2, most);
            try (ResultSet row = update.executeQuery()) {
                List<Lease> leases = new ArrayList<>();
                while (row.next()) {
                    leases.add(new Lease(
                            row.getObject(1, UUID.class),
                            owner,
                            row.getString(2),
                            row.getString(3),
                            row.getBytes(4),
                            row.getInt(5)));
                }
                return leases;
            }
        }
    }

    /** Holds a lease for longer; false when it has been lost. */
    boolean renew(Lease lease) throws SQLException {
        return change(lease, "lease_until = " + LEASE);
    }

    /** Writes down an order that is open at the server from now on, and the key of its certificate, sealed with this envelope key. */
    boolean opened(Lease lease, String orderUrl, byte[] privateKey, String envelopeKeyId) throws SQLException {
        return change(
                lease, "order_url = ?, private_key = ?, envelope_key_id = ?", orderUrl, privateKey, envelopeKeyId);
    }

    /** Forgets an order that leads nowhere. */
    boolean dropped(Lease lease) throws SQLException {
        return change(lease, "order_url = null, private_key = null");
    }

    /** Ends an order that was done: the next is due then. */
    boolean succeeded(Lease lease, Instant next) throws SQLException {
        return change(
                lease,
                "order_url = null, private_key = null, attempts = 0, error = null, lease_owner = null,"
                        + " lease_until = null, next_attempt_at = ?",
                next);
    }

    /** Ends an attempt that failed: the next is due then. */
    boolean failed(Lease lease, String error, Instant next) throws SQLException {
        return change(
                lease,
                "attempts = attempts + 1, error = ?, next_attempt_at = ?, lease_owner = null, lease_until = null",
                error,
                next);
    }

    /** Gives a lease back as it was: whoever comes next goes on. */
    boolean released(Lease lease) throws SQLException {
        return change(lease, "lease_owner = null, lease_until = null");
    }

    private boolean change(Lease lease, String set, Object... values) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement update = connection.prepareStatement(
                        "update acme_order set " + set + " where certificate_id = ? and lease_owner = ?")) {
            int at = 1;
            for (Object value : values) {
                set(update, at++, value);
            }
            update.setObject(at++, lease.certificateId());
            update.setObject(at, lease.owner());
            return update.executeUpdate() == 1;
        }
    }

    private static void set(PreparedStatement update, int at, Object value) throws SQLException {
        if (value instanceof Instant time) {
            update.setObject(at, time.atOffset(ZoneOffset.UTC));
        } else {
            update.setObject(at, value);
        }
    }

    /** Has a certificate got as soon as somebody comes to it; false when it is none that is got. */
    boolean hasten(UUID certificateId) throws SQLException {
        follow();
        try (Connection connection = database.getConnection();
                PreparedStatement update = connection.prepareStatement(
                        "update acme_order set next_attempt_at = clock_timestamp() where certificate_id = ?")) {
            update.setObject(1, certificateId);
            return update.executeUpdate() == 1;
        }
    }

    /** Certificates whose challenges are still there although nobody works on their order. */
    List<UUID> left() throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement query =
                        connection.prepareStatement("select distinct certificate_id from acme_challenge c"
                                + " where certificate_id is not null and not exists (select from acme_order o"
                                + " where o.certificate_id = c.certificate_id"
                                + " and o.lease_until >= clock_timestamp())");
                ResultSet row = query.executeQuery()) {
            List<UUID> left = new ArrayList<>();
            while (row.next()) {
                left.add(row.getObject(1, UUID.class));
            }
            return left;
        }
    }

    /** The account that an issuer has at this server; null when it has none. */
    @Nullable
    String account(UUID issuerId, String directoryUrl) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement query = connection.prepareStatement(
                        "select account_url from acme_account where acme_issuer_id = ? and directory_url = ?")) {
            query.setObject(1, issuerId);
            query.setString(2, directoryUrl);
            try (ResultSet row = query.executeQuery()) {
                return row.next() ? row.getString(1) : null;
            }
        }
    }

    /** Writes down what a server said about the account: where it is, or why there is none. */
    void account(UUID issuerId, String directoryUrl, @Nullable String accountUrl, @Nullable String error)
            throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement upsert = connection.prepareStatement(
                        "insert into acme_account (acme_issuer_id, directory_url, account_url, error)"
                                + " select id, ?, ?, ? from acme_issuer where id = ?"
                                + " on conflict (acme_issuer_id) do update set directory_url = excluded.directory_url,"
                                + " account_url = excluded.account_url, error = excluded.error")) {
            upsert.setString(1, directoryUrl);
            setText(upsert, 2, accountUrl);
            setText(upsert, 3, error);
            upsert.setObject(4, issuerId);
            upsert.executeUpdate();
        }
    }

    private static void setText(PreparedStatement upsert, int at, @Nullable String text) throws SQLException {
        if (text == null) {
            upsert.setNull(at, Types.VARCHAR);
        } else {
            upsert.setString(at, text);
        }
    }
}
