package io.tollgate.controlplane.snapshot;

import com.google.protobuf.ByteString;

/** The configuration that a node holds. Immutable. */
public record Held(long revision, ByteString digest, String controlEpoch) {
    /** A node that was never given any. */
    public static final Held NOTHING = new Held(0, ByteString.EMPTY, "");

    public boolean isNothing() {
        return digest.isEmpty();
    }
}
