package io.tollgate.node.sync;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.tollgate.engine.compile.Problem;
import io.tollgate.engine.compile.WireConfiguration;
import io.tollgate.engine.fixture.Corpus;
import io.tollgate.node.sync.ReplicaVerdict.Applied;
import io.tollgate.node.sync.ReplicaVerdict.Pending;
import io.tollgate.node.sync.ReplicaVerdict.Refused;
import io.tollgate.proto.config.v1.Change;
import io.tollgate.proto.config.v1.UpdateBegin;
import io.tollgate.proto.config.v1.UpdateChunk;
import io.tollgate.proto.config.v1.UpdateCommit;
import io.tollgate.proto.config.v1.UpdateKind;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The corpus on its way into a node: the same verdicts as the engine's own test expects, at the end of an update. */
class CorpusReplicaTest {
    private static final long NONCE = 7;
    private static final long REVISION = 3;

    static List<Corpus.Case> cases() {
        return Corpus.cases();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void commit_corpusAsFullSnapshot_isJudgedAsItsFileSays(Corpus.Case one) {
        SnapshotReplica replica = new SnapshotReplica(Catalogue.compiler());
        ReplicaVerdict verdict = update(replica, full(one.changes()), one.changes());
        assertThat(problems(verdict)).containsExactlyInAnyOrderElementsOf(one.problems());
        if (one.problems().isEmpty()) {
            assertThat(verdict).isInstanceOf(Applied.class);
            assertThat(replica.revision()).isEqualTo(REVISION);
            assertThat(replica.digest()).isEqualTo(digest(one.changes()));
        } else {
            assertThat(verdict)
                    .isInstanceOfSatisfying(
                            Refused.class,
                            refused -> assertThat(refused.revision()).isEqualTo(REVISION));
            assertThat(replica.revision()).isZero();
            assertThat(replica.digest()).isEqualTo(ByteString.EMPTY);
        }
    }

    /** The way of a write on a running node: what is held stays in force when the corpus is refused on top of it. */
    @ParameterizedTest
    @MethodSource("cases")
    void commit_corpusOverHeldSnapshot_isJudgedAsItsFileSaysAndHeldStaysWhenRefused(Corpus.Case one) {
        Catalogue catalogue = new Catalogue();
        SnapshotReplica replica = new SnapshotReplica(Catalogue.compiler());
        assertThat(update(replica, catalogue.full(NONCE), catalogue.all())).isInstanceOf(Applied.class);
        HeldSnapshot held = replica.capture();
        ReplicaVerdict verdict = update(replica, full(one.changes()), one.changes());
        assertThat(problems(verdict)).containsExactlyInAnyOrderElementsOf(one.problems());
        if (one.problems().isEmpty()) {
            assertThat(replica.digest()).isEqualTo(digest(one.changes()));
        } else {
            assertThat(replica.capture()).isEqualTo(held);
        }
    }

    private static UpdateBegin full(List<Change> changes) {
        return UpdateBegin.newBuilder()
                .setKind(UpdateKind.UPDATE_KIND_FULL)
                .setNonce(NONCE)
                .setRevision(REVISION)
                .setDigest(digest(changes))
                .setControlEpoch(Catalogue.EPOCH)
                .setChangeCount(changes.size())
                .build();
    }

    private static ByteString digest(List<Change> changes) {
        WireConfiguration wire = new WireConfiguration();
        wire.apply(changes);
        return ByteString.copyFrom(wire.digest());
    }

    private static ReplicaVerdict update(SnapshotReplica replica, UpdateBegin begin, List<Change> changes) {
        assertThat(replica.begin(begin)).isInstanceOf(Pending.class);
        assertThat(replica.chunk(UpdateChunk.newBuilder()
                        .setNonce(NONCE)
                        .addAllChanges(changes)
                        .build()))
                .isInstanceOf(Pending.class);
        return replica.commit(UpdateCommit.newBuilder().setNonce(NONCE).build());
    }

    private static List<String> problems(ReplicaVerdict verdict) {
        return verdict instanceof Refused refused
                ? refused.problems().stream().map(CorpusReplicaTest::line).toList()
                : List.of();
    }

    private static String line(Problem problem) {
        String kind = problem.kind().name().substring("OBJECT_KIND_".length()).toLowerCase(Locale.ROOT);
        return kind + " " + problem.id() + " " + (problem.pointer().isEmpty() ? "-" : problem.pointer()) + " "
                + problem.detail();
    }
}
