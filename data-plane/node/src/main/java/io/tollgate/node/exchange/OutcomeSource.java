package io.tollgate.node.exchange;

/** Who caused an ending. Immutable. */
public enum OutcomeSource {
    /** Nobody failed. */
    NONE,
    /** The caller: its request or its going away. */
    CLIENT,
    /** This gateway: its limits, its configuration, its state. */
    GATEWAY,
    /** The service behind the gateway. */
    UPSTREAM
}
