package io.tollgate.controlplane.snapshot;

import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.quarkus.runtime.StartupEvent;
import io.tollgate.controlplane.StartRefused;
import io.tollgate.controlplane.catalog.envelope.EnvelopeKey;
import io.tollgate.controlplane.catalog.revision.FirstRevision;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * Ends the start of a control plane whose envelope key is not that of its database: it could not read the keys that its peers write, nor
 * they its own. The first start ties the database to its key. Start-up thread.
 */
@ApplicationScoped
public class EnvelopeCheck {
    private final AgroalDataSource database;
    private final EnvelopeKey envelope;

    EnvelopeCheck(@DataSource("stream") AgroalDataSource database, EnvelopeKey envelope) {
        this.database = database;
        this.envelope = envelope;
    }

    void onStart(@Observes @Priority(FirstRevision.STARTUP_PRIORITY + 1) StartupEvent event)
            throws SQLException, StartRefused {
        try (Connection connection = database.getConnection()) {
            check(connection);
        }
    }

    void check(Connection connection) throws SQLException, StartRefused {
        try (PreparedStatement tie = connection.prepareStatement(
                "update revision_counter set envelope_key_id = coalesce(envelope_key_id, ?) returning envelope_key_id")) {
            tie.setString(1, envelope.id());
            try (ResultSet row = tie.executeQuery()) {
                if (row.next() && !envelope.id().equals(row.getString(1))) {
                    throw new StartRefused("TOLLGATE_ENVELOPE_KEY: key " + envelope.id() + " (expected: key "
                            + row.getString(1)
                            + ", with which the private keys in this database are sealed; absent, it is read from envelope-key"
                            + " in TOLLGATE_HOME)");
                }
            }
        }
    }
}
