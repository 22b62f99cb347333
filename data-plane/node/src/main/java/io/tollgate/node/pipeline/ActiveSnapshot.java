package io.tollgate.node.pipeline;

import org.jspecify.annotations.Nullable;

/** The configuration that the node serves. Shared; lock-free: written by the compile thread, read once per request. */
public final class ActiveSnapshot {
    private volatile @Nullable CompiledSnapshot current;

    /** The snapshot to serve by; null before the node holds one. */
    public @Nullable CompiledSnapshot get() {
        return current;
    }

    /** From here on requests are served by this snapshot; those under way keep theirs. */
    public void publish(CompiledSnapshot snapshot) {
        current = snapshot;
    }
}
