package io.tollgate.node.accesslog;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A file that is rotated by its size: {@code access.log} becomes {@code access.log.1}, and that {@code access.log.2}, up to the
 * number that is kept. When somebody else renames or deletes the file, as logrotate does, it is made anew at the next flush.
 */
final class FileSink implements LineSink {
    private static final int BUFFER_BYTES = 64 * 1024;

    private final Path path;
    private final long bytesMax;
    private final int filesMax;
    private @Nullable OutputStream raw;
    private @Nullable OutputStream out;
    private @Nullable Object key;
    private long bytes;

    /**
     * Opens the file, which may exist.
     *
     * @param bytesMax size that it does not exceed, unless one line does; 0: it is never rotated
     * @param filesMax rotated files that are kept beside it
     */
    FileSink(Path path, long bytesMax, int filesMax) throws IOException {
        this.path = path;
        this.bytesMax = bytesMax;
        this.filesMax = filesMax;
        open();
    }

    @Override
    public void write(byte[] line) throws IOException {
        if (bytesMax > 0 && bytes > 0 && bytes + line.length > bytesMax) {
            rotate();
        }
        try {
            OutputStream to = out;
            if (to == null) {
                to = open();
            }
            to.write(line);
            bytes += line.length;
        } catch (IOException e) {
            discard();
            throw e;
        }
    }

    @Override
    public void flush() throws IOException {
        OutputStream to = out;
        if (to != null) {
            try {
                to.flush();
            } catch (IOException e) {
                discard();
                throw e;
            }
        }
        if (to == null || !Objects.equals(key, keyOnDisk())) {
            shut();
            open();
        }
    }

    @Override
    public void reopen() throws IOException {
        shut();
        open();
    }

    @Override
    public void close() throws IOException {
        shut();
    }

    private void rotate() throws IOException {
        shut();
        for (int number = filesMax - 1; number >= 0; number--) {
            Path from = number == 0 ? path : numbered(number);
            if (Files.exists(from)) {
                Files.move(from, numbered(number + 1), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        Files.deleteIfExists(path);
        open();
    }

    private Path numbered(int number) {
        return path.resolveSibling(path.getFileName() + "." + number);
    }

    private OutputStream open() throws IOException {
        OutputStream file = Files.newOutputStream(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        OutputStream opened = new BufferedOutputStream(file, BUFFER_BYTES);
        raw = file;
        out = opened;
        bytes = Files.size(path);
        key = keyOnDisk();
        return opened;
    }

    private void shut() throws IOException {
        OutputStream to = out;
        out = null;
        raw = null;
        if (to != null) {
            to.close();
        }
    }

    /** Gives up what is held back: it could not be written, and would be written late beside newer lines. */
    private void discard() throws IOException {
        OutputStream file = raw;
        out = null;
        raw = null;
        if (file != null) {
            file.close();
        }
    }

    /** What tells the file from another of the same name; null where the platform does not say, and when there is none. */
    private @Nullable Object keyOnDisk() throws IOException {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        } catch (NoSuchFileException e) {
            return null;
        }
    }
}
