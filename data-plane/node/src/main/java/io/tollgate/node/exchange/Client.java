package io.tollgate.node.exchange;

import io.tollgate.engine.address.IpAddress;
import io.tollgate.engine.tls.PeerCertificate;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the peer of one client connection, worked out once for all of its requests. Event-loop confined.
 */
public final class Client {
    private static final byte[] NO_ADDRESS = {};

    private final String address;
    private final boolean secure;
    private final @Nullable ShownCertificate certificate;
    private final BooleanSupplier leaving;
    private final String protoParameter;
    private final String forwardedPrefix;
    private byte @Nullable [] addressBytes;
    private String hostField = "";
    private String host = "";
    private String forwarded = "";

    /**
     * @param address textual IP address of the peer, without port
     * @param secure whether the connection is one of TLS
     * @param certificate with which it proved who it is; null when it did not
     * @param leaving says whether the listener of the connection is not there any more
     */
    public Client(String address, boolean secure, @Nullable PeerCertificate certificate, BooleanSupplier leaving) {
        this(address, secure, certificate == null ? null : new ShownCertificate(certificate), leaving);
    }

    private Client(String address, boolean secure, @Nullable ShownCertificate certificate, BooleanSupplier leaving) {
        this.certificate = certificate;
        this.leaving = leaving;
        this.address = address;
        this.secure = secure;
        this.protoParameter = secure ? ";proto=https" : ";proto=http";
        this.forwardedPrefix = forParameter(address);
    }

    /** RFC 7239, 6: an IPv6 address is in brackets and therefore quoted. */
    static String forParameter(String address) {
        return address.indexOf(':') < 0 ? "for=" + address : "for=\"[" + address + "]\"";
    }

    boolean isLeaving() {
        return leaving.getAsBoolean();
    }

    /** Whether the connection is one of TLS. */
    public boolean isSecure() {
        return secure;
    }

    /** The certificate with which the peer proved who it is; null when it did not. */
    @Nullable
    ShownCertificate certificate() {
        return certificate;
    }

    /** The same peer, for a request that asks for another host while others are under way. */
    public Client anew() {
        return new Client(address, secure, certificate, leaving);
    }

    public String address() {
        return address;
    }

    /** The address as 4 or 16 bytes, worked out when first asked for; empty when it is none. */
    byte[] addressBytes() {
        byte[] known = addressBytes;
        if (known == null) {
            known = bytesOf(address);
            addressBytes = known;
        }
        return known;
    }

    /** A zone, which an address of one link may have, is no part of it. */
    static byte[] bytesOf(String address) {
        int zone = address.indexOf('%');
        byte[] bytes = IpAddress.parse(zone < 0 ? address : address.substring(0, zone));
        return bytes == null ? NO_ADDRESS : bytes;
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
                ? forwardedPrefix + protoParameter
                : forwardedPrefix + ";host=\"" + field + "\"" + protoParameter;
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
