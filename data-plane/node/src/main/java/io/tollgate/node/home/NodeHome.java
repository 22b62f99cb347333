package io.tollgate.node.home;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A node's own directory, held by one process at a time: its stable id, the number of this start, its snapshot and its
 * usage journal. Opened once at start; afterwards immutable and shared.
 *
 * <p>The boot epoch only rises: it is the larger of the last one plus one and the seconds since 1970. A wiped disk thus
 * still yields a new one, and no (node, epoch, sequence) of the meter is ever given twice.
 */
public final class NodeHome implements Closeable {
    private static final Pattern NODE_ID = Pattern.compile("[a-z0-9-]{1,63}");
    private static final String ID_ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789";
    private static final int RANDOM_CHARACTERS = 8;

    private final Path directory;
    private final FileChannel lockChannel;
    private final String nodeId;
    private final long bootEpoch;

    private NodeHome(Path directory, FileChannel lockChannel, String nodeId, long bootEpoch) {
        this.directory = directory;
        this.lockChannel = lockChannel;
        this.nodeId = nodeId;
        this.bootEpoch = bootEpoch;
    }

    /**
     * Creates the directory where it is missing, locks it, and gives this start its epoch durably.
     *
     * @param givenNodeId the id that the operator chose, or null for the kept or a random one
     * @param nowEpochSeconds seconds since the Unix epoch
     */
    public static NodeHome open(
            Path directory, @Nullable String givenNodeId, long nowEpochSeconds, RandomGenerator random)
            throws HomeException {
        try {
            Files.createDirectories(directory.resolve("journal"));
            FileChannel lockChannel = lock(directory);
            try {
                String nodeId = nodeId(directory.resolve("node-id"), givenNodeId, random);
                return new NodeHome(
                        directory, lockChannel, nodeId, nextEpoch(directory.resolve("epoch"), nowEpochSeconds));
            } catch (IOException | HomeException failure) {
                lockChannel.close();
                throw failure;
            }
        } catch (IOException failure) {
            throw new HomeException(
                    "the home " + directory + " cannot be written: " + reason(failure)
                            + " (set TOLLGATE_HOME to a directory that this user may write)",
                    failure);
        }
    }

    /** Stable name of the node. */
    public String nodeId() {
        return nodeId;
    }

    /** Number of this start; larger than that of any start before. */
    public long bootEpoch() {
        return bootEpoch;
    }

    /** Where the durable snapshot lies. */
    public Path snapshotPath() {
        return directory.resolve("snapshot");
    }

    /** Where a node with this home keeps its certificate and what belongs to it. */
    public static Path membershipPath(Path directory) {
        return directory.resolve("membership");
    }

    /** Where this node keeps its certificate and what belongs to it. */
    public Path membershipPath() {
        return membershipPath(directory);
    }

    /** The key that seals the snapshot and the membership, kept beside them for nodes that are given none; made where there is none. */
    public DiskKey diskKey(SecureRandom random) throws HomeException {
        Path file = directory.resolve("disk-key");
        try {
            return DiskKey.keep(file, random);
        } catch (IOException failure) {
            throw new HomeException("the file " + file + " cannot be read or written: " + reason(failure), failure);
        }
    }

    /** Where keys of issuers are kept, a file each; may not exist yet. */
    public Path issuerKeysDirectory() {
        return directory.resolve("issuer-keys");
    }

    /** Directory of the usage segments; exists. */
    public Path journalDirectory() {
        return directory.resolve("journal");
    }

    /** Lets another process have the directory. */
    @Override
    public void close() throws IOException {
        lockChannel.close();
    }

    private static FileChannel lock(Path directory) throws IOException, HomeException {
        FileChannel channel =
                FileChannel.open(directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        @Nullable FileLock lock;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException heldByThisProcess) {
            lock = null;
        }
        if (lock == null) {
            channel.close();
            throw new HomeException("another node already runs in the home " + directory
                    + " (stop it, or set TOLLGATE_HOME to another directory)");
        }
        return channel;
    }

    private static String nodeId(Path file, @Nullable String given, RandomGenerator random)
            throws IOException, HomeException {
        if (given != null && !NODE_ID.matcher(given).matches()) {
            throw new HomeException("node id \"" + given + "\" (expected: 1 to 63 characters of a-z, 0-9 and -)");
        }
        if (!Files.exists(file)) {
            String nodeId = given == null ? randomNodeId(random) : given;
            DurableFile.replace(file, (nodeId + "\n").getBytes(StandardCharsets.US_ASCII));
            return nodeId;
        }
        String kept = Files.readString(file, StandardCharsets.ISO_8859_1).trim();
        if (!NODE_ID.matcher(kept).matches()) {
            throw new HomeException(
                    "the file " + file + " holds no node id (expected: 1 to 63 characters of a-z, 0-9 and -)");
        }
        // Usage that lies in the journal belongs to the kept name: under another one it could be counted twice or
        // never.
        if (given != null && !given.equals(kept)) {
            throw new HomeException("node id \"" + given + "\" (expected: \"" + kept + "\", to which the home "
                    + file.getParent() + " belongs; give each node a home of its own)");
        }
        return kept;
    }

    private static String randomNodeId(RandomGenerator random) {
        StringBuilder id = new StringBuilder("node-");
        for (int i = 0; i < RANDOM_CHARACTERS; i++) {
            id.append(ID_ALPHABET.charAt(random.nextInt(ID_ALPHABET.length())));
        }
        return id.toString();
    }

    private static long nextEpoch(Path file, long nowEpochSeconds) throws IOException, HomeException {
        long last = 0;
        if (Files.exists(file)) {
            String text = Files.readString(file, StandardCharsets.ISO_8859_1).trim();
            try {
                last = Long.parseLong(text);
            } catch (NumberFormatException notANumber) {
                throw new HomeException(
                        "the file " + file + " holds no number (expected: the last boot epoch; remove the file if this"
                                + " machine's clock is right)",
                        notANumber);
            }
        }
        long epoch = Math.max(last + 1, nowEpochSeconds);
        DurableFile.replace(file, (epoch + "\n").getBytes(StandardCharsets.US_ASCII));
        return epoch;
    }

    private static String reason(IOException failure) {
        String kind = failure.getClass().getSimpleName().replaceAll("Exception$", "");
        return failure.getMessage() == null ? kind : kind + " " + failure.getMessage();
    }
}
