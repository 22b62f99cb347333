package io.tollgate.node.usage;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.tollgate.node.exchange.OutcomeClass;
import io.tollgate.node.exchange.UsageEntry;
import io.tollgate.proto.usage.v1.UsageBatch;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UsageJournalTest {
    @TempDir
    private Path directory;

    @Test
    void count_randomCallsOverManySegments_equalsPlainLedger() throws IOException {
        long seed = new SplittableRandom().nextLong();
        System.out.println("seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        JournalBounds bounds = Journals.bounds(Journals.SLOTS, 10_000);
        SegmentStore store = Journals.store(directory, 1, bounds);
        UsageJournal journal = new UsageJournal(store, bounds);
        Calls calls = new Calls(seed, 12);
        Map<Calls.Key, Calls.Sum> ledger = new HashMap<>();
        UsageEntry entry = new UsageEntry();
        for (int i = 0; i < 3_000; i++) {
            calls.next(entry);
            assertThat(journal.count(entry)).isTrue();
            Calls.add(ledger, Calls.key(entry), Calls.sum(entry));
            if (random.nextInt(40) == 0) {
                journal.tick();
            }
            store.prepareSpares();
        }
        List<UsageBatch> batches = Journals.recovered(directory);
        assertThat(batches).hasSizeGreaterThan(50);
        assertThat(batches).allSatisfy(batch -> assertThat(batch.getNodeId()).isEqualTo(Journals.NODE));
        assertThat(batches.stream().map(UsageBatch::getSequence).distinct()).hasSameSizeAs(batches);
        assertThat(Calls.ledger(batches)).isEqualTo(ledger);
    }

    @Test
    void count_sameKeyManyTimes_oneRow() throws IOException {
        JournalBounds bounds = Journals.bounds(Journals.SLOTS, 8);
        UsageJournal journal = new UsageJournal(Journals.store(directory, 1, bounds), bounds);
        UsageEntry entry = call(1);
        for (int i = 0; i < 1_001; i++) {
            journal.count(entry.moved(3, 5));
        }
        assertThat(Journals.recovered(directory)).singleElement().satisfies(batch -> {
            assertThat(batch.getRowsList()).hasSize(1);
            assertThat(batch.getRows(0).getRequests()).isEqualTo(1_001);
            assertThat(batch.getRows(0).getRequestBytes()).isEqualTo(3_003);
            assertThat(batch.getRows(0).getResponseBytes()).isEqualTo(5_005);
        });
    }

    @Test
    void count_journalFull_falseAndNothingLost() throws IOException {
        JournalBounds bounds = Journals.bounds(Journals.SLOTS, 4);
        SegmentStore store = Journals.store(directory, 1, bounds);
        UsageJournal journal = new UsageJournal(store, bounds);
        int counted = 0;
        while (journal.count(call(counted))) {
            counted++;
            store.prepareSpares();
        }
        assertThat(counted).isEqualTo(4 * Journals.SLOTS);
        assertThat(journal.count(call(counted - 1)))
                .as("a known key still fits")
                .isTrue();
        assertThat(requests(Journals.recovered(directory))).isEqualTo(counted + 1);
    }

    @Test
    void hasRoom_onlyReservedSlotsLeft_falseWhileCallsInFlightStillFit() throws IOException {
        JournalBounds bounds = Journals.bounds(Journals.SLOTS, 4);
        SegmentStore store = Journals.store(directory, 1, bounds);
        UsageJournal journal = new UsageJournal(store, bounds);
        int counted = 0;
        while (journal.hasRoom()) {
            assertThat(journal.count(call(counted))).isTrue();
            counted++;
            store.prepareSpares();
        }
        assertThat(journal.count(call(counted))).as("was admitted before").isTrue();
        journal.countUnmetered();
        journal.countUnmetered();
        assertThat(journal.unmeteredTotal()).isEqualTo(2);
        List<UsageBatch> batches = Journals.recovered(directory);
        assertThat(batches.stream().mapToLong(UsageBatch::getUnmeteredRequests).sum())
                .isEqualTo(2);
        assertThat(requests(batches)).isEqualTo(counted + 1);
    }

    @Test
    void hasRoom_segmentCountedAndRecycled_trueAgain() throws IOException {
        JournalBounds bounds = Journals.bounds(Journals.SLOTS, 4);
        SegmentStore store = Journals.store(directory, 1, bounds);
        UsageJournal journal = new UsageJournal(store, bounds);
        for (int i = 0; journal.hasRoom(); i++) {
            journal.count(call(i));
            store.prepareSpares();
        }
        Segment counted = store.nextHanded();
        assertThat(counted).isNotNull();
        counted.seal(1);
        SegmentName name = counted.name();
        store.recycle(counted);
        assertThat(journal.hasRoom()).isTrue();
        assertThat(Journals.recovered(directory)).noneMatch(batch -> batch.getSequence() == name.sequence());
    }

    @Test
    void countUnmetered_noSegmentAtAll_carriedIntoTheNext() throws IOException {
        JournalBounds bounds = Journals.bounds(Journals.SLOTS, 8);
        SegmentStore store = Journals.store(directory, 1, bounds);
        UsageJournal taken = new UsageJournal(store, bounds);
        UsageJournal second = new UsageJournal(store, bounds);
        UsageJournal empty = new UsageJournal(store, bounds);
        assertThat(taken.hasRoom() && second.hasRoom()).isTrue();
        assertThat(empty.hasRoom()).isFalse();
        assertThat(empty.count(call(1))).isFalse();
        empty.countUnmetered();
        store.prepareSpares();
        assertThat(empty.hasRoom()).isTrue();
        assertThat(Journals.recovered(directory))
                .singleElement()
                .satisfies(batch -> assertThat(batch.getUnmeteredRequests()).isEqualTo(1));
    }

    @Test
    void tick_muchWaitsAlready_segmentIsFilledFirst() throws IOException {
        JournalBounds bounds = Journals.bounds(Journals.SLOTS, 8);
        SegmentStore store = Journals.store(directory, 1, bounds);
        UsageJournal journal = new UsageJournal(store, bounds);
        journal.count(call(1));
        store.backlog(100);
        journal.tick();
        assertThat(store.nextHanded()).isNull();
        store.backlog(0);
        journal.tick();
        assertThat(store.nextHanded()).isNotNull();
        journal.tick();
        assertThat(store.nextHanded()).as("nothing was counted since").isNull();
    }

    @Test
    void count_warm_allocatesNothing() throws IOException {
        JournalBounds bounds = JournalBounds.of(1, 64 << 20);
        UsageJournal journal = new UsageJournal(Journals.store(directory, 1, bounds), bounds);
        UsageEntry entry = call(1);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().getId();
        long leastBytes = Long.MAX_VALUE;
        // The least of several rounds: the compiler and the bean itself allocate now and then, a count never.
        for (int round = 0; round < 20; round++) {
            long before = threads.getThreadAllocatedBytes(thread);
            for (int i = 0; i < 10_000; i++) {
                journal.hasRoom();
                journal.count(entry.consumer(1, i % 500));
            }
            leastBytes = Math.min(leastBytes, threads.getThreadAllocatedBytes(thread) - before);
        }
        assertThat(leastBytes).isLessThan(10_000);
    }

    private static UsageEntry call(int caller) {
        return new UsageEntry()
                .reset()
                .consumer(1, caller)
                .ended(OutcomeClass.SUCCESS, 29_000_000)
                .moved(1, 2);
    }

    private static long requests(List<UsageBatch> batches) {
        return batches.stream()
                .flatMap(batch -> batch.getRowsList().stream())
                .mapToLong(row -> row.getRequests())
                .sum();
    }
}
