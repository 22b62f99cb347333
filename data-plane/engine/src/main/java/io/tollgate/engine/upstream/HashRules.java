package io.tollgate.engine.upstream;

/**
 * What a consistent hash is made of. Immutable.
 *
 * @param name lower-case name of the header, or the name of the cookie; empty for the other sources
 */
public record HashRules(Source source, String name) {
    /** Where the hashed text comes from. */
    public enum Source {
        CONSUMER,
        CLIENT_ADDRESS,
        HEADER,
        COOKIE
    }
}
