package io.tollgate.node.usage;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.tollgate.node.dial.DialedChannel;
import io.tollgate.proto.usage.v1.UsageBatch;
import io.tollgate.proto.usage.v1.UsageReceipt;
import io.tollgate.proto.usage.v1.UsageStreamServiceGrpc;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;

/** One call of the usage stream. Confined to the reporter thread: what the network says hops there first. */
final class ReportStream {
    private final DialedChannel dialed;
    private final StreamObserver<UsageBatch> batches;

    private ReportStream(DialedChannel dialed, StreamObserver<UsageBatch> batches) {
        this.dialed = dialed;
        this.batches = batches;
    }

    /** Makes the call; both consumers run on {@code reporter} and get the channel, to tell an old stream from the new. */
    static ReportStream open(
            DialedChannel dialed,
            Executor reporter,
            BiConsumer<DialedChannel, UsageReceipt> onReceipt,
            BiConsumer<DialedChannel, Status> onEnd) {
        StreamObserver<UsageBatch> batches = UsageStreamServiceGrpc.newStub(dialed.channel())
                .report(new StreamObserver<>() {
                    @Override
                    public void onNext(UsageReceipt receipt) {
                        reporter.execute(() -> onReceipt.accept(dialed, receipt));
                    }

                    @Override
                    public void onError(Throwable failure) {
                        reporter.execute(() -> onEnd.accept(dialed, Status.fromThrowable(failure)));
                    }

                    @Override
                    public void onCompleted() {
                        reporter.execute(() -> onEnd.accept(dialed, Status.OK));
                    }
                });
        return new ReportStream(dialed, batches);
    }

    void send(UsageBatch batch) {
        batches.onNext(batch);
    }

    boolean isOn(DialedChannel other) {
        return dialed == other;
    }

    String peer() {
        return dialed.address().toString();
    }

    void close() {
        dialed.close();
    }
}
