package io.tollgate.controlplane.snapshot;

import com.google.protobuf.ByteString;
import java.time.Instant;

/** The newest committed configuration in a few words. Immutable. */
public record Head(long revision, ByteString digest, String controlEpoch, Instant committedAt) {
    static final Head NOTHING = new Head(0, ByteString.EMPTY, "", Instant.EPOCH);
}
