package io.tollgate.node.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tollgate.node.exchange.OutcomeClass;
import io.tollgate.node.exchange.UsageEntry;
import io.tollgate.proto.usage.v1.UsageBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SegmentStoreTest {
    private static final JournalBounds BOUNDS = Journals.bounds(Journals.SLOTS, 16);

    @TempDir
    private Path directory;

    private Path sealed;

    @BeforeEach
    void oneSealedSegment() throws IOException {
        SegmentStore store = Journals.store(directory, 1, BOUNDS);
        UsageJournal journal = new UsageJournal(store, BOUNDS);
        journal.count(new UsageEntry()
                .reset()
                .consumer(1, 2)
                .ended(OutcomeClass.SUCCESS, 29_000_000)
                .moved(3, 4));
        journal.seal();
        Segment segment = store.nextHanded();
        assertThat(segment).isNotNull();
        segment.seal(42);
        sealed = segment.file();
    }

    @Test
    void open_sealedAndEmptySegments_sealedOneFoundEmptyOnesGone() throws IOException {
        assertThat(Journals.recovered(directory)).singleElement().satisfies(batch -> {
            assertThat(batch.getBootEpoch()).isEqualTo(1);
            assertThat(batch.getSequence()).isEqualTo(1);
            assertThat(batch.getSealedAtMillis()).isEqualTo(42);
            assertThat(batch.getRowsList()).hasSize(1);
        });
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files.filter(file -> file.getFileName().toString().startsWith("000000000001-")))
                    .containsExactly(sealed);
        }
    }

    @Test
    void open_sealedSegmentTwice_sameBatchBytes() throws IOException {
        List<UsageBatch> first = Journals.recovered(directory);
        List<UsageBatch> second = Journals.recovered(directory);
        assertThat(second).isEqualTo(first);
        assertThat(second.get(0).toByteArray()).isEqualTo(first.get(0).toByteArray());
    }

    @ParameterizedTest
    @CsvSource({
        "0, 1, magic",
        "8, 9, format version",
        "16, 100000, slots",
        "16, 8, size",
        "24, 77, epoch",
        "32, 77, sequence",
        "40, 5, unmetered",
        "56, 7, state",
        "96, 3, node id",
        "4168, 5, requests",
        "4096, 99, consumer"
    })
    void open_corruptNumber_setAsideAndKept(long at, long value, String what) throws IOException {
        poke(at, value);
        assertThat(Journals.recovered(directory)).as(what).isEmpty();
        assertThat(sealed).doesNotExist();
        assertThat(sealed.resolveSibling(sealed.getFileName() + ".refused")).exists();
    }

    @ParameterizedTest
    @CsvSource({"0", "100", "4096", "5000"})
    void open_tornFile_setAsideAndKept(long bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(sealed, StandardOpenOption.WRITE)) {
            channel.truncate(bytes);
        }
        assertThat(Journals.recovered(directory)).isEmpty();
        assertThat(sealed.resolveSibling(sealed.getFileName() + ".refused")).exists();
    }

    @Test
    void open_foreignNode_setAside() throws IOException {
        SegmentStore store = SegmentStore.open(directory, "another-node", 2, BOUNDS);
        assertThat(store.drainRecovered()).isEmpty();
        assertThat(sealed.resolveSibling(sealed.getFileName() + ".refused")).exists();
    }

    @Test
    void open_abandonedSpare_deleted() throws IOException {
        Path spare = Files.write(directory.resolve("000000000001-000000000099.spare"), new byte[10]);
        Journals.store(directory, 2, BOUNDS);
        assertThat(spare).doesNotExist();
    }

    @Test
    void recycle_usedSegment_comesBackEmptyUnderANewName() throws IOException {
        SegmentStore store = Journals.store(directory, 2, BOUNDS);
        Segment segment = store.drainRecovered().get(0);
        assertThat(store.take()).isNotNull();
        store.recycle(segment);
        assertThat(sealed).doesNotExist();
        assertThat(segment.isEmpty()).isTrue();
        assertThat(segment.isSealed()).isFalse();
        assertThat(segment.name().bootEpoch()).isEqualTo(2);
        assertThat(segment.file()).hasFileName(segment.name().fileName());
    }

    @Test
    void prepareSpares_diskTakesNoFile_noneUntilItDoesAgain() throws IOException {
        Path gone = Files.createDirectory(directory.resolve("gone"));
        SegmentStore store = Journals.store(gone, 1, BOUNDS);
        assertThat(store.take()).isNotNull();
        assertThat(store.take()).isNotNull();
        Path hidden = Files.move(gone, directory.resolve("hidden"));
        store.prepareSpares();
        assertThat(store.take()).isNull();
        Files.move(hidden, gone);
        store.prepareSpares();
        assertThat(store.take()).isNotNull();
    }

    @Test
    void bounds_lessThanTwoSegmentsEach_refused() {
        assertThatThrownBy(() -> Journals.bounds(Journals.SLOTS, 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected: at least");
    }

    private void poke(long at, long value) throws IOException {
        try (FileChannel channel = FileChannel.open(sealed, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
            channel.write(bytes.putLong(value).flip(), at);
        }
    }
}
