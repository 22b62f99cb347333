package io.tollgate.node.dial;

import java.util.ArrayList;
import java.util.List;

/** Host and port of one control plane's streams. Immutable. */
public record ControlPlaneAddress(String host, int port) {
    /** Addresses beyond this many are a mistake: peers are few, and each is dialled in turn. */
    public static final int ADDRESSES_MAX = 64;

    /** Checks the parts. */
    public ControlPlaneAddress {
        if (host.isEmpty() || port < 1 || port > 65_535) {
            throw new IllegalArgumentException("control plane \"" + host + ":" + port + "\" (expected: host:port)");
        }
    }

    /**
     * Reads {@code host:port[,host:port...]}; an IPv6 address stands in brackets.
     *
     * @throws IllegalArgumentException with one line for the operator
     */
    public static List<ControlPlaneAddress> parseList(String text) {
        List<ControlPlaneAddress> addresses = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            addresses.add(parse(part.trim()));
        }
        if (addresses.size() > ADDRESSES_MAX) {
            throw new IllegalArgumentException(
                    addresses.size() + " control planes (expected: at most " + ADDRESSES_MAX + ")");
        }
        return List.copyOf(addresses);
    }

    private static ControlPlaneAddress parse(String text) {
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? "" : text.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        } else if (host.indexOf(':') >= 0) {
            host = "";
        }
        try {
            return new ControlPlaneAddress(host, colon < 0 ? 0 : Integer.parseInt(text.substring(colon + 1)));
        } catch (IllegalArgumentException bad) {
            throw new IllegalArgumentException("control plane \"" + text + "\" (expected: host:port)", bad);
        }
    }

    @Override
    public String toString() {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
}
