package io.tollgate.node.dial;

import com.google.protobuf.ByteString;
import io.grpc.Grpc;
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
import io.grpc.stub.StreamObserver;
import io.tollgate.engine.fixture.TestAuthority;
import io.tollgate.proto.join.v1.JoinRequest;
import io.tollgate.proto.join.v1.JoinServiceGrpc;
import io.tollgate.proto.join.v1.NodeCertificate;
import io.tollgate.proto.join.v1.RenewRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLSession;

/** The far side of joining: TLS with an authority of the test, which notes who asks and answers as it is told. */
final class JoinPeer implements AutoCloseable {
    private final TestAuthority authority;
    private final Queue<Status> refusals = new ConcurrentLinkedQueue<>();
    private final List<JoinRequest> joins = new CopyOnWriteArrayList<>();
    private final List<RenewRequest> renewals = new CopyOnWriteArrayList<>();
    private final List<String> shown = new CopyOnWriteArrayList<>();
    private final Server server;

    private JoinPeer(TestAuthority authority, String name) throws IOException {
        this.authority = authority;
        TestAuthority.Issued own = authority.ecdsaFor(name);
        List<X509Certificate> chain = new ArrayList<>(own.chain());
        chain.add(authority.certificate());
        server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(ServerInterceptors.intercept(new Service(), new Shown()))
                .sslContext(GrpcSslContexts.forServer(stream(TestAuthority.pem(chain)), stream(own.keyPem()))
                        .trustManager(authority.certificate())
                        .clientAuth(ClientAuth.OPTIONAL)
                        .build())
                .build()
                .start();
    }

    /** One whose certificate has this name or address. */
    static JoinPeer start(String name) throws IOException {
        return new JoinPeer(TestAuthority.root("streams"), name);
    }

    /** Another one of the same authority. */
    JoinPeer peer(String name) throws IOException {
        return new JoinPeer(authority, name);
    }

    private static ByteArrayInputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII));
    }

    String fingerprint() throws GeneralSecurityException {
        return HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256")
                        .digest(authority.certificate().getEncoded()));
    }

    ControlPlaneAddress address() {
        return new ControlPlaneAddress("127.0.0.1", server.getPort());
    }

    /** The next who asks is answered so. */
    void refuseNext(Status status) {
        refusals.add(status);
    }

    List<JoinRequest> joins() {
        return joins;
    }

    List<RenewRequest> renewals() {
        return renewals;
    }

    /** Serials of the certificates that callers have shown; "none" where they had none. */
    List<String> shown() {
        return shown;
    }

    @Override
    public void close() {
        server.shutdownNow();
        Await.until("the peer has stopped", server::isTerminated);
    }

    private final class Service extends JoinServiceGrpc.JoinServiceImplBase {
        @Override
        public void join(JoinRequest request, StreamObserver<NodeCertificate> answer) {
            joins.add(request);
            answer(request.getNodeId(), request.getPublicKey(), answer);
        }

        @Override
        public void renew(RenewRequest request, StreamObserver<NodeCertificate> answer) {
            renewals.add(request);
            answer("node-1", request.getPublicKey(), answer);
        }

        private void answer(String nodeId, ByteString publicKey, StreamObserver<NodeCertificate> answer) {
            Status refusal = refusals.poll();
            if (refusal != null) {
                answer.onError(refusal.asRuntimeException());
                return;
            }
            try {
                KeyPair key = new KeyPair(
                        KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(publicKey.toByteArray())),
                        null);
                // It lives for two days more, and began a day ago.
                X509Certificate issued = authority.issue(key, 2, nodeId).certificate();
                answer.onNext(NodeCertificate.newBuilder()
                        .setCertificate(ByteString.copyFrom(issued.getEncoded()))
                        .setAuthority(
                                ByteString.copyFrom(authority.certificate().getEncoded()))
                        .build());
                answer.onCompleted();
            } catch (GeneralSecurityException e) {
                answer.onError(e);
            }
        }
    }

    private final class Shown implements ServerInterceptor {
        @Override
        public <Q, A> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
            shown.add(serial(call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION)));
            return next.startCall(call, headers);
        }
    }

    private static String serial(SSLSession session) {
        try {
            return ((X509Certificate) session.getPeerCertificates()[0])
                    .getSerialNumber()
                    .toString(16);
        } catch (IOException noneWasShown) {
            return "none";
        }
    }
}
