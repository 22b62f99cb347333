package io.tollgate.controlplane.catalog.revision;

import java.time.Duration;
import java.util.List;

/** Waits for the nodes. Shared; blocks the calling worker thread. */
public interface AppliedEverywhere {
    /**
     * Returns when every live node has applied {@code revision} or a later one, or after {@code atMost}.
     *
     * @return ids of the live nodes that have not applied it, sorted; empty when all have
     */
    List<String> awaitPending(long revision, Duration atMost);
}
