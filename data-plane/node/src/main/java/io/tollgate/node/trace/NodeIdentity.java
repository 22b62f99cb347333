package io.tollgate.node.trace;

/** Whose spans they are. Immutable. */
public record NodeIdentity(String nodeId, String version, String zone) {}
