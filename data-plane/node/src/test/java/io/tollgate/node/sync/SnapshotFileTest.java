package io.tollgate.node.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.node.home.DiskKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotFileTest {
    private static final DiskKey KEY = DiskKey.parse("A".repeat(43) + "=");

    @TempDir
    private Path directory;

    private final HeldSnapshot snapshot = snapshot();
    private Path path = Path.of("");
    private SnapshotFile file = new SnapshotFile(path, KEY);

    @BeforeEach
    void place() {
        path = directory.resolve("snapshot");
        file = new SnapshotFile(path, KEY);
    }

    @Test
    void read_noFile_null() throws IOException {
        assertThat(file.read()).isNull();
    }

    @Test
    void read_whatWasWritten_same() throws IOException {
        file.write(snapshot);
        file.write(snapshot);
        assertThat(file.read()).isEqualTo(snapshot);
        assertThat(directory).isDirectoryNotContaining("glob:**.new");
    }

    @Test
    void read_torn_setAsideAndNull() throws IOException {
        file.write(snapshot);
        byte[] whole = Files.readAllBytes(path);
        for (int bytes = 0; bytes < whole.length; bytes += 7) {
            Files.write(path, Arrays.copyOf(whole, bytes));
            assertThat(file.read()).as("%d bytes", bytes).isNull();
            assertThat(path).doesNotExist();
            assertThat(directory.resolve("snapshot.refused")).exists();
        }
    }

    @Test
    void read_oneByteChanged_setAsideAndNull() throws IOException {
        long seed = new SplittableRandom().nextLong();
        System.out.println("seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        file.write(snapshot);
        byte[] whole = Files.readAllBytes(path);
        for (int i = 0; i < 200; i++) {
            byte[] damaged = whole.clone();
            int at = random.nextInt(whole.length);
            damaged[at] ^= (byte) (1 << random.nextInt(8));
            Files.write(path, damaged);
            assertThat(file.read()).as("byte %d", at).isNull();
        }
    }

    @Test
    void read_otherKey_setAsideAndNull() throws IOException {
        file.write(snapshot);
        DiskKey other = DiskKey.parse("B".repeat(42) + "A=");
        assertThat(new SnapshotFile(path, other).read()).isNull();
        assertThat(path).doesNotExist();
    }

    @Test
    void write_snapshot_showsNothingOfIt() throws IOException {
        file.write(snapshot);
        String written = Files.readString(path, StandardCharsets.ISO_8859_1);
        assertThat(snapshot.changes()).isNotEmpty();
        assertThat(snapshot.changes()).noneMatch(change -> written.contains(change.getId()));
        assertThat(written).doesNotContain(Catalogue.EPOCH);
    }

    private static HeldSnapshot snapshot() {
        Catalogue catalogue = new Catalogue();
        return new HeldSnapshot(
                catalogue.revision(), catalogue.digest(), Catalogue.EPOCH, 1_800_000_000_000L, catalogue.all());
    }
}
