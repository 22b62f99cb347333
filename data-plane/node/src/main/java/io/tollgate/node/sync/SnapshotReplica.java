package io.tollgate.node.sync;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.tollgate.engine.compile.CompileResult;
import io.tollgate.engine.compile.CompiledConfiguration;
import io.tollgate.engine.compile.ConfigurationCompiler;
import io.tollgate.engine.compile.Problem;
import io.tollgate.engine.compile.WireConfiguration;
import io.tollgate.node.sync.ReplicaVerdict.Applied;
import io.tollgate.node.sync.ReplicaVerdict.NextHello;
import io.tollgate.node.sync.ReplicaVerdict.OutOfStep;
import io.tollgate.node.sync.ReplicaVerdict.Pending;
import io.tollgate.node.sync.ReplicaVerdict.Refused;
import io.tollgate.proto.config.v1.Change;
import io.tollgate.proto.config.v1.ObjectKind;
import io.tollgate.proto.config.v1.UpdateBegin;
import io.tollgate.proto.config.v1.UpdateChunk;
import io.tollgate.proto.config.v1.UpdateCommit;
import io.tollgate.proto.config.v1.UpdateKind;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The node's copy of the configuration: folds updates and holds, at any moment, one whole revision that compiled.
 * Compile thread only.
 *
 * <p>An update changes nothing before its commit. At the commit its changes are applied, the digest of the whole is
 * compared with the one that the control plane announced, and the result is compiled; when any of it fails the changes
 * are taken back. A full snapshot is folded as the difference to what is held, so that rooms which did not change are
 * not built again.
 */
public final class SnapshotReplica {
    /** Changes of one update, far above any catalogue that one node is meant for. */
    static final long CHANGES_MAX = 10_000_000;
    /** Object bytes of one update that are held in memory before its commit. */
    static final long UPDATE_BYTES_MAX = 2L << 30;
    /** One object; a route with every bound used is far below. */
    static final int OBJECT_BYTES_MAX = 4 << 20;
    /** Fields from this number on are cosmetic. */
    private static final int COSMETIC_FIELD_MIN = 1_000;

    private static final Logger LOG = System.getLogger(SnapshotReplica.class.getName());
    private static final Pending PENDING = new Pending();

    private final ConfigurationCompiler compiler;
    private final WireConfiguration wire = new WireConfiguration();
    private @Nullable CompiledConfiguration compiled;
    private long revision;
    private String controlEpoch = "";
    private long committedAtMillis;

    private @Nullable UpdateBegin begun;
    private final List<Change> pending = new ArrayList<>();
    private long pendingBytes;
    private @Nullable Problem pendingProblem;

    /** An empty replica. */
    public SnapshotReplica(ConfigurationCompiler compiler) {
        this.compiler = compiler;
    }

    /** Takes what the durable snapshot holds. Refused: the replica stays empty. */
    ReplicaVerdict restore(HeldSnapshot held) {
        UpdateBegin begin = UpdateBegin.newBuilder()
                .setKind(UpdateKind.UPDATE_KIND_FULL)
                .setRevision(held.revision())
                .setDigest(held.digest())
                .setControlEpoch(held.controlEpoch())
                .setChangeCount(held.changes().size())
                .setCommittedAtMillis(held.committedAtMillis())
                .build();
        return fold(begin, held.changes());
    }

    /** Opens an update and drops one that was not committed. */
    ReplicaVerdict begin(UpdateBegin begin) {
        dropPending();
        begun = begin;
        pendingProblem = refusal(begin);
        return PENDING;
    }

    /** Adds to the open update. */
    ReplicaVerdict chunk(UpdateChunk chunk) {
        UpdateBegin begin = begun;
        if (begin == null || begin.getNonce() != chunk.getNonce()) {
            return outOfStep("a chunk with nonce " + chunk.getNonce() + " outside its update");
        }
        if (pending.size() + chunk.getChangesCount() > begin.getChangeCount()) {
            return outOfStep("more changes than the " + begin.getChangeCount() + " announced");
        }
        note(unknownField(chunk));
        for (Change change : chunk.getChangesList()) {
            pendingBytes += change.getObject().size();
            note(unacceptable(change));
            // An update that is refused already is only counted to its end.
            pending.add(pendingProblem == null ? change : Change.getDefaultInstance());
        }
        return PENDING;
    }

    /** Closes the open update: all of it holds from now on, or nothing. */
    ReplicaVerdict commit(UpdateCommit commit) {
        UpdateBegin begin = begun;
        if (begin == null || begin.getNonce() != commit.getNonce()) {
            return outOfStep("a commit with nonce " + commit.getNonce() + " outside its update");
        }
        if (pending.size() != begin.getChangeCount()) {
            return outOfStep(pending.size() + " changes (expected: " + begin.getChangeCount() + ", as announced)");
        }
        note(unknownField(commit));
        Problem problem = pendingProblem;
        List<Change> changes = List.copyOf(pending);
        dropPending();
        if (problem != null) {
            return new Refused(begin.getNonce(), begin.getRevision(), List.of(problem));
        }
        if (begin.getKind() == UpdateKind.UPDATE_KIND_DELTA
                && (begin.getFromRevision() != revision
                        || !begin.getControlEpoch().equals(controlEpoch))) {
            return new OutOfStep(
                    "a delta from revision " + begin.getFromRevision() + " (expected: " + revision + ")",
                    NextHello.WITH_HELD_REVISION);
        }
        return fold(begin, changes);
    }

    /** Forgets an update that was not committed, for a stream that ended. */
    void dropPending() {
        begun = null;
        pending.clear();
        pendingBytes = 0;
        pendingProblem = null;
    }

    /** The revision that is held; 0 for none. */
    long revision() {
        return revision;
    }

    /** Digest of what is held; empty for none. */
    ByteString digest() {
        return revision == 0 ? ByteString.EMPTY : ByteString.copyFrom(wire.digest());
    }

    /** The line of revisions that is held; empty for none. */
    String controlEpoch() {
        return controlEpoch;
    }

    long committedAtMillis() {
        return committedAtMillis;
    }

    /** All that is held, for the disk. */
    HeldSnapshot capture() {
        return new HeldSnapshot(revision, digest(), controlEpoch, committedAtMillis, wire.changes());
    }

    private ReplicaVerdict fold(UpdateBegin begin, List<Change> changes) {
        boolean isFull = begin.getKind() == UpdateKind.UPDATE_KIND_FULL;
        List<Change> undo = wire.apply(isFull ? difference(changes) : changes);
        ReplicaVerdict verdict;
        try {
            verdict = judge(begin);
        } catch (RuntimeException bug) {
            LOG.log(Level.ERROR, "event=compile-failed revision=" + begin.getRevision(), bug);
            verdict = refused(begin, "this node could not compile the configuration: " + bug);
        }
        if (verdict instanceof Applied applied) {
            compiled = applied.configuration();
            revision = begin.getRevision();
            controlEpoch = begin.getControlEpoch();
            committedAtMillis = begin.getCommittedAtMillis();
        } else {
            wire.apply(undo);
        }
        return verdict;
    }

    private ReplicaVerdict judge(UpdateBegin begin) {
        if (!begin.getDigest().equals(ByteString.copyFrom(wire.digest()))) {
            String reason = "the digest after revision " + begin.getRevision() + " differs from the announced one";
            return begin.getKind() == UpdateKind.UPDATE_KIND_FULL
                    ? refused(begin, reason)
                    : new OutOfStep(reason, NextHello.AS_EMPTY);
        }
        CompileResult result = compiler.compile(wire, begin.getRevision(), compiled);
        if (result instanceof CompileResult.Compiled good) {
            return new Applied(begin.getNonce(), good.configuration());
        }
        return new Refused(begin.getNonce(), begin.getRevision(), ((CompileResult.Refused) result).problems());
    }

    /** A full snapshot as what has to change: everything that it holds, and the removal of everything else. */
    private List<Change> difference(List<Change> full) {
        Set<String> kept = new HashSet<>();
        for (Change change : full) {
            kept.add(name(change));
        }
        List<Change> difference = new ArrayList<>();
        for (Change held : wire.changes()) {
            if (!kept.contains(name(held))) {
                difference.add(held.toBuilder().clearObject().setRemoved(true).build());
            }
        }
        difference.addAll(full);
        return difference;
    }

    private static String name(Change change) {
        return change.getKindValue() + "/" + change.getId();
    }

    private @Nullable Problem refusal(UpdateBegin begin) {
        if (begin.getKind() != UpdateKind.UPDATE_KIND_FULL && begin.getKind() != UpdateKind.UPDATE_KIND_DELTA) {
            return problem("update kind " + begin.getKindValue() + " (expected: full or delta)");
        }
        if (begin.getControlEpoch().equals(controlEpoch) && begin.getRevision() < revision) {
            return problem("revision " + begin.getRevision() + " (expected: at least " + revision
                    + " of the same line of revisions)");
        }
        if (begin.getRevision() <= 0) {
            return problem("revision " + begin.getRevision() + " (expected: 1 or more)");
        }
        if (begin.getChangeCount() < 0 || begin.getChangeCount() > CHANGES_MAX) {
            return problem("an update of " + Long.toUnsignedString(begin.getChangeCount())
                    + " changes (expected: at most " + CHANGES_MAX + ")");
        }
        return unknownField(begin);
    }

    private @Nullable Problem unacceptable(Change change) {
        if (change.getObject().size() > OBJECT_BYTES_MAX) {
            return new Problem(
                    change.getKind(),
                    change.getId(),
                    "",
                    "",
                    change.getObject().size() + " bytes (expected: at most " + OBJECT_BYTES_MAX + ")");
        }
        if (pendingBytes > UPDATE_BYTES_MAX) {
            return problem("an update of more than " + UPDATE_BYTES_MAX + " bytes");
        }
        return unknownField(change);
    }

    private void note(@Nullable Problem problem) {
        if (pendingProblem == null) {
            pendingProblem = problem;
        }
    }

    /** What an unknown field of the update itself means cannot be known, so it may be a rule: refused. */
    private static @Nullable Problem unknownField(Message message) {
        for (int number : message.getUnknownFields().asMap().keySet()) {
            if (number < COSMETIC_FIELD_MIN) {
                return problem("field " + number + " of "
                        + message.getDescriptorForType().getName() + " (expected: fields that this build can enforce)");
            }
        }
        return null;
    }

    private static Refused refused(UpdateBegin begin, String detail) {
        return new Refused(begin.getNonce(), begin.getRevision(), List.of(problem(detail)));
    }

    private static Problem problem(String detail) {
        return new Problem(ObjectKind.OBJECT_KIND_UNSPECIFIED, "", "", "", detail);
    }

    private static OutOfStep outOfStep(String reason) {
        return new OutOfStep(reason, NextHello.WITH_HELD_REVISION);
    }
}
