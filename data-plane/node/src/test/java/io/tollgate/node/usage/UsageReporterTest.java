package io.tollgate.node.usage;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.node.dial.Await;
import io.tollgate.node.dial.Backoff;
import io.tollgate.node.dial.ControlPlaneAddress;
import io.tollgate.node.dial.StreamDialer;
import io.tollgate.node.dial.StreamSecurity;
import io.tollgate.node.dial.TestCertificate;
import io.tollgate.node.dial.TestPeer;
import io.tollgate.node.exchange.UsageEntry;
import io.tollgate.proto.usage.v1.UsageBatch;
import io.tollgate.proto.usage.v1.UsageVerdict;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UsageReporterTest {
    private static final JournalBounds BOUNDS = Journals.bounds(Journals.SLOTS, 500);
    private static final long DRAIN_MILLIS = 15_000;

    @TempDir
    private Path directory;

    @TempDir
    private Path home;

    private final LedgerPeer ledger = new LedgerPeer();
    private final Vertx vertx = Vertx.vertx();
    private final Map<Calls.Key, Calls.Sum> expected = new HashMap<>();
    private Calls calls = new Calls(0, 5);
    private TestPeer peer;
    private SegmentStore store;
    private UsageJournal journal;
    private UsageReporter reporter;

    @BeforeEach
    void begin() throws IOException {
        long seed = new SplittableRandom().nextLong();
        System.out.println("seed " + seed);
        calls = new Calls(seed, 5);
        peer = TestPeer.start(ledger);
        wire(1, StreamSecurity.plainText(TestPeer.TOKEN), peer.addresses());
    }

    @AfterEach
    void end() throws Exception {
        reporter.drain(0);
        peer.close();
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void pump_manySegments_allCountedOnceAndFilesGone() throws Exception {
        reporter.start();
        count(2_000, 20);
        assertThat(reporter.drain(DRAIN_MILLIS)).isZero();
        assertThat(Calls.ledger(ledger.counted())).isEqualTo(expected);
        assertThat(Journals.recovered(directory)).isEmpty();
        assertThat(reporter.figures().segmentsWaiting()).isZero();
        assertThat(reporter.figures().batchesCounted())
                .isEqualTo(ledger.counted().size());
    }

    @Test
    void pump_peerComesAndGoes_sameBytesUntilCountedAndCountedOnce() throws Exception {
        int port = peer.port();
        // Counts, but the receipt of the first batches is lost with the connection.
        ledger.answer(batch -> null);
        reporter.start();
        count(300, 10);
        Await.until("batches arrive", () -> ledger.seen().size() >= UsageReporter.BATCHES_IN_FLIGHT_MAX);
        peer.close();
        count(300, 10);
        ledger.answer(batch -> UsageVerdict.USAGE_VERDICT_COUNTED);
        peer = TestPeer.startOn(port, ledger);
        assertThat(reporter.drain(DRAIN_MILLIS)).isZero();
        assertThat(Calls.ledger(ledger.counted())).isEqualTo(expected);
        assertRepeatsAreIdentical();
        assertThat(ledger.seen().size()).isGreaterThan(ledger.counted().size());
    }

    @Test
    void pump_retry_sentAgainUntilCounted() throws Exception {
        Map<Long, Integer> tries = new HashMap<>();
        ledger.answer(batch -> tries.merge(batch.getSequence(), 1, Integer::sum) < 3
                ? UsageVerdict.USAGE_VERDICT_RETRY
                : UsageVerdict.USAGE_VERDICT_COUNTED);
        reporter.start();
        count(50, 25);
        assertThat(reporter.drain(DRAIN_MILLIS)).isZero();
        assertThat(Calls.ledger(ledger.counted())).isEqualTo(expected);
        assertRepeatsAreIdentical();
    }

    @Test
    void pump_refused_setAsideNotSentAgain() throws Exception {
        ledger.answer(batch -> UsageVerdict.USAGE_VERDICT_REFUSED);
        reporter.start();
        count(5, 100);
        assertThat(reporter.drain(DRAIN_MILLIS)).isZero();
        assertThat(ledger.seen()).hasSize(1);
        assertThat(reporter.figures().batchesRefused()).isEqualTo(1);
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files.filter(file -> file.toString().endsWith(".segment.refused")))
                    .hasSize(1);
        }
    }

    @Test
    void drain_peerAway_segmentsStayAndNextStartSendsThem() throws Exception {
        int port = peer.port();
        peer.close();
        reporter.start();
        count(200, 20);
        int left = reporter.drain(200);
        assertThat(left).isPositive();
        peer = TestPeer.startOn(port, ledger);
        wire(2, StreamSecurity.plainText(TestPeer.TOKEN), peer.addresses());
        reporter.start();
        count(100, 20);
        assertThat(reporter.drain(DRAIN_MILLIS)).isZero();
        assertThat(Calls.ledger(ledger.counted())).isEqualTo(expected);
        assertThat(ledger.counted().stream().map(UsageBatch::getBootEpoch).distinct())
                .containsExactlyInAnyOrder(1L, 2L);
    }

    @Test
    void pump_wrongToken_nothingLeavesAndNothingIsLost() throws Exception {
        wire(2, StreamSecurity.plainText("another token"), peer.addresses());
        reporter.start();
        count(20, 50);
        assertThat(reporter.drain(500)).isPositive();
        assertThat(ledger.seen()).isEmpty();
        assertThat(Calls.ledger(Journals.recovered(directory))).isEqualTo(expected);
    }

    @Test
    void pump_firstAddressDead_secondIsDialled() throws Exception {
        wire(
                2,
                StreamSecurity.plainText(TestPeer.TOKEN),
                List.of(
                        new ControlPlaneAddress("127.0.0.1", deadPort()),
                        peer.addresses().get(0)));
        reporter.start();
        count(20, 50);
        assertThat(reporter.drain(DRAIN_MILLIS)).isZero();
        assertThat(Calls.ledger(ledger.counted())).isEqualTo(expected);
    }

    @Test
    void pump_overTlsWithClientCertificate_counted() throws Exception {
        TestCertificate control = TestCertificate.create(home, "control");
        TestCertificate node = TestCertificate.create(home, "node");
        peer.close();
        peer = TestPeer.startEncrypted(control, node, ledger);
        wire(2, new StreamSecurity(TestPeer.TOKEN, control.certificate(), node.certificate(), node.key()));
        reporter.start();
        count(20, 50);
        assertThat(reporter.drain(DRAIN_MILLIS)).isZero();
        assertThat(Calls.ledger(ledger.counted())).isEqualTo(expected);
    }

    @Test
    void pump_peerWithAnotherCertificate_nothingLeaves() throws Exception {
        TestCertificate control = TestCertificate.create(home, "control");
        TestCertificate node = TestCertificate.create(home, "node");
        peer.close();
        peer = TestPeer.startEncrypted(control, node, ledger);
        wire(2, new StreamSecurity(TestPeer.TOKEN, node.certificate(), node.certificate(), node.key()));
        reporter.start();
        count(20, 50);
        assertThat(reporter.drain(1_000)).isPositive();
        assertThat(ledger.seen()).isEmpty();
    }

    private void wire(long epoch, StreamSecurity security) throws IOException {
        wire(epoch, security, peer.addresses());
    }

    private void count(int count, int tickEach) {
        UsageEntry entry = new UsageEntry();
        for (int i = 1; i <= count; i++) {
            calls.next(entry);
            Await.until("the journal has room", () -> journal.count(entry));
            Calls.add(expected, Calls.key(entry), Calls.sum(entry));
            if (i % tickEach == 0) {
                journal.tick();
            }
        }
        journal.seal();
    }

    private void wire(long epoch, StreamSecurity security, List<ControlPlaneAddress> addresses) throws IOException {
        store = Journals.store(directory, epoch, BOUNDS);
        journal = new UsageJournal(store, BOUNDS);
        reporter = new UsageReporter(
                store,
                List.of(journal),
                new StreamDialer(vertx, addresses, security),
                new Backoff(new SplittableRandom(epoch)),
                InstantSource.system());
    }

    private void assertRepeatsAreIdentical() {
        Map<Long, UsageBatch> first = new HashMap<>();
        for (UsageBatch batch : ledger.seen()) {
            UsageBatch before = first.putIfAbsent(batch.getSequence(), batch);
            assertThat(before == null || before.equals(batch))
                    .as("batch %d repeated with the same bytes", batch.getSequence())
                    .isTrue();
        }
    }

    private static int deadPort() throws IOException {
        TestPeer gone = TestPeer.start(new LedgerPeer());
        gone.close();
        return gone.port();
    }
}
