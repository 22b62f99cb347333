package io.tollgate.engine.policy;

/** How much time a body is worth. Immutable. */
public enum CompressionLevel {
    FASTEST,
    BALANCED,
    SMALLEST
}
