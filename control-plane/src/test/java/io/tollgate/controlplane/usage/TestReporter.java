package io.tollgate.controlplane.usage;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.tollgate.controlplane.stream.TestNode;
import io.tollgate.proto.usage.v1.UsageBatch;
import io.tollgate.proto.usage.v1.UsageReceipt;
import io.tollgate.proto.usage.v1.UsageRow;
import io.tollgate.proto.usage.v1.UsageStreamServiceGrpc;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** A node's end of the usage stream over a real connection. One thread. */
public final class TestReporter implements AutoCloseable {
    private static final long WAIT_SECONDS_MAX = 30;

    private final ManagedChannel channel;
    private final StreamObserver<UsageBatch> toControlPlane;
    private final BlockingQueue<UsageReceipt> receipts = new LinkedBlockingQueue<>();
    private final BlockingQueue<Status> ends = new LinkedBlockingQueue<>();

    public TestReporter(int port) {
        this(port, TestNode.JOIN_TOKEN);
    }

    private TestReporter(int port, String joinToken) {
        channel =
                NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
        toControlPlane = UsageStreamServiceGrpc.newStub(channel)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(TestNode.authorization(joinToken)))
                .report(new StreamObserver<>() {
                    @Override
                    public void onNext(UsageReceipt receipt) {
                        receipts.add(receipt);
                    }

                    @Override
                    public void onError(Throwable failure) {
                        ends.add(Status.fromThrowable(failure));
                    }

                    @Override
                    public void onCompleted() {
                        ends.add(Status.OK);
                    }
                });
    }

    static Status.Code statusWithToken(int port, String joinToken) {
        try (TestReporter reporter = new TestReporter(port, joinToken)) {
            return polled(reporter.ends).getCode();
        }
    }

    /** Sends one batch and waits for its receipt. */
    public UsageReceipt report(UsageBatch batch) {
        toControlPlane.onNext(batch);
        return polled(receipts);
    }

    /** A batch with its right digest. */
    public static UsageBatch batch(
            String node, long sequence, UnaryOperator<UsageBatch.Builder> also, UsageRow... rows) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (UsageRow row : rows) {
                digest.update(row.toByteArray());
            }
            return also.apply(UsageBatch.newBuilder()
                            .setNodeId(node)
                            .setBootEpoch(1)
                            .setSequence(sequence)
                            .addAllRows(List.of(rows))
                            .setSealedAtMillis(1_740_000_000_000L)
                            .setDigest(ByteString.copyFrom(digest.digest())))
                    .build();
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }

    private static <T> T polled(BlockingQueue<T> queue) {
        try {
            T element = queue.poll(WAIT_SECONDS_MAX, TimeUnit.SECONDS);
            if (element == null) {
                throw new AssertionError("no answer within " + WAIT_SECONDS_MAX + " s");
            }
            return element;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
