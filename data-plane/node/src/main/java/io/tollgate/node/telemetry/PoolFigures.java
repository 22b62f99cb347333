package io.tollgate.node.telemetry;

import io.tollgate.engine.upstream.TargetState;
import java.util.ArrayList;
import java.util.List;

/** The connections of one event loop to its targets, as they were a moment ago. Written by that loop, then published. */
public final class PoolFigures {
    /** One target. Immutable. */
    record Pool(TargetState target, int open, int idle, int waiting) {}

    private final List<Pool> pools = new ArrayList<>();

    /**
     * Adds a target.
     *
     * @param open connections, those that are being made included
     * @param idle those that carry no call
     * @param waiting calls that wait for one
     */
    public void add(TargetState target, int open, int idle, int waiting) {
        pools.add(new Pool(target, open, idle, waiting));
    }

    List<Pool> pools() {
        return pools;
    }
}
