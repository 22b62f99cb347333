package io.tollgate.engine.consumer;

/** What happens to a call that a node has no room to count. Immutable. */
public enum WhenUnmetered {
    /** It is refused with 503. */
    REFUSE,
    /** It is served, and counted as unmetered, in the open. */
    SERVE
}
