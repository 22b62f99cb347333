package io.tollgate.node.sync;

import static io.tollgate.node.sync.Catalogue.consumer;
import static io.tollgate.node.sync.Catalogue.removed;
import static io.tollgate.node.sync.Catalogue.route;
import static io.tollgate.node.sync.Catalogue.service;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
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
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SnapshotReplicaTest {
    private final Catalogue catalogue = new Catalogue();
    private final SnapshotReplica replica = new SnapshotReplica(Catalogue.compiler());
    private long nonce;

    @BeforeEach
    void holdsTheFirstRevision() {
        assertThat(full()).isInstanceOf(Applied.class);
    }

    @Test
    void commit_full_holdsWhatTheControlPlaneHolds() {
        assertHoldsTheCatalogue();
        assertThat(replica.controlEpoch()).isEqualTo(Catalogue.EPOCH);
        assertThat(replica.committedAtMillis()).isEqualTo(1_800_000_000_001L);
    }

    @Test
    void commit_randomDeltas_equalFullSnapshot() {
        long seed = new SplittableRandom().nextLong();
        System.out.println("seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 300; i++) {
            long from = catalogue.revision();
            assertThat(update(from, catalogue.edit(randomEdits(random)))).isInstanceOf(Applied.class);
            assertHoldsTheCatalogue();
        }
        SnapshotReplica fresh = new SnapshotReplica(Catalogue.compiler());
        fresh.restore(replica.capture());
        assertThat(fresh.capture()).isEqualTo(replica.capture());
    }

    @Test
    void commit_fullOverOtherContent_whatIsNotInItIsGone() {
        edit(route("all", "pets", "/"), consumer("acme", true));
        Catalogue other = new Catalogue();
        for (int i = 0; i < 5; i++) {
            other.edit(List.of(service("other", 9_000 + i)));
        }
        assertThat(fold(other.full(++nonce), other.all())).isInstanceOf(Applied.class);
        assertThat(replica.digest()).isEqualTo(other.digest());
        assertThat(replica.capture().changes()).isEqualTo(other.all());
    }

    @Test
    void commit_refusedByTheCompiler_namesTheObjectAndHeldStays() {
        edit(route("all", "pets", "/"));
        ByteString held = replica.digest();
        long heldRevision = replica.revision();
        List<Change> dangling = catalogue.edit(List.of(route("bad", "no-such-service", "/bad")));
        ReplicaVerdict verdict = update(heldRevision, dangling);
        assertThat(verdict).isInstanceOf(Refused.class);
        Refused refused = (Refused) verdict;
        assertThat(refused.revision()).isEqualTo(catalogue.revision());
        assertThat(refused.problems()).anySatisfy(problem -> {
            assertThat(problem.kind()).isEqualTo(ObjectKind.OBJECT_KIND_ROUTE);
            assertThat(problem.id()).isEqualTo(Catalogue.id("bad"));
        });
        assertThat(replica.digest()).isEqualTo(held);
        assertThat(replica.revision()).isEqualTo(heldRevision);
        List<Change> mended = new ArrayList<>(dangling);
        mended.addAll(catalogue.edit(List.of(service("no-such-service", 9_000))));
        assertThat(update(heldRevision, mended)).isInstanceOf(Applied.class);
        assertHoldsTheCatalogue();
    }

    @Test
    void commit_deltaWithOtherDigest_takenBackAndAllAskedFor() {
        HeldSnapshot before = replica.capture();
        catalogue.edit(List.of(consumer("acme", true)));
        ReplicaVerdict verdict = update(1, List.of(consumer("acme", false)));
        assertThat(verdict)
                .isInstanceOfSatisfying(
                        OutOfStep.class,
                        outOfStep -> assertThat(outOfStep.next()).isEqualTo(NextHello.AS_EMPTY));
        assertThat(replica.capture()).isEqualTo(before);
        assertThat(full()).isInstanceOf(Applied.class);
        assertHoldsTheCatalogue();
    }

    @Test
    void commit_fullWithOtherDigest_refused() {
        HeldSnapshot before = replica.capture();
        UpdateBegin begin = catalogue.full(++nonce).toBuilder()
                .setDigest(ByteString.copyFrom(new byte[32]))
                .build();
        assertThat(fold(begin, catalogue.all())).isInstanceOf(Refused.class);
        assertThat(replica.capture()).isEqualTo(before);
    }

    @Test
    void commit_deltaFromOtherRevision_outOfStep() {
        List<Change> changes = catalogue.edit(List.of(consumer("acme", true)));
        assertThat(update(7, changes))
                .isInstanceOfSatisfying(
                        OutOfStep.class,
                        outOfStep -> assertThat(outOfStep.next()).isEqualTo(NextHello.WITH_HELD_REVISION));
        assertThat(replica.revision()).isEqualTo(1);
    }

    @Test
    void commit_lowerRevision_refusedUnlessTheLineOfRevisionsIsAnother() {
        edit(consumer("acme", true));
        edit(consumer("acme", false));
        Catalogue restored = new Catalogue();
        assertThat(fold(restored.full(++nonce), restored.all())).isInstanceOf(Refused.class);
        assertThat(replica.revision()).isEqualTo(3);
        UpdateBegin otherLine =
                restored.full(++nonce).toBuilder().setControlEpoch("epoch-2").build();
        assertThat(fold(otherLine, restored.all())).isInstanceOf(Applied.class);
        assertThat(replica.revision()).isEqualTo(1);
        assertThat(replica.controlEpoch()).isEqualTo("epoch-2");
    }

    @Test
    void chunk_withoutBeginOrWithAnotherNonce_outOfStep() {
        assertThat(replica.chunk(chunk(99, List.of()))).isInstanceOf(OutOfStep.class);
        replica.begin(catalogue.full(5));
        assertThat(replica.chunk(chunk(6, catalogue.all()))).isInstanceOf(OutOfStep.class);
    }

    @Test
    void commit_withoutBeginOrWithAnotherNonceOrTooFewChanges_outOfStep() {
        assertThat(replica.commit(commit(1))).isInstanceOf(OutOfStep.class);
        replica.begin(catalogue.full(5));
        assertThat(replica.commit(commit(6))).isInstanceOf(OutOfStep.class);
        assertThat(replica.commit(commit(5))).isInstanceOf(OutOfStep.class);
        assertHoldsTheCatalogue();
    }

    @Test
    void chunk_moreChangesThanAnnounced_outOfStep() {
        replica.begin(catalogue.full(5).toBuilder().setChangeCount(1).build());
        assertThat(replica.chunk(chunk(5, catalogue.all()))).isInstanceOf(OutOfStep.class);
    }

    @Test
    void begin_whileAnotherIsOpen_theOtherIsDropped() {
        List<Change> changes = catalogue.edit(List.of(consumer("acme", true)));
        replica.begin(catalogue.delta(5, 1, changes));
        replica.chunk(chunk(5, changes));
        assertThat(update(1, changes)).isInstanceOf(Applied.class);
        assertHoldsTheCatalogue();
    }

    @Test
    void begin_unknownEnforcingField_refusedAndUnknownCosmeticOneKept() {
        List<Change> changes = catalogue.edit(List.of(consumer("acme", true)));
        UpdateBegin known = catalogue.delta(5, 1, changes);
        assertThat(fold(known.toBuilder().setUnknownFields(field(99)).build(), changes))
                .isInstanceOf(Refused.class);
        assertThat(fold(known.toBuilder().setUnknownFields(field(1_500)).build(), changes))
                .isInstanceOf(Applied.class);
    }

    @Test
    void chunk_changeWithUnknownEnforcingField_refused() {
        Change change =
                consumer("acme", true).toBuilder().setUnknownFields(field(12)).build();
        catalogue.edit(List.of(consumer("acme", true)));
        assertThat(update(1, List.of(change))).isInstanceOf(Refused.class);
    }

    @Test
    void begin_moreChangesThanTheBound_refusedWithoutHoldingThem() {
        UpdateBegin begin = catalogue.full(5).toBuilder()
                .setChangeCount(SnapshotReplica.CHANGES_MAX + 1)
                .build();
        assertThat(replica.begin(begin)).isInstanceOf(Pending.class);
        replica.chunk(chunk(5, catalogue.all()));
        assertThat(replica.commit(commit(5))).isInstanceOf(OutOfStep.class);
        assertHoldsTheCatalogue();
    }

    private static List<Change> randomEdits(SplittableRandom random) {
        List<Change> edits = new ArrayList<>();
        for (int i = random.nextInt(4); i >= 0; i--) {
            int number = random.nextInt(8);
            edits.add(
                    switch (random.nextInt(5)) {
                        case 0 -> consumer("consumer-" + number, random.nextBoolean());
                        case 1 -> removed(ObjectKind.OBJECT_KIND_CONSUMER, "consumer-" + number);
                        case 2 -> route("route-" + number, "pets", "/" + random.nextInt(20));
                        case 3 -> removed(ObjectKind.OBJECT_KIND_ROUTE, "route-" + number);
                        default -> service("pets", 8_000 + random.nextInt(5));
                    });
        }
        return edits;
    }

    private void edit(Change... changes) {
        long from = catalogue.revision();
        assertThat(update(from, catalogue.edit(List.of(changes)))).isInstanceOf(Applied.class);
    }

    private ReplicaVerdict full() {
        return fold(catalogue.full(++nonce), catalogue.all());
    }

    private ReplicaVerdict update(long fromRevision, List<Change> changes) {
        return fold(catalogue.delta(++nonce, fromRevision, changes), changes);
    }

    /** Begin, one chunk per change, commit. */
    private ReplicaVerdict fold(UpdateBegin begin, List<Change> changes) {
        assertThat(replica.begin(begin)).isInstanceOf(Pending.class);
        for (Change change : changes) {
            assertThat(replica.chunk(chunk(begin.getNonce(), List.of(change)))).isInstanceOf(Pending.class);
        }
        return replica.commit(commit(begin.getNonce()));
    }

    private void assertHoldsTheCatalogue() {
        assertThat(replica.revision()).isEqualTo(catalogue.revision());
        assertThat(replica.digest()).isEqualTo(catalogue.digest());
        assertThat(replica.capture().changes()).isEqualTo(catalogue.all());
    }

    private static UpdateChunk chunk(long nonce, List<Change> changes) {
        return UpdateChunk.newBuilder().setNonce(nonce).addAllChanges(changes).build();
    }

    private static UpdateCommit commit(long nonce) {
        return UpdateCommit.newBuilder().setNonce(nonce).build();
    }

    private static UnknownFieldSet field(int number) {
        return UnknownFieldSet.newBuilder()
                .addField(
                        number, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
                .build();
    }
}
