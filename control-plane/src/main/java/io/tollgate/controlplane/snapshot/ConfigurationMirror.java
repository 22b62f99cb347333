package io.tollgate.controlplane.snapshot;

import com.google.protobuf.ByteString;
import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.tollgate.controlplane.StartRefused;
import io.tollgate.controlplane.catalog.revision.ObjectKind;
import io.tollgate.engine.compile.CompileResult;
import io.tollgate.engine.compile.CompiledConfiguration;
import io.tollgate.engine.compile.ConfigurationCompiler;
import io.tollgate.engine.compile.ObjectKey;
import io.tollgate.engine.compile.Problem;
import io.tollgate.engine.compile.WireConfiguration;
import io.tollgate.engine.quota.CounterTable;
import io.tollgate.engine.upstream.TargetTable;
import io.tollgate.proto.config.v1.Change;
import io.tollgate.proto.config.v1.Revoked;
import io.tollgate.proto.config.v1.UpdateKind;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The newest committed configuration in memory: what nodes are given is cut from it without asking the database.
 *
 * <p>It holds the configuration twice, as references to the same bytes: {@code served} is what was committed, nothing else ever;
 * {@code trial} is where a write is tried on and compiled before it is committed. So a node's update never waits for a
 * compilation or for the database. Moved forward by the writer that committed (see {@link CompilerGate}), or from the change log
 * when another control plane did.
 *
 * <p>Shared; {@code writing} guards what moves it, {@code serving} what is served; taken in this order.
 */
@ApplicationScoped
public class ConfigurationMirror {
    /** Revisions whose changed objects are remembered here; nodes further behind cost a look into the change log. */
    static final int REVISIONS_REMEMBERED = 1_000;

    private static final Logger LOG = Logger.getLogger(ConfigurationMirror.class);

    private final AgroalDataSource database;
    private final ChangeLog changeLog;
    private final Clock clock;
    private final CatalogRows rows;

    private final ReentrantLock writing = new ReentrantLock();
    private final ConfigurationCompiler compiler = new ConfigurationCompiler(new CounterTable(), new TargetTable());
    private WireConfiguration trial = new WireConfiguration();
    private @Nullable CompiledConfiguration compiled;

    private final Object serving = new Object();
    private WireConfiguration served = new WireConfiguration();
    private final TreeMap<Long, Set<ObjectKey>> remembered = new TreeMap<>();
    private final Revocations revocations = new Revocations();
    private @Nullable Update full;
    private volatile Head head = Head.NOTHING;

    ConfigurationMirror(
            @DataSource("stream") AgroalDataSource database, ChangeLog changeLog, Clock clock, CatalogRows rows) {
        this.rows = rows;
        this.database = database;
        this.changeLog = changeLog;
        this.clock = clock;
    }

    /** What is newest here. */
    public Head head() {
        return head;
    }

    /** The time of what happens now. */
    public Instant now() {
        return clock.instant();
    }

    /** Reads the whole configuration; at start. */
    public void load() throws StartRefused {
        try {
            catchUp();
        } catch (SQLException e) {
            throw new StartRefused("the configuration cannot be read from the database: " + e.getMessage());
        }
        writing.lock();
        try {
            List<Problem> problems = compile(head.revision());
            for (Problem problem : problems) {
                LOG.errorf(
                        "event=configuration-refused revision=%d kind=%s id=%s pointer=%s detail=%s",
                        head.revision(),
                        ProtoKinds.word(problem.kind()),
                        problem.id(),
                        problem.pointer(),
                        problem.detail());
            }
        } finally {
            writing.unlock();
        }
    }

    /** The update that brings a node from what it holds to what is newest; empty when it holds that. */
    public Optional<Update> updateFrom(Held held) {
        synchronized (serving) {
            Head to = head;
            if (held.isNothing() || !held.controlEpoch().equals(to.controlEpoch()) || held.revision() > to.revision()) {
                return Optional.of(full());
            }
            if (held.revision() == to.revision()) {
                return held.digest().equals(to.digest()) ? Optional.empty() : Optional.of(full());
            }
            if (remembered.headMap(held.revision() + 1, true).containsKey(held.revision() + 1)) {
                Set<ObjectKey> changed = new TreeSet<>();
                remembered.tailMap(held.revision(), false).values().forEach(changed::addAll);
                return Optional.of(delta(held.revision(), changed));
            }
        }
        return Optional.of(longDelta(held));
    }

    /**
     * What was taken back since a node was told last, to be told before any update; none when it holds another line of revisions.
     *
     * @param toldRevision up to which it knows
     */
    public List<Revoked> revokedSince(Held held, long toldRevision) {
        synchronized (serving) {
            return held.controlEpoch().equals(head.controlEpoch())
                    ? revocations.since(Math.max(held.revision(), toldRevision), served::find, clock.millis())
                    : List.of();
        }
    }

    /** Everything, for a node that holds nothing that could be built on. */
    public Update full() {
        synchronized (serving) {
            Update made = full;
            if (made == null) {
                made = new Update(UpdateKind.UPDATE_KIND_FULL, 0, head, served.changes());
                full = made;
            }
            return made;
        }
    }

    /** Moves forward to what is committed, whoever committed it; everything is read anew when the change log does not reach. */
    public void catchUp() throws SQLException {
        writing.lock();
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            connection.setReadOnly(true);
            try {
                catchUp(connection);
            } finally {
                connection.rollback();
                connection.setReadOnly(false);
                connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
                connection.setAutoCommit(true);
            }
        } finally {
            writing.unlock();
        }
    }

    /** What the compiler objects to in the newest configuration with these changes; they are not kept. */
    List<Problem> judge(long newRevision, List<Change> changes) {
        writing.lock();
        try {
            List<Change> undo = trial.apply(changes);
            try {
                return compile(newRevision);
            } finally {
                trial.apply(undo);
            }
        } finally {
            writing.unlock();
        }
    }

    /** The newest configuration as requests follow it; what changed since it was last asked for is compiled first. */
    public CompiledConfiguration configuration() {
        writing.lock();
        try {
            List<Problem> problems = compile(head.revision());
            CompiledConfiguration newest = compiled;
            if (newest == null || !problems.isEmpty()) {
                throw new IllegalStateException("what is stored does not compile: " + problems);
            }
            return newest;
        } finally {
            writing.unlock();
        }
    }

    /** Takes in what this process has committed; left to {@link #catchUp} when something else was committed meanwhile. */
    void committed(long newRevision, List<Change> changes) {
        writing.lock();
        try {
            if (head.revision() == newRevision - 1) {
                advance(newRevision, head.controlEpoch(), clock.instant(), changes);
            }
        } finally {
            writing.unlock();
        }
    }

    private List<Problem> compile(long revision) {
        CompileResult result = compiler.compile(trial, revision, compiled);
        if (result instanceof CompileResult.Refused refused) {
            return refused.problems();
        }
        if (result instanceof CompileResult.Compiled made) {
            compiled = made.configuration();
        }
        return List.of();
    }

    private void catchUp(Connection connection) throws SQLException {
        long revision;
        String controlEpoch;
        try (PreparedStatement query =
                        connection.prepareStatement("select revision, control_epoch::text from revision_counter");
                ResultSet counter = query.executeQuery()) {
            if (!counter.next()) {
                throw new SQLException("the row of revision_counter is missing");
            }
            revision = counter.getLong(1);
            controlEpoch = counter.getString(2);
        }
        Head held = head;
        boolean sameLine = held.controlEpoch().equals(controlEpoch) && held.revision() <= revision;
        if (sameLine && held.revision() == revision) {
            return;
        }
        Instant committedAt = committedAt(connection, revision);
        Optional<Map<ObjectKind, Set<UUID>>> changed =
                sameLine ? ChangeLog.changed(connection, held.revision(), revision) : Optional.empty();
        if (changed.isPresent()) {
            advance(revision, controlEpoch, committedAt, rows.of(connection, changed.get()));
        } else {
            replace(revision, controlEpoch, committedAt, rows.all(connection));
        }
    }

    private Instant committedAt(Connection connection, long revision) throws SQLException {
        try (PreparedStatement query =
                connection.prepareStatement("select committed_at from revision where revision = ?")) {
            query.setLong(1, revision);
            try (ResultSet row = query.executeQuery()) {
                return row.next() ? row.getObject(1, OffsetDateTime.class).toInstant() : clock.instant();
            }
        }
    }

    private void advance(long revision, String controlEpoch, Instant committedAt, List<Change> changes) {
        trial.apply(changes);
        synchronized (serving) {
            served.apply(changes);
            long first = head.revision() + 1;
            Set<ObjectKey> keys = new TreeSet<>();
            changes.forEach(change -> keys.add(new ObjectKey(change.getKind(), change.getId())));
            // Several revisions at once: which of them changed what does not matter to a node that is behind all of
            // them,
            // and one that is between them gets a little more than it needs.
            for (long each = Math.max(first, revision - REVISIONS_REMEMBERED + 1); each <= revision; each++) {
                remembered.put(each, keys);
            }
            while (remembered.size() > REVISIONS_REMEMBERED) {
                remembered.pollFirstEntry();
            }
            revocations.note(revision, changes, clock.millis());
            serve(revision, controlEpoch, committedAt);
        }
    }

    private void replace(long revision, String controlEpoch, Instant committedAt, List<Change> all) {
        trial = new WireConfiguration();
        trial.apply(all);
        compiled = null;
        synchronized (serving) {
            served = new WireConfiguration();
            served.apply(all);
            remembered.clear();
            revocations.clear();
            serve(revision, controlEpoch, committedAt);
        }
        LOG.infof("event=configuration-loaded revision=%d objects=%d", revision, all.size());
    }

    private void serve(long revision, String controlEpoch, Instant committedAt) {
        full = null;
        head = new Head(revision, ByteString.copyFrom(served.digest()), controlEpoch, committedAt);
    }

    private Update longDelta(Held held) {
        try {
            Head to = head;
            Optional<Map<ObjectKind, Set<UUID>>> changed = changeLog.changed(held.revision(), to.revision());
            if (changed.isPresent()) {
                Set<ObjectKey> keys = new TreeSet<>();
                changed.get().forEach((kind, ids) -> {
                    if (kind.reachesNodes()) {
                        ids.forEach(id -> keys.add(new ObjectKey(ProtoKinds.of(kind), id.toString())));
                    }
                });
                synchronized (serving) {
                    // Revisions that came since are remembered.
                    remembered.tailMap(to.revision(), false).values().forEach(keys::addAll);
                    if (head.controlEpoch().equals(held.controlEpoch())) {
                        return delta(held.revision(), keys);
                    }
                }
            }
        } catch (SQLException e) {
            LOG.warnf("event=change-log-unreadable cause=%s", e.getMessage());
        }
        return full();
    }

    /** Called with {@code serving} held. */
    private Update delta(long fromRevision, Set<ObjectKey> changed) {
        if (changed.size() >= served.size()) {
            return full();
        }
        List<Change> changes = new ArrayList<>(changed.size());
        for (ObjectKey key : changed) {
            ByteString object = served.find(key);
            Change.Builder change = Change.newBuilder().setKind(key.kind()).setId(key.id());
            changes.add(
                    object == null
                            ? change.setRemoved(true).build()
                            : change.setObject(object).build());
        }
        // What closes doors travels first: keys before everything else.
        changes.sort(Comparator.comparing(
                change -> change.getKind() != io.tollgate.proto.config.v1.ObjectKind.OBJECT_KIND_CREDENTIAL));
        return new Update(UpdateKind.UPDATE_KIND_DELTA, fromRevision, head, changes);
    }
}
