package io.tollgate.engine.upstream;

/** What an active check asks. Immutable. */
public enum CheckType {
    /** A GET, whose status says whether the target is well. */
    HTTP,
    /** A connection; one that is accepted is good. */
    TCP
}
