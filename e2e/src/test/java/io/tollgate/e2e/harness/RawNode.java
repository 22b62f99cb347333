package io.tollgate.e2e.harness;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.grpc.stub.StreamObserver;
import io.tollgate.proto.config.v1.ConfigStreamServiceGrpc;
import io.tollgate.proto.config.v1.ControlMessage;
import io.tollgate.proto.config.v1.Hello;
import io.tollgate.proto.config.v1.NodeMessage;
import io.tollgate.proto.join.v1.JoinRequest;
import io.tollgate.proto.join.v1.JoinServiceGrpc;
import io.tollgate.proto.join.v1.NodeCertificate;
import io.tollgate.proto.join.v1.RenewRequest;
import io.tollgate.proto.usage.v1.UsageBatch;
import io.tollgate.proto.usage.v1.UsageReceipt;
import io.tollgate.proto.usage.v1.UsageStreamServiceGrpc;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Somebody who speaks to the stream port as a node would, and says what the test wants. It believes any server. Not thread-safe. */
public final class RawNode implements AutoCloseable {
    private static final long WAIT_SECONDS_MAX = 20;

    private final ManagedChannel channel;

    private RawNode(ManagedChannel channel) {
        this.channel = channel;
    }

    /** What somebody has got by joining. */
    public record Member(KeyPair key, X509Certificate certificate) {}

    public static KeyPair newKey() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    /** Over TLS, as this member or as nobody. */
    public static RawNode dial(int port, @Nullable Member member) throws SSLException {
        SslContextBuilder tls = GrpcSslContexts.forClient().trustManager(InsecureTrustManagerFactory.INSTANCE);
        if (member != null) {
            tls.keyManager(member.key().getPrivate(), member.certificate());
        }
        return new RawNode(NettyChannelBuilder.forAddress("127.0.0.1", port)
                .sslContext(tls.build())
                .build());
    }

    /** Without TLS. */
    public static RawNode dialPlain(int port) {
        return new RawNode(
                NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build());
    }

    /** Joins with a token as it was issued. */
    public Member join(String token, String nodeId) throws Exception {
        KeyPair key = newKey();
        String[] parts = token.split("\\.", -1);
        UUID id = UUID.fromString(parts[1].replaceFirst("(.{8})(.{4})(.{4})(.{4})(.{12})", "$1-$2-$3-$4-$5"));
        NodeCertificate answer = JoinServiceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(WAIT_SECONDS_MAX, TimeUnit.SECONDS)
                .join(JoinRequest.newBuilder()
                        .setTokenId(id.toString())
                        .setTokenSecret(parts[2])
                        .setNodeId(nodeId)
                        .setPublicKey(ByteString.copyFrom(key.getPublic().getEncoded()))
                        .build());
        return new Member(key, (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(
                        new ByteArrayInputStream(answer.getCertificate().toByteArray())));
    }

    /** How a renewal ends. */
    public Status renew() throws Exception {
        try {
            JoinServiceGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(WAIT_SECONDS_MAX, TimeUnit.SECONDS)
                    .renew(RenewRequest.newBuilder()
                            .setPublicKey(
                                    ByteString.copyFrom(newKey().getPublic().getEncoded()))
                            .build());
            return Status.OK;
        } catch (RuntimeException refused) {
            return Status.fromThrowable(refused);
        }
    }

    /** How the configuration stream of who says this id goes: OK once a message came, else how it ended. */
    public Status watch(String nodeId) throws Exception {
        return RawNode.<NodeMessage, ControlMessage>first(
                answers -> ConfigStreamServiceGrpc.newStub(channel).watch(answers),
                NodeMessage.newBuilder()
                        .setHello(Hello.newBuilder()
                                .setNodeId(nodeId)
                                .setBootEpoch(1)
                                .setProtocolLevel(1))
                        .build());
    }

    /** How a usage batch of this node fares: OK once there is a receipt, whatever it says, else how the stream ended. */
    public Status report(String nodeId) throws Exception {
        return RawNode.<UsageBatch, UsageReceipt>first(
                answers -> UsageStreamServiceGrpc.newStub(channel).report(answers),
                UsageBatch.newBuilder()
                        .setNodeId(nodeId)
                        .setBootEpoch(1)
                        .setSequence(1)
                        .build());
    }

    /** An open configuration stream; completes with how it ends. */
    public CompletableFuture<Status> stay(String nodeId) {
        CompletableFuture<Status> end = new CompletableFuture<>();
        StreamObserver<NodeMessage> stream =
                ConfigStreamServiceGrpc.newStub(channel).watch(new Ending<ControlMessage>(end));
        stream.onNext(NodeMessage.newBuilder()
                .setHello(Hello.newBuilder().setNodeId(nodeId).setBootEpoch(1).setProtocolLevel(1))
                .build());
        return end;
    }

    private static <Q, A> Status first(Function<StreamObserver<A>, StreamObserver<Q>> open, Q message)
            throws Exception {
        CompletableFuture<Status> first = new CompletableFuture<>();
        StreamObserver<Q> stream = open.apply(new Ending<>(first) {
            @Override
            public void onNext(A answer) {
                first.complete(Status.OK);
            }
        });
        stream.onNext(message);
        return first.get(WAIT_SECONDS_MAX, TimeUnit.SECONDS);
    }

    private static class Ending<A> implements StreamObserver<A> {
        private final CompletableFuture<Status> end;

        Ending(CompletableFuture<Status> end) {
            this.end = end;
        }

        @Override
        public void onNext(A answer) {}

        @Override
        public void onError(Throwable failure) {
            end.complete(Status.fromThrowable(failure));
        }

        @Override
        public void onCompleted() {
            end.complete(Status.OK.withDescription("completed"));
        }
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
