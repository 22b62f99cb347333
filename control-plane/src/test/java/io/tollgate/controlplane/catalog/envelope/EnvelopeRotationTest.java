package io.tollgate.controlplane.catalog.envelope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** On a real PostgreSQL, in each table that holds sealed values. */
class EnvelopeRotationTest {
    private static final EnvelopeKey OLD = key(1);
    private static final EnvelopeKey NEW = key(2);
    private static final int CERTIFICATES = 20;
    /** Two of an ACME issuer, one of a challenge, one of an order, the authority's, one of the own issuer, three of token issuers, and one of a credential. */
    private static final int OTHERS = 10;

    private static EmbeddedPostgres postgres;

    private static EnvelopeKey key(int first) {
        byte[] bytes = new byte[32];
        bytes[0] = (byte) first;
        return EnvelopeKey.of(Base64.getEncoder().encodeToString(bytes));
    }

    @BeforeAll
    static void start() throws IOException {
        postgres = EmbeddedPostgres.builder().start();
        Flyway.configure()
                .dataSource(postgres.getPostgresDatabase())
                .locations("classpath:db/migration")
                .load()
                .migrate();
    }

    @AfterAll
    static void stop() throws IOException {
        postgres.close();
    }

    private static Connection connection() throws SQLException {
        return postgres.getPostgresDatabase().getConnection();
    }

    @BeforeEach
    void valuesUnderTheOldKey() throws SQLException {
        try (Connection connection = connection();
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "truncate revision_counter, certificate, acme_issuer, acme_challenge, acme_order, token_issuer, issuer_key, stream_authority, consumer cascade");
            statement.execute(
                    "insert into revision_counter (revision, key_digest_secret, envelope_key_id) values (1, '\\x"
                            + "00".repeat(32) + "', '" + OLD.id() + "')");
            for (int i = 0; i < CERTIFICATES; i++) {
                UUID id = UUID.randomUUID();
                insert(
                        connection,
                        "insert into certificate (id, name, certificate_chain, private_key, envelope_key_id, not_after, version,"
                                + " created_at, updated_at) values (?, ?::text, 'chain', ?, ?, now(), 1, now(), now())",
                        id,
                        OLD);
            }
            acmeValues(connection);
            insert(
                    connection,
                    "insert into token_issuer (id, name, enabled, issuer, settings, hmac_secret, envelope_key_id, hmac_secret_changed_at,"
                            + " version, created_at, updated_at)"
                            + " values (?, ?::text, true, 'i', '{}', ?, ?, now(), 1, now(), now())",
                    UUID.randomUUID(),
                    OLD);
            statement.execute("insert into consumer (id, name, enabled, version, created_at, updated_at)"
                    + " values ('00000000-0000-0000-0000-000000000001', 'acme', true, 1, now(), now())");
            insert(
                    connection,
                    "insert into credential (id, name, consumer_id, environment, prefix, type, secret, envelope_key_id, secret_changed_at,"
                            + " version, created_at, updated_at)"
                            + " values (?, ?::text, '00000000-0000-0000-0000-000000000001', 'live', '', 'basic', ?, ?, now(), 1, now(), now())",
                    UUID.randomUUID(),
                    OLD);
            insert(
                    connection,
                    "insert into token_issuer (id, name, enabled, issuer, settings, client_secret, envelope_key_id, client_secret_changed_at,"
                            + " version, created_at, updated_at)"
                            + " values (?, ?::text, true, 'j', '{}', ?, ?, now(), 1, now(), now())",
                    UUID.randomUUID(),
                    OLD);
            insert(
                    connection,
                    "insert into token_issuer (id, name, enabled, issuer, settings, signing_keys, envelope_key_id,"
                            + " version, created_at, updated_at)"
                            + " values (?, ?::text, true, 'k', '{}', ?, ?, 1, now(), now())",
                    UUID.randomUUID(),
                    OLD);
            insert(
                    connection,
                    "insert into issuer_key (id, algorithm, public_key, private_key, envelope_key_id, created_at)"
                            + " values (?, 'ES256', ?::text::bytea, ?, ?, now())",
                    UUID.randomUUID(),
                    OLD);
            insert(
                    connection,
                    "insert into stream_authority (id, certificate, private_key, envelope_key_id, created_at)"
                            + " values (?, ?::text::bytea, ?, ?, now())",
                    UUID.randomUUID(),
                    OLD);
        }
    }

    /** An issuer with both of its values, a challenge, an order with a key, and an order whose key is gone. */
    private static void acmeValues(Connection connection) throws SQLException {
        UUID issuer = UUID.randomUUID();
        insert(
                connection,
                "insert into acme_issuer (id, name, directory_url, terms_of_service_agreed, account_key, envelope_key_id, version, created_at, updated_at)"
                        + " values (?, ?::text, '', true, ?, ?, 1, now(), now())",
                issuer,
                OLD);
        try (PreparedStatement update = connection.prepareStatement(
                "update acme_issuer set external_key_id = 'kid', external_hmac_key = ? where id = ?")) {
            update.setBytes(1, OLD.seal(issuer, secret(issuer)));
            update.setObject(2, issuer);
            update.executeUpdate();
        }
        insert(
                connection,
                "insert into acme_challenge (id, name, type, domain, validation_certificate, private_key, envelope_key_id,"
                        + " key_authorization, version, created_at, updated_at)"
                        + " values (?, ?::text, 'tls-alpn-01', 'a.example', ''::bytea, ?, ?, '', 1, now(), now())",
                UUID.randomUUID(),
                OLD);
        try (Statement statement = connection.createStatement();
                ResultSet certificate = statement.executeQuery("select id from certificate limit 2")) {
            certificate.next();
            insert(
                    connection,
                    "insert into acme_order (certificate_id, wanted, private_key, envelope_key_id, next_attempt_at)"
                            + " values (?, ?::text, ?, ?, now())",
                    certificate.getObject(1, UUID.class),
                    OLD);
            certificate.next();
            try (PreparedStatement insert = connection.prepareStatement(
                    "insert into acme_order (certificate_id, wanted, envelope_key_id, next_attempt_at) values (?, '', ?, now())")) {
                insert.setObject(1, certificate.getObject(1, UUID.class));
                insert.setString(2, OLD.id());
                insert.executeUpdate();
            }
        }
    }

    private static void insert(Connection connection, String sql, UUID id, EnvelopeKey key) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(sql)) {
            insert.setObject(1, id);
            insert.setString(2, id.toString());
            insert.setBytes(3, key.seal(id, secret(id)));
            insert.setString(4, key.id());
            insert.executeUpdate();
        }
    }

    private static byte[] secret(UUID id) {
        return ("secret of " + id).getBytes(StandardCharsets.UTF_8);
    }

    /** Opens every sealed value of the database with this key, and with no other. */
    private static void assertSealedWith(EnvelopeKey key) throws SQLException, GeneralSecurityException {
        int opened = 0;
        try (Connection connection = connection();
                Statement statement = connection.createStatement()) {
            try (ResultSet tie = statement.executeQuery("select envelope_key_id from revision_counter")) {
                tie.next();
                assertThat(tie.getString(1)).isEqualTo(key.id());
            }
            for (SealedColumn column : SealedColumn.ALL) {
                try (ResultSet row = statement.executeQuery("select " + column.id() + ", " + column.column()
                        + ", envelope_key_id from " + column.table())) {
                    while (row.next()) {
                        assertThat(row.getString(3)).isEqualTo(key.id());
                        if (row.getBytes(2) == null) {
                            continue;
                        }
                        UUID id = row.getObject(1, UUID.class);
                        assertThat(key.open(id, row.getBytes(2))).isEqualTo(secret(id));
                        opened++;
                    }
                }
            }
        }
        assertThat(opened).isEqualTo(CERTIFICATES + OTHERS);
    }

    @Test
    void columns_thatHoldSealedValues_areAllKnownAndGuarded() throws SQLException {
        List<String> tables =
                strings("select table_name from information_schema.columns where column_name = 'envelope_key_id'"
                        + " and table_schema = 'public' and table_name <> 'revision_counter' order by 1");
        assertThat(SealedColumn.ALL.stream().map(SealedColumn::table).distinct().sorted())
                .containsExactlyElementsOf(tables);
        assertThat(strings("select distinct event_object_table::text from information_schema.triggers"
                        + " where action_statement like '%sealed_with_the_key_of_the_database%' order by 1"))
                .isEqualTo(tables);
    }

    private static List<String> strings(String sql) throws SQLException {
        try (Connection connection = connection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            List<String> strings = new ArrayList<>();
            while (row.next()) {
                strings.add(row.getString(1));
            }
            return strings;
        }
    }

    @Test
    void rotation_sealsEveryValueAnew_andMayBeRepeated() throws Exception {
        try (Connection connection = connection()) {
            assertThat(EnvelopeRotation.rotate(connection, OLD, NEW)).isEqualTo(CERTIFICATES + OTHERS);
        }
        assertSealedWith(NEW);
        try (Connection connection = connection()) {
            assertThat(EnvelopeRotation.rotate(connection, OLD, NEW)).isZero();
        }
        assertSealedWith(NEW);
        assertThat(strings("select action || ' ' || object_kind from audit where object_kind = 'envelope-key'"))
                .containsOnly("rotate envelope-key");
    }

    @Test
    void rotation_fromAKeyThatIsNotTheDatabases_changesNothing() throws Exception {
        try (Connection connection = connection()) {
            assertThatThrownBy(() -> EnvelopeRotation.rotate(connection, key(3), NEW))
                    .isInstanceOf(RotationRefused.class)
                    .hasMessageContaining(OLD.id());
        }
        assertSealedWith(OLD);
    }

    @Test
    void rotation_whileAControlPlaneRuns_isRefused() throws Exception {
        try (Connection running = connection();
                Statement lock = running.createStatement();
                Connection connection = connection()) {
            lock.execute("select pg_advisory_lock_shared(" + EnvelopeKey.RUNNING_LOCK + ")");
            assertThatThrownBy(() -> EnvelopeRotation.rotate(connection, OLD, NEW))
                    .isInstanceOf(RotationRefused.class)
                    .hasMessageContaining("stop all of them");
        }
        assertSealedWith(OLD);
    }

    @Test
    void rotation_thatDiesInTheMiddle_leavesEverythingWithTheOldKey() throws Exception {
        try (Connection other = connection();
                Statement block = other.createStatement();
                Connection rotating = connection()) {
            other.setAutoCommit(false);
            block.execute("select 1 from stream_authority for update");
            int pid = rotating.unwrap(org.postgresql.PGConnection.class).getBackendPID();
            CompletableFuture<Integer> rotation = CompletableFuture.supplyAsync(() -> {
                try {
                    return EnvelopeRotation.rotate(rotating, OLD, NEW);
                } catch (SQLException | RotationRefused e) {
                    throw new IllegalStateException(e);
                }
            });
            // The certificates are done, and the authority is waited for.
            String waiting = "select 1 from pg_stat_activity where pid = " + pid + " and wait_event_type = 'Lock'";
            long deadlineNanos = System.nanoTime() + 20_000_000_000L;
            while (strings(waiting).isEmpty()) {
                assertThat(System.nanoTime()).isLessThan(deadlineNanos);
                LockSupport.parkNanos(5_000_000);
            }
            block.execute("select pg_terminate_backend(" + pid + ")");
            assertThatThrownBy(rotation::get).isInstanceOf(ExecutionException.class);
            other.rollback();
        }
        assertSealedWith(OLD);
        try (Connection connection = connection()) {
            EnvelopeRotation.rotate(connection, OLD, NEW);
        }
        assertSealedWith(NEW);
    }

    @Test
    void write_underTheOldKeyAfterwards_isRefusedByTheDatabase() throws Exception {
        try (Connection connection = connection()) {
            EnvelopeRotation.rotate(connection, OLD, NEW);
        }
        assertThatThrownBy(() -> {
                    try (Connection connection = connection();
                            Statement statement = connection.createStatement()) {
                        statement.execute("update certificate set envelope_key_id = '" + OLD.id() + "'");
                    }
                })
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("not the one of this database");
        assertSealedWith(NEW);
    }
}
