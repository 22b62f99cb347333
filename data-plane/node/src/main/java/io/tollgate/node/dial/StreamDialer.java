package io.tollgate.node.dial;

import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
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
import java.util.concurrent.Callable;

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

    private final Vertx vertx;
    private final List<ControlPlaneAddress> addresses;
    private final StreamSecurity security;
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
        return new StreamDialer(vertx, addresses, security);
    }

    /** A channel to the next address; it connects when the first call is made. */
    public DialedChannel dial() {
        ControlPlaneAddress address = addresses.get(next);
        next = (next + 1) % addresses.size();
        GrpcIoClient client = GrpcIoClient.client(
                vertx, new GrpcClientOptions().setMaxMessageSize(MESSAGE_BYTES_MAX), transportOptions());
        Channel channel =
                new GrpcIoClientChannel(client, SocketAddress.inetSocketAddress(address.port(), address.host()));
        if (security.joinToken() != null) {
            Metadata metadata = new Metadata();
            metadata.put(AUTHORIZATION, "Bearer " + security.joinToken());
            channel = ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(metadata));
        }
        return new DialedChannel(address, channel, client);
    }

    private HttpClientOptions transportOptions() {
        HttpClientOptions options = new HttpClientOptions()
                .setConnectTimeout(CONNECT_TIMEOUT_MILLIS)
                .setProtocolVersion(HttpVersion.HTTP_2)
                .setHttp2ClearTextUpgrade(false);
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
