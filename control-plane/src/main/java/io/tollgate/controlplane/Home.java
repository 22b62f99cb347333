package io.tollgate.controlplane;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Set;

/**
 * The directory of one control plane's own state, held by one process at a time. Main thread only.
 */
public final class Home implements AutoCloseable {
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");
    private static final int SECRET_BYTES = 32;

    private final Path directory;
    private final FileChannel lockFile;

    private Home(Path directory, FileChannel lockFile) {
        this.directory = directory;
        this.lockFile = lockFile;
    }

    /** Makes the directory where there is none, and holds it until {@link #close()}. */
    public static Home open(Path directory) throws StartRefused {
        FileChannel lockFile;
        try {
            Files.createDirectories(directory);
            lockFile = FileChannel.open(
                    directory.resolve("control-plane.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw notWritable(directory, e);
        }
        try {
            FileLock lock = lockFile.tryLock();
            if (lock != null) {
                return new Home(directory, lockFile);
            }
            lockFile.close();
        } catch (OverlappingFileLockException | IOException e) {
            throw notWritable(directory, e);
        }
        throw new StartRefused("another control plane runs in " + directory
                + " (stop it, or give this one its own directory in TOLLGATE_HOME)");
    }

    /** The secret in a file of this name, readable by its owner only; made of 256 random bits when there is none. */
    public String secret(String name) throws StartRefused {
        Path file = directory.resolve(name);
        try {
            if (Files.exists(file)) {
                String held = Files.readString(file, StandardCharsets.UTF_8).strip();
                if (held.isEmpty()) {
                    throw new StartRefused(file + ": empty (expected: a secret; delete the file to have one made)");
                }
                return held;
            }
            byte[] random = new byte[SECRET_BYTES];
            new SecureRandom().nextBytes(random);
            String made = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
            // Whole or not at all: a start that dies here leaves no half secret behind.
            Path temporary = directory.resolve(name + ".new");
            Files.deleteIfExists(temporary);
            createOwnerOnly(temporary);
            write(temporary, file, made);
            return made;
        } catch (IOException e) {
            throw notWritable(file, e);
        }
    }

    /** Whether there is a file of this name. */
    public boolean hasSecret(String name) {
        return Files.exists(directory.resolve(name));
    }

    /** Puts the secret of {@code next} in the place of that of {@code name}, which is kept as {@code kept}. */
    public void replaceSecret(String name, String next, String kept) throws StartRefused {
        Path file = directory.resolve(name);
        try {
            Path temporary = directory.resolve(kept + ".new");
            Files.deleteIfExists(temporary);
            createOwnerOnly(temporary);
            write(temporary, directory.resolve(kept), secret(name));
            Files.move(
                    directory.resolve(next), file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            forceDirectory();
        } catch (IOException e) {
            throw notWritable(file, e);
        }
    }

    /** On disk, whatever happens next: the database may hold what only this secret opens. */
    private void write(Path temporary, Path file, String secret) throws IOException {
        Files.writeString(
                temporary, secret + "\n", StandardCharsets.UTF_8, StandardOpenOption.WRITE, StandardOpenOption.SYNC);
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        forceDirectory();
    }

    private void forceDirectory() throws IOException {
        if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    /** The directory of this name inside, made when there is none. */
    public Path subdirectory(String name) throws StartRefused {
        Path made = directory.resolve(name);
        try {
            return Files.createDirectories(made);
        } catch (IOException e) {
            throw notWritable(made, e);
        }
    }

    public Path directory() {
        return directory;
    }

    @Override
    public void close() throws IOException {
        lockFile.close();
    }

    private static void createOwnerOnly(Path file) throws IOException {
        if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        } else {
            Files.createFile(file);
        }
    }

    private static StartRefused notWritable(Path path, Exception cause) {
        return new StartRefused("cannot write " + path + ": " + cause.getClass().getSimpleName()
                + " (expected: TOLLGATE_HOME names a directory that this user may write, with room on its disk)");
    }
}
