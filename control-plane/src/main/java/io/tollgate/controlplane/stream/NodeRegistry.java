package io.tollgate.controlplane.stream;

import io.agroal.api.AgroalDataSource;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.agroal.DataSource;
import io.quarkus.runtime.Startup;
import io.tollgate.controlplane.catalog.revision.AppliedEverywhere;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;

/**
 * What every node enforces: of those connected here from memory, of the others from the table that all control planes write.
 * Reports are gathered and written by one thread, the newest of each node only. Shared.
 */
@Startup // Its figure is there before the first node is.
@ApplicationScoped
public class NodeRegistry implements AppliedEverywhere {
    /** How often nodes that other control planes hold are looked up while somebody waits for them. */
    private static final long REMOTE_POLL_MILLIS = 50;

    /** Longest that an answer waits for the table beyond the nodes; a database that takes longer has other troubles. */
    private static final long SETTLE_MILLIS_MAX = 2_000;

    private static final Logger LOG = Logger.getLogger(NodeRegistry.class);

    private final NodeTable table;
    private final Map<String, NodeState> here = new ConcurrentHashMap<>();
    private final Map<String, NodeState> unwritten = new ConcurrentHashMap<>();
    private final AtomicBoolean writeScheduled = new AtomicBoolean();
    private final AtomicLong reports = new AtomicLong();
    private final ExecutorService writer = Executors.newSingleThreadExecutor(work -> {
        Thread thread = new Thread(work, "node-registry");
        thread.setDaemon(true);
        return thread;
    });

    NodeRegistry(@DataSource("stream") AgroalDataSource database, MeterRegistry figures) {
        this.table = new NodeTable(database);
        Gauge.builder("tollgate.control.nodes.connected", here, Map::size)
                .description("Nodes whose stream is open to this control plane")
                .register(figures);
    }

    /** How many nodes connected here have not applied this revision. */
    long behind(long revision) {
        return here.values().stream()
                .filter(state -> state.appliedRevision() < revision)
                .count();
    }

    /** Takes down what a node connected here said. */
    void report(NodeState state) {
        write(state);
        here.put(state.nodeId(), state);
        wake();
    }

    /** Takes down that a node is not connected here any more. */
    void disconnected(NodeState state) {
        write(state.asDisconnected());
        here.remove(state.nodeId());
        wake();
    }

    @Override
    public List<String> awaitPending(long revision, Duration atMost) {
        long deadlineNanos = System.nanoTime() + atMost.toNanos();
        while (true) {
            long seenReports = reports.get();
            List<String> pending = pending(revision);
            long leftMillis = TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime());
            if (pending.isEmpty()) {
                settle(leftMillis);
                return pending;
            }
            if (leftMillis <= 0) {
                return pending;
            }
            synchronized (reports) {
                try {
                    if (reports.get() == seenReports) {
                        reports.wait(Math.min(REMOTE_POLL_MILLIS, leftMillis));
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return pending;
                }
            }
        }
    }

    /**
     * Waits until what was reported so far is in the table: whoever is told that all nodes have applied a revision reads the
     * same of them, on whichever control plane.
     */
    private void settle(long leftMillis) {
        try {
            // One thread writes in turn: when this comes to its turn, everything noted before has been written.
            writer.submit(() -> {}).get(Math.min(SETTLE_MILLIS_MAX, Math.max(0, leftMillis)), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | RejectedExecutionException | TimeoutException e) {
            LOG.debugf("event=node-table-late cause=%s", e);
        }
    }

    /** Writes the last word about each node: that it is not connected here any more. */
    void stop() {
        writer.shutdown();
        try {
            if (!writer.awaitTermination(2, TimeUnit.SECONDS)) {
                writer.shutdownNow();
            }
        } catch (InterruptedException e) {
            writer.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    private List<String> pending(long revision) {
        Map<String, Long> live = new TreeMap<>();
        try {
            live.putAll(table.liveApplied());
        } catch (SQLException e) {
            LOG.warnf("event=node-table-unreadable cause=%s", e.getMessage());
        }
        here.forEach((nodeId, state) -> live.put(nodeId, state.appliedRevision()));
        List<String> pending = new ArrayList<>();
        live.forEach((nodeId, applied) -> {
            if (applied < revision) {
                pending.add(nodeId);
            }
        });
        return pending;
    }

    /** Has a state written; before anybody may see it here, so that {@link #settle} waits for its write. */
    private void write(NodeState state) {
        unwritten.put(state.nodeId(), state);
        if (writeScheduled.compareAndSet(false, true) && !writer.isShutdown()) {
            writer.execute(this::write);
        }
    }

    private void wake() {
        synchronized (reports) {
            reports.incrementAndGet();
            reports.notifyAll();
        }
    }

    private void write() {
        writeScheduled.set(false);
        Map<String, NodeState> taken = new HashMap<>();
        for (String nodeId : unwritten.keySet()) {
            NodeState state = unwritten.remove(nodeId);
            if (state != null) {
                taken.put(nodeId, state);
            }
        }
        if (taken.isEmpty()) {
            return;
        }
        try {
            table.write(taken.values());
        } catch (SQLException e) {
            // Rewritten with the next report of each node, two seconds from now at the latest.
            LOG.warnf("event=node-table-unwritable nodes=%d cause=%s", taken.size(), e.getMessage());
        }
    }
}
