package io.tollgate.controlplane.snapshot;

import com.google.protobuf.ByteString;
import io.tollgate.proto.config.v1.Change;
import io.tollgate.proto.config.v1.ControlMessage;
import io.tollgate.proto.config.v1.UpdateBegin;
import io.tollgate.proto.config.v1.UpdateChunk;
import io.tollgate.proto.config.v1.UpdateCommit;
import io.tollgate.proto.config.v1.UpdateKind;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

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

    /** The messages that carry it, in order; each is made when it is asked for, since a whole configuration is large. */
    public Iterator<ControlMessage> messages(long nonce) {
        return new Messages(nonce);
    }

    private final class Messages implements Iterator<ControlMessage> {
        private final long nonce;
        private boolean begun;
        private boolean committed;
        private int next;

        private Messages(long nonce) {
            this.nonce = nonce;
        }

        @Override
        public boolean hasNext() {
            return !committed;
        }

        @Override
        public ControlMessage next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            if (!begun) {
                begun = true;
                return begin(nonce);
            }
            if (next < changes.size()) {
                return chunk();
            }
            committed = true;
            return ControlMessage.newBuilder()
                    .setCommit(UpdateCommit.newBuilder().setNonce(nonce))
                    .build();
        }

        private ControlMessage chunk() {
            UpdateChunk.Builder chunk = UpdateChunk.newBuilder().setNonce(nonce);
            int chunkBytes = 0;
            while (next < changes.size() && chunk.getChangesCount() < CHUNK_CHANGES_MAX) {
                Change change = changes.get(next);
                chunkBytes += change.getSerializedSize();
                if (chunk.getChangesCount() > 0 && chunkBytes > CHUNK_BYTES_MAX) {
                    break;
                }
                chunk.addChanges(change);
                next++;
            }
            return ControlMessage.newBuilder().setChunk(chunk).build();
        }
    }

    private ControlMessage begin(long nonce) {
        return ControlMessage.newBuilder()
                .setBegin(UpdateBegin.newBuilder()
                        .setNonce(nonce)
                        .setKind(kind)
                        .setFromRevision(fromRevision)
                        .setRevision(head.revision())
                        .setDigest(head.digest())
                        .setControlEpoch(head.controlEpoch())
                        .setChangeCount(changes.size())
                        .setCommittedAtMillis(head.committedAt().toEpochMilli()))
                .build();
    }
}
