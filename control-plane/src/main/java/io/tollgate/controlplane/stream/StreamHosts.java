package io.tollgate.controlplane.stream;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Set;

/** What the host of the stream means. Stateless. */
public final class StreamHosts {
    private static final Set<String> WILDCARDS = Set.of("0.0.0.0", "::", "[::]", "0");

    private StreamHosts() {}

    /** Whether it stands for every address of the machine. */
    public static boolean isWildcard(String host) {
        return WILDCARDS.contains(host);
    }

    /** Whether only this machine can reach it; a name that does not resolve is none. */
    public static boolean isLoopback(String host) {
        try {
            return !isWildcard(host) && InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
