package io.tollgate.node.home;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DurableFileTest {
    @TempDir
    private Path directory;

    @Test
    void replace_writerFails_oldContentStaysAndNothingBeside() throws IOException {
        Path file = directory.resolve("file");
        DurableFile.replace(file, new byte[] {1, 2});
        assertThatThrownBy(() -> DurableFile.replace(file, channel -> {
                    channel.write(ByteBuffer.wrap(new byte[] {3}));
                    throw new IOException("disk full");
                }))
                .hasMessage("disk full");
        assertThat(file).hasBinaryContent(new byte[] {1, 2});
        assertThat(directory).isDirectoryNotContaining("glob:**.new");
    }

    @Test
    void replace_onPosix_readableByTheOwnerOnly() throws IOException {
        Path file = directory.resolve("file");
        DurableFile.replace(file, new byte[] {1});
        if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
        }
    }
}
