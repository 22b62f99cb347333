package io.tollgate.engine.upstream;

/**
 * A name whose records are the instances of a target. Immutable.
 *
 * @param discovery which records count; never {@link Discovery#ADDRESS}
 * @param host fully qualified, with or without the last dot
 */
public record FollowedName(Discovery discovery, String host) {}
