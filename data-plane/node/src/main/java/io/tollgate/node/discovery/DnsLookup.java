package io.tollgate.node.discovery;

import io.vertx.core.Future;

/**
 * Who answers questions about names. A name without such records is an empty answer; a failure means that nobody could
 * tell.
 */
public interface DnsLookup {
    /** Which addresses are asked for. */
    enum AddressFamily {
        IPV4,
        IPV6
    }

    /** The A or AAAA records. */
    Future<DnsAnswer> addresses(String name, AddressFamily family);

    /** The SRV records of the lowest priority. */
    Future<DnsAnswer> services(String name);
}
