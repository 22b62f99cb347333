package io.tollgate.node.sync;

/**
 * What a node says of itself when it dials. Immutable.
 *
 * @param nodeId its stable name
 * @param bootEpoch the number of this start
 * @param zone where it runs; may be empty
 * @param version of the program; may be empty
 * @param proxyAddress host:port of its proxy listeners; empty while they do not listen
 * @param operationsAddress host:port of its operations listener; may be empty
 */
public record NodeHello(
        String nodeId, long bootEpoch, String zone, String version, String proxyAddress, String operationsAddress) {}
