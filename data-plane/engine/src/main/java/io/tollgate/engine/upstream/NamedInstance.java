package io.tollgate.engine.upstream;

/**
 * One instance that a name has. Immutable.
 *
 * @param host an IP address, or the host name that an SRV record points to
 * @param port of an SRV record; 0 where the name says nothing of ports
 * @param weight of an SRV record, 1 to 1000; 0 where the name says nothing of weights
 */
public record NamedInstance(String host, int port, int weight) {}
