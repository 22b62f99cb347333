package io.tollgate.controlplane.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.tollgate.controlplane.EmbeddedPostgresResource;
import io.tollgate.controlplane.StartRefused;
import io.tollgate.controlplane.catalog.envelope.EnvelopeKey;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(EmbeddedPostgresResource.class)
class EnvelopeCheckTest {
    @Inject
    @DataSource("stream")
    AgroalDataSource database;

    @Inject
    EnvelopeCheck check;

    @Inject
    EnvelopeKey envelope;

    @Test
    void check_firstStart_tiesTheDatabaseToItsKey() throws SQLException, StartRefused {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            check.check(connection);
            try (ResultSet row = statement.executeQuery("select envelope_key_id from revision_counter")) {
                row.next();
                assertThat(row.getString(1)).isEqualTo(envelope.id());
            }
        }
    }

    @Test
    void check_anotherKeysDatabase_isOneLineThatNamesBoth() throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("update revision_counter set envelope_key_id = 'deadbeefdeadbeef'");

            assertThatThrownBy(() -> check.check(connection))
                    .isInstanceOf(StartRefused.class)
                    .hasMessageStartingWith(
                            "TOLLGATE_ENVELOPE_KEY: key " + envelope.id() + " (expected: key deadbeefdeadbeef,")
                    .hasMessageNotContaining("\n");
            connection.rollback();
        }
    }
}
