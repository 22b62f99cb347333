package io.tollgate.controlplane.acme;

import io.agroal.api.AgroalDataSource;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.agroal.DataSource;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.tollgate.controlplane.catalog.certificate.CertificateCatalog;
import io.tollgate.controlplane.catalog.envelope.EnvelopeKey;
import io.tollgate.controlplane.catalog.revision.RevisionCommitted;
import io.tollgate.controlplane.catalog.revision.RevisionLog;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;

/**
 * Gets certificates from ACME issuers when they are due, with the other control planes of the database: each order is one's at a time, and
 * goes on elsewhere when that one is gone. Shared; the work is done on {@value #ATTEMPTS_MAX} threads of its own, which are there only
 * while there is work; one more looks for it, and one holds the leases.
 */
@ApplicationScoped
public class AcmeClient {
    /** Orders worked on at once: each mostly waits, and servers do not like more from one account. */
    static final int ATTEMPTS_MAX = 4;

    /** What other control planes wrote, and what is due by time, is found within so long. */
    private static final long LOOK_MILLIS = 1_000;

    /** Several times within a lease, so that one that comes late loses nothing. */
    private static final long RENEW_MILLIS = OrderTable.LEASE_SECONDS * 1_000L / 5;

    /** An attempt that takes longer hangs: its lease is left to end. */
    private static final Duration ATTEMPT_MAX = Duration.ofMinutes(15);

    private static final long STOP_SECONDS_MAX = 3;

    /** Behind everything that a write goes through. */
    private static final int START_PRIORITY = 10_000;

    private static final Logger LOG = Logger.getLogger(AcmeClient.class);

    private final OrderTable table;
    private final Attempt.Means means;
    private final Clock clock;
    private final Map<Attempt.Outcome, Counter> ended = new EnumMap<>(Attempt.Outcome.class);
    private final Map<UUID, Working> working = new ConcurrentHashMap<>();
    private final AtomicInteger busy = new AtomicInteger();
    private final AtomicBoolean woken = new AtomicBoolean();
    private final ScheduledExecutorService looks =
            Executors.newSingleThreadScheduledExecutor(work -> daemon(work, "acme-looks"));
    /** Apart from the looks, which may wait for other writers for longer than a lease lasts. */
    private final ScheduledExecutorService leases =
            Executors.newSingleThreadScheduledExecutor(work -> daemon(work, "acme-leases"));

    private final ThreadPoolExecutor attempts = new ThreadPoolExecutor(
            0, ATTEMPTS_MAX, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), work -> daemon(work, "acme-attempt"));

    private record Working(Lease lease, Thread thread, Instant since) {}

    AcmeClient(
            @DataSource("stream") AgroalDataSource database,
            OrderPlans plans,
            ChallengeBoard board,
            CertificateCatalog certificates,
            RevisionLog revisions,
            EnvelopeKey envelope,
            Clock clock,
            MeterRegistry figures) {
        this.table = new OrderTable(database);
        this.clock = clock;
        this.means = new Attempt.Means(
                new OrderRun.House(table, board, envelope, clock),
                plans,
                new Accounts(table),
                certificates,
                revisions,
                new SecureRandom());
        for (Attempt.Outcome outcome : Attempt.Outcome.values()) {
            ended.put(
                    outcome,
                    Counter.builder("tollgate.control.acme.attempts")
                            .description("Attempts to get certificates from ACME issuers that ended")
                            .tag("outcome", outcome.word())
                            .register(figures));
        }
    }

    private static Thread daemon(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }

    void start(@Observes @Priority(START_PRIORITY) StartupEvent event) {
        looks.scheduleWithFixedDelay(this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
        leases.scheduleWithFixedDelay(this::renewLeases, RENEW_MILLIS, RENEW_MILLIS, TimeUnit.MILLISECONDS);
    }

    void stop(@Observes ShutdownEvent event) {
        looks.shutdownNow();
        leases.shutdownNow();
        // Interrupted attempts give their leases back, so that another control plane goes on at once.
        attempts.shutdownNow();
        try {
            if (!attempts.awaitTermination(STOP_SECONDS_MAX, TimeUnit.SECONDS)) {
                LOG.debug("event=acme-attempts-left");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void committed(@Observes RevisionCommitted event) {
        wake();
    }

    /**
     * Has a certificate got now, whatever failed before.
     *
     * @return false when it is none that is got
     * @throws SQLException when the database does not take it
     */
    public boolean hasten(UUID certificateId) throws SQLException {
        boolean known = table.hasten(certificateId);
        wake();
        return known;
    }

    private void wake() {
        if (woken.compareAndSet(false, true)) {
            try {
                looks.execute(this::look);
            } catch (RejectedExecutionException e) {
                LOG.debug("event=acme-stopping");
            }
        }
    }

    private void look() {
        woken.set(false);
        try {
            if (!table.isNeeded()) {
                return;
            }
            table.follow();
            int free = ATTEMPTS_MAX - busy.get();
            if (free > 0) {
                for (Lease lease : table.lease(free)) {
                    begin(lease);
                }
            }
            sweep();
        } catch (SQLException e) {
            LOG.debugf("event=acme-look-failed cause=%s", e.getMessage());
        } catch (RuntimeException e) {
            // The next look may fare better; without this there would be none.
            LOG.error("event=acme-look-broken", e);
        }
    }

    /** Ends the challenges of orders that nobody works on: of a control plane that is gone, or of a certificate that is. */
    private void sweep() throws SQLException {
        for (UUID certificateId : table.left()) {
            means.house().board().clear(certificateId);
        }
    }

    private void begin(Lease lease) throws SQLException {
        busy.incrementAndGet();
        try {
            attempts.execute(() -> work(lease));
        } catch (RejectedExecutionException e) {
            // The thread that has just ended an attempt is not free yet, or all of this stops.
            busy.decrementAndGet();
            table.released(lease);
        }
    }

    private void work(Lease lease) {
        Working one = new Working(lease, Thread.currentThread(), clock.instant());
        working.put(lease.certificateId(), one);
        try {
            Counter counter = ended.get(new Attempt(means, lease).run());
            if (counter != null) {
                counter.increment();
            }
        } finally {
            working.remove(lease.certificateId(), one);
            busy.decrementAndGet();
        }
    }

    private void renewLeases() {
        working.values().forEach(this::renewLease);
    }

    private void renewLease(Working one) {
        boolean hangs = one.since().plus(ATTEMPT_MAX).isBefore(clock.instant());
        try {
            if (hangs || !table.renew(one.lease())) {
                LOG.warnf(
                        "event=acme-lease-lost certificate=%s hangs=%s",
                        one.lease().certificateId(), hangs);
                one.thread().interrupt();
            }
        } catch (SQLException e) {
            LOG.warnf("event=acme-lease-not-renewed cause=%s", e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("event=acme-lease-broken", e);
        }
    }
}
