package io.tollgate.controlplane.snapshot;

import io.tollgate.controlplane.catalog.revision.CatalogChange;
import io.tollgate.controlplane.catalog.revision.ConfigurationGate;
import io.tollgate.controlplane.catalog.revision.ConfigurationRefused;
import io.tollgate.controlplane.catalog.revision.ObjectFault;
import io.tollgate.controlplane.catalog.revision.ObjectKind;
import io.tollgate.engine.compile.Problem;
import io.tollgate.proto.config.v1.Change;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.hibernate.Session;
import org.jspecify.annotations.Nullable;

/**
 * Lets a write pass only when the nodes' own compiler takes the configuration that it makes. The changed rows are read through
 * the writer's transaction and tried on the mirror; once committed they move it forward. Called by one writer at a time.
 */
@ApplicationScoped
public class CompilerGate implements ConfigurationGate {
    private final EntityManager entities;
    private final ConfigurationMirror mirror;
    private final CatalogRows rows;
    private volatile @Nullable Checked checked;

    private record Checked(long revision, List<Change> changes) {}

    CompilerGate(EntityManager entities, ConfigurationMirror mirror, CatalogRows rows) {
        this.rows = rows;
        this.entities = entities;
        this.mirror = mirror;
    }

    @Override
    public void check(long heldRevision, long newRevision, List<CatalogChange> changes) {
        checked = null;
        follow(heldRevision);
        List<Change> pending = read(changes);
        List<Problem> problems = mirror.judge(newRevision, pending);
        if (!problems.isEmpty()) {
            throw new ConfigurationRefused(
                    problems.stream().map(CompilerGate::fault).toList());
        }
        checked = new Checked(newRevision, pending);
    }

    @Override
    public void settle(long newRevision, Settlement settlement) {
        Checked passed = checked;
        checked = null;
        if (settlement == Settlement.COMMITTED && passed != null && passed.revision() == newRevision) {
            mirror.committed(newRevision, passed.changes());
        }
        // Rolled back: the mirror kept nothing of it. Unknown: the next look at the counter tells.
    }

    /** Other control planes may have committed since; they cannot any more while this writer holds the counter's row. */
    private void follow(long heldRevision) {
        if (mirror.head().revision() == heldRevision) {
            return;
        }
        try {
            mirror.catchUp();
        } catch (SQLException e) {
            throw new IllegalStateException("the mirror cannot follow to revision " + heldRevision, e);
        }
        if (mirror.head().revision() != heldRevision) {
            throw new IllegalStateException("the mirror is at revision "
                    + mirror.head().revision() + " (expected: " + heldRevision + ", which is committed)");
        }
    }

    private List<Change> read(List<CatalogChange> changes) {
        Map<ObjectKind, Set<UUID>> ids = new EnumMap<>(ObjectKind.class);
        for (CatalogChange change : changes) {
            ids.computeIfAbsent(change.kind(), kind -> new TreeSet<>()).add(change.id());
        }
        return entities.unwrap(Session.class).doReturningWork(connection -> rows.of(connection, ids));
    }

    private static ObjectFault fault(Problem problem) {
        return new ObjectFault(
                ProtoKinds.word(problem.kind()), problem.id(), problem.name(), problem.pointer(), problem.detail());
    }
}
