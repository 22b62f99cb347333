package io.tollgate.controlplane.catalog.service;

import org.jspecify.annotations.Nullable;

/**
 * One instance of a service. Immutable.
 *
 * @param weight share of the calls against the other targets; 0 takes no new ones
 * @param zone where it stands; empty when nobody said so
 */
public record ServiceTarget(String host, int port, int weight, String zone) {
    /** Rows written before there were zones have none. */
    public ServiceTarget(String host, int port, int weight, @Nullable String zone) {
        this.host = host;
        this.port = port;
        this.weight = weight;
        this.zone = zone == null ? "" : zone;
    }
}
