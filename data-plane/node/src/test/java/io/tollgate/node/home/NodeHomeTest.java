package io.tollgate.node.home;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeHomeTest {
    private static final long NOW_SECONDS = 1_800_000_000L;

    @TempDir
    private Path directory;

    @Test
    void open_emptyDirectory_randomIdAndEpochOfTheClock() throws Exception {
        try (NodeHome home = open(directory.resolve("new/home"), null, NOW_SECONDS)) {
            assertThat(home.nodeId()).matches("node-[a-z0-9]{8}");
            assertThat(home.bootEpoch()).isEqualTo(NOW_SECONDS);
            assertThat(home.journalDirectory()).isDirectory();
        }
    }

    @Test
    void open_again_sameIdAndHigherEpochWhateverTheClockSays() throws Exception {
        String nodeId;
        try (NodeHome home = open(directory, null, NOW_SECONDS)) {
            nodeId = home.nodeId();
        }
        try (NodeHome home = open(directory, null, NOW_SECONDS - 1_000)) {
            assertThat(home.nodeId()).isEqualTo(nodeId);
            assertThat(home.bootEpoch()).isEqualTo(NOW_SECONDS + 1);
        }
        try (NodeHome home = open(directory, nodeId, NOW_SECONDS + 50)) {
            assertThat(home.bootEpoch()).isEqualTo(NOW_SECONDS + 50);
        }
    }

    @Test
    void open_whileOpen_refused() throws Exception {
        try (NodeHome home = open(directory, "one", NOW_SECONDS)) {
            assertThat(home.nodeId()).isEqualTo("one");
            assertThatThrownBy(() -> open(directory, "one", NOW_SECONDS))
                    .isInstanceOf(HomeException.class)
                    .hasMessageContaining("another node already runs");
        }
    }

    @Test
    void open_otherIdThanKept_refused() throws Exception {
        open(directory, "one", NOW_SECONDS).close();
        assertThatThrownBy(() -> open(directory, "two", NOW_SECONDS))
                .isInstanceOf(HomeException.class)
                .hasMessageContaining("node id \"two\" (expected: \"one\"");
    }

    @Test
    void open_badId_refused() {
        assertThatThrownBy(() -> open(directory, "Node 1", NOW_SECONDS))
                .isInstanceOf(HomeException.class)
                .hasMessageContaining("expected: 1 to 63 characters");
    }

    @Test
    void open_damagedFiles_refusedAndLockGivenBack() throws Exception {
        Files.writeString(directory.resolve("epoch"), "many");
        assertThatThrownBy(() -> open(directory, null, NOW_SECONDS))
                .isInstanceOf(HomeException.class)
                .hasMessageContaining("holds no number");
        Files.delete(directory.resolve("epoch"));
        Files.writeString(directory.resolve("node-id"), "??");
        assertThatThrownBy(() -> open(directory, null, NOW_SECONDS))
                .isInstanceOf(HomeException.class)
                .hasMessageContaining("holds no node id");
        Files.delete(directory.resolve("node-id"));
        open(directory, null, NOW_SECONDS).close();
    }

    @Test
    void open_homeIsAFile_refusedInOneLine() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "");
        assertThatThrownBy(() -> open(file, null, NOW_SECONDS))
                .isInstanceOf(HomeException.class)
                .hasMessageContaining("cannot be written")
                .hasMessageNotContaining("\n");
    }

    private static NodeHome open(Path directory, @Nullable String nodeId, long nowSeconds) throws HomeException {
        return NodeHome.open(directory, nodeId, nowSeconds, new SplittableRandom(7));
    }
}
