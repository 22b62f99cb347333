package io.tollgate.controlplane.catalog.service;

import org.jspecify.annotations.Nullable;

/**
 * One instance of a service, or a name that stands for several. Immutable.
 *
 * @param port 0 where SRV records say it
 * @param weight share of the calls against the other targets; 0 takes no new ones
 * @param zone where it stands; empty when nobody said so
 * @param discovery address, dns or srv
 */
public record ServiceTarget(String host, int port, int weight, String zone, String discovery) {
    /** Rows written before there were zones and names have none. */
    public ServiceTarget(String host, int port, int weight, @Nullable String zone, @Nullable String discovery) {
        this.host = host;
        this.port = port;
        this.weight = weight;
        this.zone = zone == null ? "" : zone;
        this.discovery = discovery == null ? "address" : discovery;
    }
}
