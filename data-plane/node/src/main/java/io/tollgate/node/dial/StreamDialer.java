package io.tollgate.node.dial;

import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.stub.MetadataUtils;
import io.netty.handler.ssl.util.KeyManagerFactoryWrapper;
import io.netty.handler.ssl.util.TrustManagerFactoryWrapper;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.TrustOptions;
import io.vertx.grpc.client.GrpcClientOptions;
import io.vertx.grpcio.client.GrpcIoClient;
import io.vertx.grpcio.client.GrpcIoClientChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509KeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Opens channels to the control planes, each address in its turn. Confined to the thread of the stream that dials.
 *
 * <p>Every dial has a connection of its own: a stream that fell silent must not be tried again on the same dead
 * connection.
 */
public final class StreamDialer {
    /** Largest message either way: a chunk of configuration is far below, a full usage batch is about 1.5 MB. */
    public static final long MESSAGE_BYTES_MAX = 4 * 1024 * 1024;

    private static final int CONNECT_TIMEOUT_MILLIS = 3_000;
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    private static final Status NOT_JOINED = Status.UNAUTHENTICATED.withDescription("this node has not joined yet");

    private final Vertx vertx;
    private final List<ControlPlaneAddress> addresses;
    private final StreamSecurity security;
    /** Asked at each dial, so that a renewed certificate is shown from the next one on; null: as {@code security} says. */
    private final @Nullable Supplier<@Nullable Membership> membership;

    private int next;

    /**
     * Dials these addresses, the first one first.
     *
     * @throws IllegalArgumentException with one line for the operator, when a PEM file cannot be read or is none
     */
    public StreamDialer(Vertx vertx, List<ControlPlaneAddress> addresses, StreamSecurity security) {
        if (addresses.isEmpty()) {
            throw new IllegalArgumentException("no control plane (expected: at least one host:port)");
        }
        security.requireReadable();
        this.vertx = vertx;
        this.addresses = List.copyOf(addresses);
        this.security = security;
        this.membership = null;
        HttpClientOptions options = transportOptions();
        TrustOptions trust = options.getTrustOptions();
        if (trust != null) {
            requirePem("trust " + security.trust(), "certificates in PEM", () -> trust.getTrustManagerFactory(vertx));
        }
        KeyCertOptions own = options.getKeyCertOptions();
        if (own != null) {
            requirePem(
                    "certificate " + security.certificate() + " with key " + security.key(),
                    "a certificate and its private key in PEM",
                    () -> own.getKeyManagerFactory(vertx));
        }
    }

    private StreamDialer(Vertx vertx, List<ControlPlaneAddress> addresses, Supplier<@Nullable Membership> membership) {
        this.vertx = vertx;
        this.addresses = List.copyOf(addresses);
        this.security = StreamSecurity.plainText(null);
        this.membership = membership;
    }

    /** Dials these addresses as a member, which {@code membership} gives as it stands; null while it is none. */
    public static StreamDialer ofMember(
            Vertx vertx, List<ControlPlaneAddress> addresses, Supplier<@Nullable Membership> membership) {
        return new StreamDialer(vertx, addresses, membership);
    }

    /** Asked at the start: later it would show only as a stream that never opens. */
    private static void requirePem(String what, String expected, Callable<?> load) {
        try {
            load.call();
        } catch (Exception bad) {
            throw new IllegalArgumentException(
                    "stream " + what + " (expected: " + expected + "): " + bad.getMessage(), bad);
        }
    }

    /** A dialler of the same addresses for another stream, so that each goes round them by itself. */
    public StreamDialer another() {
        Supplier<@Nullable Membership> asMember = membership;
        return asMember == null
                ? new StreamDialer(vertx, addresses, security)
                : new StreamDialer(vertx, addresses, asMember);
    }

    /** A channel to the next address; it connects when the first call is made. */
    public DialedChannel dial() {
        Supplier<@Nullable Membership> asMember = membership;
        if (asMember != null) {
            Membership held = asMember.get();
            return held == null
                    ? new DialedChannel(nextAddress(), new ClosedChannel(NOT_JOINED), () -> {})
                    : dial(options(AuthorityTrust.of(held.authority()), new MemberKeys(held)));
        }
        return dial(transportOptions());
    }

    /** A channel to the next address for whoever joins: nothing is shown. */
    DialedChannel dialToJoin(AuthorityTrust trust) {
        return dial(options(trust, null));
    }

    private ControlPlaneAddress nextAddress() {
        ControlPlaneAddress address = addresses.get(next);
        next = (next + 1) % addresses.size();
        return address;
    }

    private DialedChannel dial(HttpClientOptions options) {
        ControlPlaneAddress address = nextAddress();
        GrpcIoClient client =
                GrpcIoClient.client(vertx, new GrpcClientOptions().setMaxMessageSize(MESSAGE_BYTES_MAX), options);
        Channel channel =
                new GrpcIoClientChannel(client, SocketAddress.inetSocketAddress(address.port(), address.host()));
        if (security.joinToken() != null) {
            Metadata metadata = new Metadata();
            metadata.put(AUTHORIZATION, "Bearer " + security.joinToken());
            channel = ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(metadata));
        }
        return new DialedChannel(address, channel, client::close);
    }

    private static HttpClientOptions plainOptions() {
        return new HttpClientOptions()
                .setConnectTimeout(CONNECT_TIMEOUT_MILLIS)
                .setProtocolVersion(HttpVersion.HTTP_2)
                .setHttp2ClearTextUpgrade(false);
    }

    /** Netty's wrappers: those of Vert.x want a logging library that a node does not have. */
    private static HttpClientOptions options(TrustManager trust, @Nullable X509KeyManager own) {
        HttpClientOptions options = plainOptions()
                .setSsl(true)
                .setUseAlpn(true)
                .setEnabledSecureTransportProtocols(Set.of("TLSv1.3"))
                .setTrustOptions(TrustOptions.wrap(new TrustManagerFactoryWrapper(trust)));
        if (own != null) {
            options.setKeyCertOptions(KeyCertOptions.wrap(new KeyManagerFactoryWrapper(own)));
        }
        return options;
    }

    private HttpClientOptions transportOptions() {
        HttpClientOptions options = plainOptions();
        if (!security.isEncrypted()) {
            return options;
        }
        options.setSsl(true).setUseAlpn(true);
        Path trust = security.trust();
        if (trust != null) {
            options.setTrustOptions(new PemTrustOptions().addCertPath(trust.toString()));
        }
        Path certificate = security.certificate();
        Path key = security.key();
        if (certificate != null && key != null) {
            options.setKeyCertOptions(
                    new PemKeyCertOptions().addCertPath(certificate.toString()).addKeyPath(key.toString()));
        }
        return options;
    }
}
