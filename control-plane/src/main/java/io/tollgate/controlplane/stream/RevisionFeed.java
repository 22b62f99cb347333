package io.tollgate.controlplane.stream;

import io.agroal.api.AgroalDataSource;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.agroal.DataSource;
import io.quarkus.runtime.Quarkus;
import io.tollgate.controlplane.DatabaseFailure;
import io.tollgate.controlplane.catalog.envelope.EnvelopeKey;
import io.tollgate.controlplane.catalog.revision.RevisionCommitted;
import io.tollgate.controlplane.join.Revocations;
import io.tollgate.controlplane.snapshot.ConfigurationMirror;
import io.tollgate.controlplane.snapshot.Head;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;
import org.postgresql.PGConnection;

/**
 * Brings every committed revision to the mirror and from there to the nodes, and every revocation to their open calls. Three wakes lead here: a commit of this process
 * (at once), a NOTIFY of another control plane, and a look at the counter each second that heals a missed one. Shared; the work
 * is done on one own thread, and a second one listens.
 */
@ApplicationScoped
public class RevisionFeed {
    private static final int POLL_MILLIS = 1_000;
    private static final Logger LOG = Logger.getLogger(RevisionFeed.class);

    private final AgroalDataSource database;
    private final EnvelopeKey envelope;
    private final ConfigurationMirror mirror;
    private final Sessions sessions;
    private final Revocations revocations;
    private final OpenCalls calls;
    private final AtomicBoolean woken = new AtomicBoolean();
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final ExecutorService feed = Executors.newSingleThreadExecutor(work -> daemon(work, "revision-feed"));
    private final Thread listener = daemon(this::listen, "revision-listener");

    RevisionFeed(
            @DataSource("stream") AgroalDataSource database,
            EnvelopeKey envelope,
            ConfigurationMirror mirror,
            Sessions sessions,
            Revocations revocations,
            OpenCalls calls,
            NodeRegistry nodes,
            MeterRegistry figures) {
        this.database = database;
        this.envelope = envelope;
        this.mirror = mirror;
        this.sessions = sessions;
        this.revocations = revocations;
        this.calls = calls;
        Gauge.builder("tollgate.control.revision", mirror, held -> held.head().revision())
                .description("Newest revision that this control plane offers to nodes")
                .register(figures);
        Gauge.builder(
                        "tollgate.control.nodes.behind",
                        mirror,
                        held -> nodes.behind(held.head().revision()))
                .description("Nodes connected here that have not applied it")
                .register(figures);
    }

    /** Knows whom to refuse before anybody is let in. */
    void start() {
        DatabaseFailure.unchecked(() -> {
            try (Connection connection = database.getConnection();
                    Statement statement = connection.createStatement()) {
                revocations.refresh(statement);
                return statement;
            }
        });
        listener.start();
    }

    void stop() {
        stopping.countDown();
        listener.interrupt();
        feed.shutdownNow();
    }

    void committed(@Observes RevisionCommitted event) {
        wake();
    }

    /** Looks for revisions that the mirror does not hold, soon; many wakes become one look. */
    void wake() {
        if (woken.compareAndSet(false, true) && !feed.isShutdown()) {
            feed.execute(this::look);
        }
    }

    private void look() {
        woken.set(false);
        try {
            // What this process committed is there already, and must not wait for whoever writes next.
            sessions.offerAll();
            mirror.catchUp();
            sessions.offerAll();
        } catch (SQLException e) {
            LOG.warnf("event=mirror-behind cause=%s", e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("event=mirror-broken", e);
        }
    }

    private void listen() {
        boolean listening = true;
        while (stopping.getCount() > 0) {
            try (Connection connection = database.getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("listen tollgate_revision");
                statement.execute("listen " + Revocations.CHANNEL);
                shareTheKey(statement);
                if (!listening) {
                    LOG.info("event=database-back");
                    listening = true;
                }
                listen(connection, statement);
            } catch (SQLException e) {
                if (listening && stopping.getCount() > 0) {
                    LOG.warnf("event=database-away cause=%s", e.getMessage());
                    listening = false;
                }
                pause();
            }
        }
    }

    private void listen(Connection connection, Statement statement) throws SQLException {
        PGConnection notifications = connection.unwrap(PGConnection.class);
        try {
            while (stopping.getCount() > 0) {
                var received = notifications.getNotifications(POLL_MILLIS);
                if ((received != null && received.length > 0) || isBehind(statement)) {
                    wake();
                }
                revocations.refresh(statement);
                calls.sweep();
            }
        } finally {
            statement.execute("unlisten *");
            statement.execute("select pg_advisory_unlock_all()");
        }
    }

    /**
     * While this connection lasts nobody changes the envelope key of the database. Somebody may have while there was none: then this control
     * plane can read nothing that is sealed, and ends.
     */
    private void shareTheKey(Statement statement) throws SQLException {
        statement.execute("select pg_advisory_lock_shared(" + EnvelopeKey.RUNNING_LOCK + ")");
        try (ResultSet row = statement.executeQuery("select envelope_key_id from revision_counter")) {
            if (row.next() && !envelope.id().equals(row.getString(1))) {
                LOG.fatalf(
                        "event=envelope-key-changed held=%s expected=%s detail=start it again with the new key",
                        envelope.id(), row.getString(1));
                Quarkus.asyncExit(1);
            }
        }
    }

    private boolean isBehind(Statement statement) throws SQLException {
        try (ResultSet counter = statement.executeQuery("select revision, control_epoch::text from revision_counter")) {
            Head head = mirror.head();
            return counter.next()
                    && (counter.getLong(1) != head.revision()
                            || !counter.getString(2).equals(head.controlEpoch()));
        }
    }

    private void pause() {
        try {
            if (stopping.await(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
                LOG.debug("event=listener-stopped");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Thread daemon(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }
}
