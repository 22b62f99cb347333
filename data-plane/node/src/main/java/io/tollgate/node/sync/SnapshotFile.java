package io.tollgate.node.sync;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.ExtensionRegistryLite;
import io.tollgate.node.home.DiskKey;
import io.tollgate.node.home.DurableFile;
import io.tollgate.node.home.SealedFile;
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
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The snapshot that a restart serves from, sealed ({@link SealedFile}): it holds private keys and the secret of the key
 * digests. Replaced whole or not at all; a damaged one is set aside and not served. Used by one thread at a time.
 *
 * <pre>
 *  0 magic, 8    8 sealed body:
 *  an UpdateBegin that says what it is, then each Change, all length-delimited
 * </pre>
 */
public final class SnapshotFile {
    private static final Logger LOG = System.getLogger(SnapshotFile.class.getName());
    private static final long MAGIC = 0x3250_414E_534C_4F54L;

    private final Path path;
    private final DiskKey key;
    private final SecureRandom random = new SecureRandom();

    /** The snapshot at this place, which need not exist yet, under this key. */
    public SnapshotFile(Path path, DiskKey key) {
        this.path = path;
        this.key = key;
    }

    /** Replaces the file durably. */
    void write(HeldSnapshot snapshot) throws IOException {
        DurableFile.replace(path, channel -> write(snapshot, channel));
    }

    private void write(HeldSnapshot snapshot, FileChannel channel) throws IOException {
        OutputStream file = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 17);
        file.write(ByteBuffer.allocate(Long.BYTES).putLong(MAGIC).array());
        try (OutputStream body = SealedFile.seal(file, key, random)) {
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
        }
        file.flush();
    }

    /** What the file holds; null when there is none, or none that can be trusted, which is then set aside. */
    @Nullable
    HeldSnapshot read() throws IOException {
        if (!Files.exists(path)) {
            return null;
        }
        String damage;
        try (InputStream file = new BufferedInputStream(Files.newInputStream(path), 1 << 17)) {
            HeldSnapshot held = read(file);
            if (held != null) {
                return held;
            }
            damage = "it is no snapshot of this version";
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

    private @Nullable HeldSnapshot read(InputStream file) throws IOException {
        byte[] magic = file.readNBytes(Long.BYTES);
        if (magic.length < Long.BYTES || ByteBuffer.wrap(magic).getLong() != MAGIC) {
            return null;
        }
        InputStream body = SealedFile.open(file, key);
        HeldSnapshot snapshot = readBody(body);
        // Whatever follows was sealed too, but not as a part of a snapshot.
        return snapshot != null && body.read() < 0 ? snapshot : null;
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
}
