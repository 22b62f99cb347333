package io.tollgate.node.sync;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.ExtensionRegistryLite;
import io.tollgate.node.home.DurableFile;
import io.tollgate.proto.config.v1.Change;
import io.tollgate.proto.config.v1.UpdateBegin;
import io.tollgate.proto.config.v1.UpdateKind;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The snapshot that a restart serves from. Replaced whole or not at all; a damaged one is set aside and not served.
 * Used by one thread at a time.
 *
 * <pre>
 *  0 magic, 8    8 bytes of the body, 8    16 SHA-256 of the body, 32    48 body:
 *  an UpdateBegin that says what it is, then each Change, all length-delimited
 * </pre>
 */
public final class SnapshotFile {
    private static final Logger LOG = System.getLogger(SnapshotFile.class.getName());
    private static final long MAGIC = 0x3150_414E_534C_4F54L;
    private static final int HEAD_BYTES = 48;
    private static final int DIGEST_BYTES = 32;

    private final Path path;

    /** The snapshot at this place, which need not exist yet. */
    public SnapshotFile(Path path) {
        this.path = path;
    }

    /** Replaces the file durably. */
    void write(HeldSnapshot snapshot) throws IOException {
        DurableFile.replace(path, channel -> write(snapshot, channel));
    }

    private static void write(HeldSnapshot snapshot, FileChannel channel) throws IOException {
        MessageDigest digest = sha256();
        channel.position(HEAD_BYTES);
        OutputStream body =
                new BufferedOutputStream(new DigestOutputStream(Channels.newOutputStream(channel), digest), 1 << 16);
        UpdateBegin.newBuilder()
                .setKind(UpdateKind.UPDATE_KIND_FULL)
                .setRevision(snapshot.revision())
                .setDigest(snapshot.digest())
                .setControlEpoch(snapshot.controlEpoch())
                .setChangeCount(snapshot.changes().size())
                .setCommittedAtMillis(snapshot.committedAtMillis())
                .build()
                .writeDelimitedTo(body);
        for (Change change : snapshot.changes()) {
            change.writeDelimitedTo(body);
        }
        body.flush();
        ByteBuffer head = ByteBuffer.allocate(HEAD_BYTES);
        head.putLong(MAGIC)
                .putLong(channel.position() - HEAD_BYTES)
                .put(digest.digest())
                .flip();
        channel.position(0);
        DurableFile.writeAll(channel, head);
    }

    /** What the file holds; null when there is none, or none that can be trusted, which is then set aside. */
    @Nullable
    HeldSnapshot read() throws IOException {
        if (!Files.exists(path)) {
            return null;
        }
        String damage;
        try (InputStream file = new BufferedInputStream(Files.newInputStream(path), 1 << 16)) {
            HeldSnapshot held = read(file, Files.size(path) - HEAD_BYTES);
            if (held != null) {
                return held;
            }
            damage = "its length or checksum is wrong";
        } catch (IOException unreadable) {
            damage = String.valueOf(unreadable.getMessage());
        }
        refuse(damage);
        return null;
    }

    /** Sets the file aside: the node asks for a whole snapshot instead. */
    void refuse(String reason) throws IOException {
        Path aside = path.resolveSibling(path.getFileName() + ".refused");
        Files.move(path, aside, StandardCopyOption.REPLACE_EXISTING);
        LOG.log(Level.ERROR, "event=snapshot-file-refused file={0} reason=\"{1}\"", aside, reason);
    }

    private static @Nullable HeldSnapshot read(InputStream file, long bodyBytes) throws IOException {
        ByteBuffer head = ByteBuffer.wrap(file.readNBytes(HEAD_BYTES));
        if (head.remaining() < HEAD_BYTES || head.getLong() != MAGIC || head.getLong() != bodyBytes) {
            return null;
        }
        byte[] expected = new byte[DIGEST_BYTES];
        head.get(expected);
        MessageDigest digest = sha256();
        DigestInputStream body = new DigestInputStream(file, digest);
        HeldSnapshot snapshot = readBody(body);
        // Reading stopped where the messages say they end; a longer body would not have this digest.
        return snapshot != null && MessageDigest.isEqual(expected, digest.digest()) ? snapshot : null;
    }

    private static @Nullable HeldSnapshot readBody(InputStream body) throws IOException {
        UpdateBegin begin = UpdateBegin.parseDelimitedFrom(body);
        if (begin == null || begin.getChangeCount() > SnapshotReplica.CHANGES_MAX) {
            return null;
        }
        List<Change> changes = new ArrayList<>();
        for (long i = 0; i < begin.getChangeCount(); i++) {
            Change change = readChange(body);
            if (change == null) {
                return null;
            }
            changes.add(change);
        }
        return new HeldSnapshot(
                begin.getRevision(),
                begin.getDigest(),
                begin.getControlEpoch(),
                begin.getCommittedAtMillis(),
                List.copyOf(changes));
    }

    /** One length-delimited change; the length is checked before anything of that size is allocated. */
    private static @Nullable Change readChange(InputStream body) throws IOException {
        int first = body.read();
        if (first < 0) {
            return null;
        }
        int length = CodedInputStream.readRawVarint32(first, body);
        if (length < 0 || length > SnapshotReplica.OBJECT_BYTES_MAX) {
            return null;
        }
        byte[] bytes = body.readNBytes(length);
        return bytes.length < length ? null : Change.parseFrom(bytes, ExtensionRegistryLite.getEmptyRegistry());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }
}
