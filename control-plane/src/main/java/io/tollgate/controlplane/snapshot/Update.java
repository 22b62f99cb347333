package io.tollgate.controlplane.snapshot;

import com.google.protobuf.ByteString;
import io.tollgate.proto.config.v1.Change;
import io.tollgate.proto.config.v1.ControlMessage;
import io.tollgate.proto.config.v1.UpdateBegin;
import io.tollgate.proto.config.v1.UpdateChunk;
import io.tollgate.proto.config.v1.UpdateCommit;
import io.tollgate.proto.config.v1.UpdateKind;
import java.util.ArrayList;
import java.util.List;

/**
 * One step of a node from what it holds to a newer configuration. Immutable.
 *
 * @param fromRevision revision that a delta is put on; 0 for a full snapshot
 * @param head what the node holds afterwards
 */
public record Update(UpdateKind kind, long fromRevision, Head head, List<Change> changes) {
    /** A chunk stays far below the message bound of either side ... */
    static final int CHUNK_BYTES_MAX = 256 * 1024;

    /** ... and its parsing short. */
    static final int CHUNK_CHANGES_MAX = 1_000;

    public Update {
        changes = List.copyOf(changes);
    }

    public long revision() {
        return head.revision();
    }

    /** Digest of the whole configuration after the update. */
    public ByteString digest() {
        return head.digest();
    }

    /** What a node holds that took the update. */
    public Held held() {
        return new Held(head.revision(), head.digest(), head.controlEpoch());
    }

    /** The messages that carry it, in order. */
    public List<ControlMessage> messages(long nonce) {
        List<ControlMessage> messages = new ArrayList<>();
        messages.add(ControlMessage.newBuilder()
                .setBegin(UpdateBegin.newBuilder()
                        .setNonce(nonce)
                        .setKind(kind)
                        .setFromRevision(fromRevision)
                        .setRevision(head.revision())
                        .setDigest(head.digest())
                        .setControlEpoch(head.controlEpoch())
                        .setChangeCount(changes.size())
                        .setCommittedAtMillis(head.committedAt().toEpochMilli()))
                .build());
        UpdateChunk.Builder chunk = UpdateChunk.newBuilder().setNonce(nonce);
        int chunkBytes = 0;
        for (Change change : changes) {
            int bytes = change.getSerializedSize();
            if (chunk.getChangesCount() > 0
                    && (chunkBytes + bytes > CHUNK_BYTES_MAX || chunk.getChangesCount() == CHUNK_CHANGES_MAX)) {
                messages.add(ControlMessage.newBuilder().setChunk(chunk).build());
                chunk = UpdateChunk.newBuilder().setNonce(nonce);
                chunkBytes = 0;
            }
            chunk.addChanges(change);
            chunkBytes += bytes;
        }
        if (chunk.getChangesCount() > 0) {
            messages.add(ControlMessage.newBuilder().setChunk(chunk).build());
        }
        messages.add(ControlMessage.newBuilder()
                .setCommit(UpdateCommit.newBuilder().setNonce(nonce))
                .build());
        return messages;
    }
}
