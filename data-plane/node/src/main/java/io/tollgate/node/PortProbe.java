package io.tollgate.node;

import io.tollgate.node.home.HomeException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.SocketException;

/** Finds out whether an address can be listened on, before much is started for nothing. Immutable functions. */
final class PortProbe {
    private PortProbe() {}

    /**
     * Refuses an address that is taken or not of this machine, with one line that names the key to change.
     *
     * @param keys beginning of the two keys that say the address: {@code TOLLGATE_PROXY} for {@code _HOST} and {@code _PORT}
     */
    static void requireFree(String keys, String host, int port) throws HomeException {
        InetSocketAddress address = new InetSocketAddress(host, port);
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(address);
        } catch (IOException e) {
            String advice = isOfThisMachine(address)
                    ? "set " + keys + "_PORT to a free port that this user may open"
                    : "set " + keys + "_HOST to an address of this machine";
            throw new HomeException(
                    "cannot listen on " + host + ":" + port + ": " + e.getMessage() + " (" + advice + ")", e);
        }
    }

    private static boolean isOfThisMachine(InetSocketAddress address) {
        try {
            return !address.isUnresolved()
                    && (address.getAddress().isAnyLocalAddress()
                            || address.getAddress().isLoopbackAddress()
                            || NetworkInterface.getByInetAddress(address.getAddress()) != null);
        } catch (SocketException e) {
            return false;
        }
    }
}
