package io.tollgate.engine.upstream;

/**
 * One instance of a service as configured. Immutable.
 *
 * @param host host name or IP address
 * @param port 1 to 65535
 * @param weight share of the calls against the other targets, 1 to 1000; 0 takes no new calls
 * @param zone where it stands; empty when nobody said so
 */
public record Target(String host, int port, int weight, String zone) {
    /** Largest weight: bounds the length of a balancer's schedule. */
    public static final int WEIGHT_MAX = 1000;

    /** Checks the bounds. */
    public Target {
        if (host.isEmpty() || port < 1 || port > 65535 || weight < 0 || weight > WEIGHT_MAX) {
            throw new IllegalArgumentException(host + ":" + port + " weight " + weight);
        }
    }
}
