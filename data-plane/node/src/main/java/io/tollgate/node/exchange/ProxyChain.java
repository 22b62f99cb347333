package io.tollgate.node.exchange;

import io.tollgate.engine.listener.ForwardedHeader;
import io.tollgate.engine.listener.ListenerRules;
import io.tollgate.engine.route.HostText;
import io.vertx.core.MultiMap;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a request came from by the word of the proxies in front that are believed: its client, then those of them behind the
 * client, but for the peer of the connection. Immutable.
 *
 * <p>The list of addresses is read from its end, where the peer wrote: as long as an address is that of a proxy that is
 * believed, the one before it is looked at. What stands before the first that is not is the claim of a stranger, and dropped.
 */
public final class ProxyChain {
    /** Longest chain that is followed: what is longer is a loop. */
    static final int HOPS_MAX = 32;

    private final List<String> addresses;
    private final String scheme;
    private final String host;

    private ProxyChain(List<String> addresses, String scheme, String host) {
        this.addresses = addresses;
        this.scheme = scheme;
        this.host = host;
    }

    /** The chain of a request whose peer is believed; null when that peer says nothing that can be read. */
    public static @Nullable ProxyChain read(MultiMap headers, ListenerRules rules) {
        return rules.forwardedHeader() == ForwardedHeader.FORWARDED
                ? ofForwarded(headers.getAll("Forwarded"), rules)
                : ofForwardedFor(headers, rules);
    }

    private static @Nullable ProxyChain ofForwardedFor(MultiMap headers, ListenerRules rules) {
        List<String> nodes = new ArrayList<>();
        for (String line : headers.getAll("X-Forwarded-For")) {
            Collections.addAll(nodes, line.split(",", -1));
        }
        List<String> addresses = new ArrayList<>();
        boolean trusted = true;
        for (int i = nodes.size() - 1; trusted && i >= 0 && addresses.size() < HOPS_MAX; i--) {
            byte[] address = ForwardedElement.address(nodes.get(i).trim());
            if (address == null) {
                break;
            }
            addresses.add(0, text(address));
            trusted = rules.trusts(address);
        }
        return of(addresses, last(headers, "X-Forwarded-Proto"), last(headers, "X-Forwarded-Host"));
    }

    /** Of several values the one that the nearest proxy wrote. */
    private static String last(MultiMap headers, String name) {
        List<String> lines = headers.getAll(name);
        if (lines.isEmpty()) {
            return "";
        }
        String line = lines.get(lines.size() - 1);
        return line.substring(line.lastIndexOf(',') + 1).trim();
    }

    private static @Nullable ProxyChain ofForwarded(List<String> lines, ListenerRules rules) {
        List<String> addresses = new ArrayList<>();
        String scheme = "";
        String host = "";
        boolean trusted = true;
        for (int line = lines.size() - 1; trusted && line >= 0; line--) {
            List<ForwardedElement> elements = ForwardedElement.parse(lines.get(line));
            // A line that cannot be read may hide anything, also from the one that wrote its end.
            trusted = !elements.isEmpty();
            for (int i = elements.size() - 1; trusted && i >= 0; i--) {
                ForwardedElement element = elements.get(i);
                byte[] address = ForwardedElement.address(element.node());
                if (address == null || addresses.size() == HOPS_MAX) {
                    return of(addresses, scheme, host);
                }
                addresses.add(0, text(address));
                scheme = element.proto();
                host = element.host();
                trusted = rules.trusts(address);
            }
        }
        return of(addresses, scheme, host);
    }

    private static @Nullable ProxyChain of(List<String> addresses, String scheme, String host) {
        return addresses.isEmpty()
                ? null
                : new ProxyChain(List.copyOf(addresses), scheme, HostText.parse(host) == null ? "" : host);
    }

    private static String text(byte[] address) {
        try {
            return InetAddress.getByAddress(address).getHostAddress();
        } catch (UnknownHostException e) {
            throw new IllegalStateException("4 or 16 bytes are an address", e);
        }
    }

    /** Textual IP address of the client. */
    String clientAddress() {
        return addresses.get(0);
    }

    /** The same as 4 or 16 bytes. */
    byte[] clientAddressBytes() {
        return Client.bytesOf(addresses.get(0));
    }

    /** Whether the client speaks TLS; as {@code peer} does when nobody says. */
    boolean isSecure(Client peer) {
        return "https".equalsIgnoreCase(scheme) || (!"http".equalsIgnoreCase(scheme) && peer.isSecure());
    }

    /** The host that the client asked for, with its port if it named one; empty when nobody says. */
    public String host() {
        return host;
    }

    /** The addresses as X-Forwarded-For has them. */
    public String forwardedFor() {
        return String.join(", ", addresses);
    }

    /** The addresses as Forwarded (RFC 7239) has them. */
    public String forwarded() {
        StringBuilder out = new StringBuilder();
        for (String address : addresses) {
            out.append(out.isEmpty() ? "" : ", ").append(Client.forParameter(address));
        }
        return out.toString();
    }
}
