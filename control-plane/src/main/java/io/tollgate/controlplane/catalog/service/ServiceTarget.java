package io.tollgate.controlplane.catalog.service;

/**
 * One instance of a service. Immutable.
 *
 * @param weight share of the calls against the other targets; 0 takes no new ones
 */
public record ServiceTarget(String host, int port, int weight) {}
