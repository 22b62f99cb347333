package io.tollgate.engine.listener;

import io.tollgate.engine.address.IpAddress;
import io.tollgate.engine.address.Network;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where calls are taken, in which protocols, and whose word about a client is believed there. Immutable.
 *
 * @param id of the listener; empty for the one that a node has from its environment
 * @param name for people and metrics
 * @param address IP address that is listened on; 0.0.0.0 and :: are all of the machine's
 * @param port 1 to 65535; 0 for any free one, only from the environment
 * @param http1 whether HTTP/1.0 and HTTP/1.1 are spoken
 * @param http2 whether HTTP/2 is
 * @param proxyProtocol whether each connection begins with a PROXY protocol header
 * @param trustedProxies whose word about their clients is believed
 * @param forwardedHeader in which fields they say it
 * @param bounds what is taken from clients
 * @param tls how TLS is spoken; null where it is not
 */
public record ListenerRules(
        String id,
        String name,
        String address,
        int port,
        boolean http1,
        boolean http2,
        boolean proxyProtocol,
        List<Network> trustedProxies,
        ForwardedHeader forwardedHeader,
        ListenerBounds bounds,
        @Nullable ListenerTls tls) {
    /** Name of the listener that a node has from its environment. */
    public static final String OWN_NAME = "node";

    /** Copies the list. */
    public ListenerRules {
        trustedProxies = List.copyOf(trustedProxies);
    }

    /** What a node listens on by its environment: all protocols, nobody is believed, and the bounds are the usual ones. */
    public static ListenerRules own(String address, int port) {
        return own(address, port, ListenerBounds.DEFAULTS);
    }

    /** The same with other bounds. */
    public static ListenerRules own(String address, int port, ListenerBounds bounds) {
        return new ListenerRules(
                "",
                OWN_NAME,
                address,
                port,
                true,
                true,
                false,
                List.of(),
                ForwardedHeader.X_FORWARDED_FOR,
                bounds,
                null);
    }

    /** Whether what this peer, 4 or 16 bytes, says of its clients is believed. */
    public boolean trusts(byte[] address) {
        for (Network network : trustedProxies) {
            if (network.contains(address)) {
                return true;
            }
        }
        return false;
    }

    /** Whether both cannot listen at once on one machine. */
    public boolean collidesWith(ListenerRules other) {
        if (port != other.port) {
            return false;
        }
        byte[] mine = IpAddress.parse(address);
        byte[] its = IpAddress.parse(other.address);
        return mine == null
                || its == null
                || IpAddress.isWildcard(mine)
                || IpAddress.isWildcard(its)
                || java.util.Arrays.equals(mine, its);
    }

    /** Whether a socket that listens by the one may go on by the other, for connections that come from now on. */
    public boolean sharesSocketWith(ListenerRules other) {
        return port == other.port
                && address.equals(other.address)
                && http1 == other.http1
                && http2 == other.http2
                && proxyProtocol == other.proxyProtocol
                && (tls == null) == (other.tls == null)
                && bounds.sharesSocketWith(other.bounds);
    }
}
