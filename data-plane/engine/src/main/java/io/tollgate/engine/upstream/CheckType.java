package io.tollgate.engine.upstream;

/** What an active check asks. Immutable. */
public enum CheckType {
    /** A GET, whose status says whether the target is well. */
    HTTP,
    /** A connection; one that is accepted is good. */
    TCP,
    /** {@code grpc.health.v1.Health/Check} over HTTP/2 in the clear; SERVING is good. */
    GRPC
}
