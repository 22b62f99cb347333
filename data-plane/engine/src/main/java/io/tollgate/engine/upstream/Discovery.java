package io.tollgate.engine.upstream;

/** What a target stands for. Immutable. */
public enum Discovery {
    /** One instance: an address, or a name that is looked up whenever a connection is made. */
    ADDRESS,
    /** Each A and AAAA record of the name is an instance, at the target's port. */
    DNS,
    /** Each SRV record of the name is one, at its own port and with its own weight (RFC 2782). */
    SRV
}
