package io.tollgate.node.sync;

import io.tollgate.engine.compile.CompiledConfiguration;
import java.util.List;
import java.util.UUID;

/** What serves the configurations that the watch brings. */
@FunctionalInterface
public interface Serving {
    /**
     * Makes a configuration the one that requests follow; called on the watch thread, and on the thread that restores.
     * What is served when this returns is acknowledged.
     */
    void serve(CompiledConfiguration configuration);

    /**
     * These credentials and consumers do not get through any more, until a configuration of that revision or a later one is served.
     * Called on the thread that the stream is read by, also while {@link #serve} or a compilation is under way.
     */
    default void revoke(long revision, List<UUID> ids) {
        // Whoever serves nothing lets nobody through.
    }

    /** How the listeners of the configuration fare here. Any thread. */
    default List<ListenerStanding> listeners() {
        return List.of();
    }
}
