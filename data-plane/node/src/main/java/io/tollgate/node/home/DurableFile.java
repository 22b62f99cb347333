package io.tollgate.node.home;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Files that are replaced whole or not at all, also when the power fails: written beside, forced, renamed, and the
 * directory forced. Stateless; blocks on the disk.
 */
public final class DurableFile {
    private static final Set<OpenOption> OPEN =
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);

    private DurableFile() {}

    /** Writes the content of a file through a channel that is forced afterwards. */
    @FunctionalInterface
    public interface Content {
        void writeTo(FileChannel channel) throws IOException;
    }

    /** Replaces {@code target} by these bytes. */
    public static void replace(Path target, byte[] bytes) throws IOException {
        replace(target, channel -> writeAll(channel, ByteBuffer.wrap(bytes)));
    }

    /** Replaces {@code target} by what {@code content} writes; the old file stays when that fails. */
    public static void replace(Path target, Content content) throws IOException {
        Path beside = target.resolveSibling(target.getFileName() + ".new");
        try (FileChannel channel = FileChannel.open(beside, OPEN, ownerOnly(beside))) {
            content.writeTo(channel);
            channel.force(true);
        } catch (IOException | RuntimeException failure) {
            deleteAfter(failure, beside);
            throw failure;
        }
        rename(beside, target);
    }

    /** Renames within one directory, over what is there, and forces the directory. */
    public static void rename(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        forceDirectory(to);
    }

    /** Writes the whole buffer; a channel may take less than it is given. */
    public static void writeAll(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** Makes names in the directory of {@code file} durable, where the platform can open a directory at all. */
    public static void forceDirectory(Path file) throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        if (directory == null || directory.getFileSystem().getSeparator().equals("\\")) {
            return; // Windows cannot open a directory; its renames are journalled by the file system.
        }
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** A snapshot holds the secret of the key digests: nobody else may read what lies in a home. */
    private static FileAttribute<?>[] ownerOnly(Path file) {
        if (!file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            return new FileAttribute<?>[0];
        }
        return new FileAttribute<?>[] {
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        };
    }

    private static void deleteAfter(Exception failure, Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException second) {
            failure.addSuppressed(second);
        }
    }
}
