package io.tollgate.node.sync;

import io.tollgate.engine.compile.CompiledConfiguration;
import java.util.List;

/** What serves the configurations that the watch brings. */
@FunctionalInterface
public interface Serving {
    /**
     * Makes a configuration the one that requests follow; called on the watch thread, and on the thread that restores.
     * What is served when this returns is acknowledged.
     */
    void serve(CompiledConfiguration configuration);

    /** How the listeners of the configuration fare here. Any thread. */
    default List<ListenerStanding> listeners() {
        return List.of();
    }
}
