package io.tollgate.node.sync;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.tollgate.engine.compile.CompiledConfiguration;
import io.tollgate.node.dial.Await;
import io.tollgate.node.dial.Backoff;
import io.tollgate.node.dial.ControlPlaneAddress;
import io.tollgate.node.dial.StreamDialer;
import io.tollgate.node.dial.StreamSecurity;
import io.tollgate.node.dial.TestPeer;
import io.tollgate.node.home.DiskKey;
import io.tollgate.proto.config.v1.Ack;
import io.tollgate.proto.config.v1.Change;
import io.tollgate.proto.config.v1.ControlHeartbeat;
import io.tollgate.proto.config.v1.GoodbyeReason;
import io.tollgate.proto.config.v1.Hello;
import io.tollgate.proto.config.v1.Nack;
import io.tollgate.proto.config.v1.NodeMessage.MessageCase;
import io.tollgate.proto.config.v1.ObjectKind;
import io.tollgate.proto.config.v1.Revoked;
import io.tollgate.proto.config.v1.UpdateChunk;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotWatchTest {
    private static final DiskKey KEY = DiskKey.parse("A".repeat(43) + "=");

    private static final NodeHello HELLO =
            new NodeHello("node-test", 17, "zone-a", "0.1", "127.0.0.1:1", "127.0.0.1:2");

    @TempDir
    private Path directory;

    private final Catalogue catalogue = new Catalogue();
    private final ControlPeer control = new ControlPeer();
    private final Vertx vertx = Vertx.vertx();
    private final List<CompiledConfiguration> published = new CopyOnWriteArrayList<>();
    private final AtomicLong nowMillis = new AtomicLong(1_800_000_000_000L);
    private final List<String> revoked = new CopyOnWriteArrayList<>();
    private volatile Runnable onServe = () -> {};
    private TestPeer peer;
    private SnapshotWatch watch;

    @BeforeEach
    void begin() throws IOException {
        peer = TestPeer.start(control);
        watch = watch(TestPeer.TOKEN, peer.addresses());
    }

    @AfterEach
    void end() throws Exception {
        watch.stop();
        peer.close();
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void start_emptyNode_helloThenFullThenAppliedThenDurable() throws Exception {
        watch.start();
        ControlPeer.Session session = control.nextSession();
        Hello hello = session.hello();
        assertThat(hello.getNodeId()).isEqualTo("node-test");
        assertThat(hello.getBootEpoch()).isEqualTo(17);
        assertThat(hello.getProtocolLevel()).isEqualTo(1);
        assertThat(hello.getCapabilitiesList()).contains("key-auth", "rate-limit", "identity-headers");
        assertThat(hello.getHeldRevision()).isZero();
        assertThat(hello.getHeldDigest()).isEmpty();
        assertThat(hello.getZone()).isEqualTo("zone-a");
        session.update(catalogue.full(1), catalogue.all());
        assertThat(session.ack()).isEqualTo(ack(1, 1, 0));
        assertThat(published).extracting(CompiledConfiguration::revision).containsExactly(1L);
        assertThat(session.ack()).isEqualTo(ack(1, 1, 1));
        assertThat(watch.figures().durableRevision()).isEqualTo(1);
        assertThat(watch.figures().peer()).isEqualTo("127.0.0.1:" + peer.port());
    }

    @Test
    void restore_afterRestartWithoutControlPlane_publishesTheDurableSnapshot() throws Exception {
        connected();
        watch.stop();
        peer.close();
        published.clear();
        watch = watch(TestPeer.TOKEN, peer.addresses());
        assertThat(watch.restore()).isTrue();
        assertThat(published)
                .singleElement()
                .satisfies(compiled -> assertThat(compiled.revision()).isEqualTo(1));
        peer = TestPeer.startOn(peer.port(), control);
        watch.start();
        Hello hello = control.nextSession().hello();
        assertThat(hello.getHeldRevision()).isEqualTo(1);
        assertThat(hello.getHeldDigest()).isEqualTo(catalogue.digest());
        assertThat(hello.getHeldControlEpoch()).isEqualTo(Catalogue.EPOCH);
    }

    @Test
    void stop_rightAfterAnUpdate_makesItDurable() throws Exception {
        ControlPeer.Session session = connected();
        // The second of two in a row waits for the interval between two writes.
        for (int revision = 2; revision <= 3; revision++) {
            List<Change> changes = catalogue.edit(List.of(Catalogue.consumer("consumer-" + revision, true)));
            session.update(catalogue.delta(revision, revision - 1, changes), changes);
        }
        Await.until("both are applied", () -> published.size() == 3);
        watch.stop();
        published.clear();
        watch = watch(TestPeer.TOKEN, peer.addresses());
        assertThat(watch.restore()).isTrue();
        assertThat(published)
                .singleElement()
                .satisfies(compiled -> assertThat(compiled.revision()).isEqualTo(3));
    }

    @Test
    void restore_noFile_false() throws IOException {
        assertThat(watch.restore()).isFalse();
        assertThat(published).isEmpty();
    }

    @Test
    void restore_fileWithOtherContentThanItsDigest_setAside() throws IOException {
        new SnapshotFile(directory.resolve("snapshot"), KEY)
                .write(new HeldSnapshot(1, ByteString.copyFrom(new byte[32]), Catalogue.EPOCH, 0, catalogue.all()));
        assertThat(watch.restore()).isFalse();
        assertThat(directory.resolve("snapshot.refused")).exists();
    }

    @Test
    void update_manyDeltasInARow_eachAppliedAndTheLastDurable() throws Exception {
        ControlPeer.Session session = connected();
        for (int i = 2; i <= 200; i++) {
            List<Change> changes = catalogue.edit(List.of(Catalogue.consumer("consumer-" + i % 10, i % 3 == 0)));
            session.update(catalogue.delta(i, i - 1, changes), changes);
        }
        Await.until("the last is durable", () -> watch.figures().durableRevision() == 200);
        assertThat(published).hasSize(200);
        Ack last = session.ack();
        while (last.getDurableRevision() < 200) {
            Ack next = session.ack();
            assertThat(next.getAppliedRevision()).isGreaterThanOrEqualTo(last.getAppliedRevision());
            last = next;
        }
        assertThat(last).isEqualTo(ack(200, 200, 200));
        SnapshotReplica reread = new SnapshotReplica(Catalogue.compiler());
        HeldSnapshot held = new SnapshotFile(directory.resolve("snapshot"), KEY).read();
        assertThat(held).isNotNull();
        assertThat(reread.restore(held)).isInstanceOf(ReplicaVerdict.Applied.class);
        assertThat(reread.digest()).isEqualTo(catalogue.digest());
    }

    @Test
    void update_refused_nackNamesTheObjectAndTheNextOneApplies() throws Exception {
        ControlPeer.Session session = connected();
        List<Change> bad = catalogue.edit(List.of(Catalogue.route("bad", "missing", "/")));
        session.update(catalogue.delta(2, 1, bad), bad);
        Nack nack = session.nack();
        assertThat(nack.getNonce()).isEqualTo(2);
        assertThat(nack.getRefusedRevision()).isEqualTo(2);
        assertThat(nack.getHeldRevision()).isEqualTo(1);
        assertThat(nack.getProblemsList()).anySatisfy(problem -> {
            assertThat(problem.getId()).isEqualTo(Catalogue.id("bad"));
            assertThat(problem.getKind()).isEqualTo(ObjectKind.OBJECT_KIND_ROUTE);
            assertThat(problem.getDetail()).isNotEmpty();
        });
        assertThat(watch.figures().updatesRefused()).isEqualTo(1);
        List<Change> good = List.of(Catalogue.removed(ObjectKind.OBJECT_KIND_ROUTE, "bad"));
        catalogue.edit(good);
        session.update(catalogue.delta(3, 1, good), good);
        assertThat(session.ack().getAppliedRevision()).isEqualTo(3);
    }

    @Test
    void stream_lost_dialledAgainWithWhatIsHeld() throws Exception {
        connected();
        peer.close();
        peer = TestPeer.startOn(peer.port(), control);
        Hello hello = control.nextSession().hello();
        assertThat(hello.getHeldRevision()).isEqualTo(1);
        assertThat(hello.getHeldDigest()).isEqualTo(catalogue.digest());
    }

    @Test
    void heartbeat_otherDigestOfTheSameRevision_everythingAskedFor() throws Exception {
        ControlPeer.Session session = connected();
        session.heartbeat(heartbeat(ByteString.copyFrom(new byte[32])));
        ControlPeer.Session next = control.nextSession();
        assertThat(next.hello().getHeldRevision()).isZero();
        next.update(catalogue.full(1), catalogue.all());
        assertThat(next.ack()).isEqualTo(ack(1, 1, 1));
    }

    @Test
    void heartbeat_fromNode_saysWhatIsHeld() throws Exception {
        ControlPeer.Session session = connected();
        session.heartbeat(heartbeat(catalogue.digest()));
        var message = session.heartbeat();
        assertThat(message.getMessageCase()).isEqualTo(MessageCase.HEARTBEAT);
        assertThat(message.getHeartbeat().getAppliedRevision()).isEqualTo(1);
        assertThat(message.getHeartbeat().getDurableRevision()).isEqualTo(1);
        assertThat(message.getHeartbeat().getDigest()).isEqualTo(catalogue.digest());
        assertThat(message.getHeartbeat().getControlEpoch()).isEqualTo(Catalogue.EPOCH);
    }

    @Test
    void silence_ofThreeBeats_dialledAgain() throws Exception {
        connected();
        nowMillis.addAndGet(SnapshotWatch.SILENCE_MILLIS_MAX + 1);
        assertThat(control.nextSession().hello().getHeldRevision()).isEqualTo(1);
    }

    @Test
    void chunk_outsideAnUpdate_dialledAgain() throws Exception {
        connected().chunk(UpdateChunk.newBuilder().setNonce(9).build());
        assertThat(control.nextSession().hello().getHeldRevision()).isEqualTo(1);
    }

    @Test
    void goodbye_stopping_theOtherControlPlaneIsDialled() throws Exception {
        ControlPeer other = new ControlPeer();
        try (TestPeer second = TestPeer.start(other)) {
            watch = watch(
                    TestPeer.TOKEN,
                    List.of(peer.addresses().get(0), second.addresses().get(0)));
            watch.start();
            ControlPeer.Session session = control.nextSession();
            session.hello();
            session.goodbye(GoodbyeReason.GOODBYE_REASON_STOPPING);
            assertThat(other.nextSession().hello().getNodeId()).isEqualTo("node-test");
            watch.stop();
        }
    }

    @Test
    void token_wrong_notReadyAndTriedAgain() throws Exception {
        watch = watch("another", peer.addresses());
        watch.start();
        Await.until(
                "the stream was refused",
                () -> watch.figures().heardAtMillis() > 0 && watch.figures().peer() == null);
        assertThat(published).isEmpty();
    }

    private ControlPeer.Session connected() throws InterruptedException {
        watch.start();
        ControlPeer.Session session = control.nextSession();
        session.hello();
        session.update(catalogue.full(1), catalogue.all());
        assertThat(session.ack().getDurableRevision()).isZero();
        assertThat(session.ack().getDurableRevision()).isEqualTo(1);
        return session;
    }

    /** What is taken back must not wait until what came before is compiled and served. */
    @Test
    void revoked_whileAnUpdateIsWorkedOn_isServedAtOnce() throws Exception {
        ControlPeer.Session session = connected();
        CountDownLatch working = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        onServe = () -> {
            working.countDown();
            try {
                assertThat(mayEnd.await(20, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        };
        List<Change> changes = catalogue.edit(List.of(Catalogue.consumer("consumer-9", true)));
        session.update(catalogue.delta(2, 1, changes), changes);
        assertThat(working.await(20, TimeUnit.SECONDS)).isTrue();
        for (int beat = 0; beat < 5; beat++) {
            session.heartbeat(heartbeat(catalogue.digest()));
        }
        session.revoked(Revoked.newBuilder()
                .setRevision(3)
                .addCredentialIds(Catalogue.id("key"))
                .addConsumerIds(Catalogue.id("acme"))
                .build());
        Await.until("it is taken back", () -> !revoked.isEmpty());
        assertThat(revoked).containsExactly("3 " + Catalogue.id("key") + " " + Catalogue.id("acme"));
        assertThat(published).hasSize(1);
        mayEnd.countDown();
        assertThat(session.ack().getAppliedRevision()).isEqualTo(2);
    }

    private SnapshotWatch watch(String token, List<ControlPlaneAddress> addresses) {
        return new SnapshotWatch(
                () -> HELLO,
                new StreamDialer(vertx, addresses, StreamSecurity.plainText(token)),
                new Backoff(new SplittableRandom(3)),
                new SnapshotReplica(Catalogue.compiler()),
                new SnapshotFile(directory.resolve("snapshot"), KEY),
                new Serving() {
                    @Override
                    public void serve(CompiledConfiguration configuration) {
                        onServe.run();
                        published.add(configuration);
                    }

                    @Override
                    public void revoke(long revision, List<UUID> ids) {
                        revoked.add(revision + " "
                                + ids.stream().map(UUID::toString).collect(Collectors.joining(" ")));
                    }
                },
                () -> Instant.ofEpochMilli(nowMillis.get()));
    }

    private Ack ack(long nonce, long applied, long durable) {
        return Ack.newBuilder()
                .setNonce(nonce)
                .setAppliedRevision(applied)
                .setDurableRevision(durable)
                .setDigest(catalogue.digest())
                .build();
    }

    private ControlHeartbeat heartbeat(ByteString digest) {
        return ControlHeartbeat.newBuilder()
                .setRevision(catalogue.revision())
                .setDigest(digest)
                .setControlEpoch(Catalogue.EPOCH)
                .build();
    }
}
