package io.tollgate.engine.upstream;

/**
 * When a service's calls are refused without trying. Immutable.
 *
 * @param failurePercent share of failed calls in the window that opens the circuit, 1 to 100
 * @param minimumCalls calls in the window below which a share says nothing
 * @param windowMillis length of the window
 * @param openMillis how long it stays open before probes are let through
 * @param probes calls that must all succeed to close it
 */
public record CircuitRules(int failurePercent, int minimumCalls, int windowMillis, int openMillis, int probes) {}
