package io.tollgate.controlplane.billing;

/**
 * Totals over everything that a question asks for. Immutable.
 *
 * @param unmeteredRequests served while a node could not count them, whoever made them
 */
public record UsageSums(long requests, long requestBytes, long responseBytes, long unmeteredRequests) {}
