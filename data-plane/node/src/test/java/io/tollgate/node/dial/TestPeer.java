package io.tollgate.node.dial;

import io.grpc.BindableService;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.ClientAuth;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/** The far side of a stream: a grpc-java server on a free port of this machine that asks for a join token. */
public final class TestPeer implements AutoCloseable {
    /** What it asks for. */
    public static final String TOKEN = "join-token-of-the-test";

    private final Server server;
    private final int port;

    private TestPeer(Server server) {
        this.server = server;
        this.port = server.getPort();
    }

    /** A peer on a free port. */
    public static TestPeer start(BindableService service) throws IOException {
        return startOn(0, service);
    }

    /** A peer on the port of one that was stopped. */
    public static TestPeer startOn(int port, BindableService service) throws IOException {
        return new TestPeer(NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .addService(ServerInterceptors.intercept(service, new TokenCheck()))
                .maxInboundMessageSize((int) StreamDialer.MESSAGE_BYTES_MAX)
                .build()
                .start());
    }

    /** A peer that speaks TLS and wants to see a certificate that it knows. */
    public static TestPeer startEncrypted(TestCertificate own, TestCertificate wanted, BindableService service)
            throws IOException {
        return new TestPeer(NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(ServerInterceptors.intercept(service, new TokenCheck()))
                .sslContext(GrpcSslContexts.forServer(
                                own.certificate().toFile(), own.key().toFile())
                        .trustManager(wanted.certificate().toFile())
                        .clientAuth(ClientAuth.REQUIRE)
                        .build())
                .build()
                .start());
    }

    /** Where it listens. */
    public int port() {
        return port;
    }

    /** As a node is told. */
    public List<ControlPlaneAddress> addresses() {
        return List.of(new ControlPlaneAddress("127.0.0.1", port()));
    }

    /** Breaks all connections off. */
    @Override
    public void close() {
        server.shutdownNow();
        Await.until("the peer has stopped", server::isTerminated);
    }

    private static final class TokenCheck implements ServerInterceptor {
        private static final Metadata.Key<String> AUTHORIZATION =
                Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

        @Override
        public <Q, A> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
            if (("Bearer " + TOKEN).equals(headers.get(AUTHORIZATION))) {
                return next.startCall(call, headers);
            }
            call.close(Status.UNAUTHENTICATED.withDescription("no or wrong join token"), new Metadata());
            return new ServerCall.Listener<>() {};
        }
    }
}
