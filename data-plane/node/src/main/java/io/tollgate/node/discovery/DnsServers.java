package io.tollgate.node.discovery;

import io.netty.util.NetUtil;
import io.vertx.core.dns.AddressResolverOptions;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/** Reads the addresses of name servers. Immutable functions. */
public final class DnsServers {
    private static final int PORT = 53;
    private static final int PORT_MAX = 65_535;

    private DnsServers() {}

    /**
     * The servers of a list separated by commas; none for an empty text. Only IP addresses, since nobody could be asked
     * for a name: 192.0.2.1, 192.0.2.1:5353 or [2001:db8::1]:5353.
     */
    public static List<InetSocketAddress> parseList(String text) {
        List<InetSocketAddress> servers = new ArrayList<>();
        if (!text.isBlank()) {
            for (String part : text.split(",", -1)) {
                servers.add(parse(part.strip()));
            }
        }
        return List.copyOf(servers);
    }

    /** Has the addresses that connections need looked up at these servers too; none: those of the operating system. */
    public static AddressResolverOptions resolverOptions(List<InetSocketAddress> servers) {
        AddressResolverOptions options = new AddressResolverOptions();
        for (InetSocketAddress server : servers) {
            options.addServer(server.getAddress().getHostAddress() + ":" + server.getPort());
        }
        return options;
    }

    private static InetSocketAddress parse(String text) {
        int colon = text.lastIndexOf(':');
        boolean hasPort =
                colon >= 0 && (text.startsWith("[") ? text.charAt(colon - 1) == ']' : text.indexOf(':') == colon);
        String host = hasPort ? text.substring(0, colon) : text;
        byte[] address = NetUtil.createByteArrayFromIpAddressString(host);
        int port = hasPort ? port(text.substring(colon + 1)) : PORT;
        if (address == null || port <= 0) {
            throw new IllegalArgumentException(text + " (expected: an IP address with or without a port)");
        }
        try {
            return new InetSocketAddress(InetAddress.getByAddress(address), port);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("4 or 16 bytes are an address", e);
        }
    }

    private static int port(String digits) {
        if (digits.isEmpty() || digits.length() > 5 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return -1;
        }
        int port = Integer.parseInt(digits);
        return port <= PORT_MAX ? port : -1;
    }
}
