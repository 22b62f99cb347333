package io.tollgate.node.exchange;

/**
 * What is known of the peer of one client connection, worked out once for all of its requests. Event-loop confined.
 */
public final class Client {
    private final String address;
    private final String forwardedPrefix;
    private String hostField = "";
    private String host = "";
    private String forwarded = "";

    /** @param address textual IP address of the peer, without port */
    public Client(String address) {
        this.address = address;
        // RFC 7239, 6: an IPv6 address is in brackets and therefore quoted.
        this.forwardedPrefix = address.indexOf(':') < 0 ? "for=" + address : "for=\"[" + address + "]\"";
    }

    public String address() {
        return address;
    }

    /** Whether {@link #host()} is that of this Host field: nearly always, since a connection keeps to one host. */
    public boolean knowsHost(String field) {
        return field.equals(hostField);
    }

    /** Remembers the Host field of the request at hand and the host that it names. */
    public void host(String field, String parsed) {
        hostField = field;
        host = parsed;
        forwarded = field.isEmpty()
                ? forwardedPrefix + ";proto=http"
                : forwardedPrefix + ";host=\"" + field + "\";proto=http";
    }

    /** The Host field as the client sent it; empty when it sent none. */
    public String hostField() {
        return hostField;
    }

    /** The host in lower case without a port; empty when the client named none. */
    public String host() {
        return host;
    }

    /** Value of the Forwarded field (RFC 7239) that the upstream gets. */
    public String forwarded() {
        return forwarded;
    }
}
