package io.tollgate.engine.upstream;

/**
 * One instance of a service, or a name that stands for several, as configured. Immutable.
 *
 * @param host host name or IP address
 * @param port 1 to 65535; 0 where SRV records say it
 * @param weight share of the calls against the other targets, 1 to 1000; 0 takes no new calls
 * @param zone where it stands; empty when nobody said so
 * @param discovery what it stands for
 */
public record Target(String host, int port, int weight, String zone, Discovery discovery) {
    /** Largest weight: bounds the length of a balancer's schedule. */
    public static final int WEIGHT_MAX = 1000;

    /** One instance. */
    public Target(String host, int port, int weight, String zone) {
        this(host, port, weight, zone, Discovery.ADDRESS);
    }

    /** Checks the bounds. */
    public Target {
        int portMin = discovery == Discovery.SRV ? 0 : 1;
        if (host.isEmpty() || port < portMin || port > 65535 || weight < 0 || weight > WEIGHT_MAX) {
            throw new IllegalArgumentException(host + ":" + port + " weight " + weight);
        }
    }
}
