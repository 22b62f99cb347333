package io.tollgate.controlplane.stream;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.tollgate.controlplane.EmbeddedPostgresResource;
import io.tollgate.engine.compile.WireConfiguration;
import io.tollgate.proto.config.v1.Ack;
import io.tollgate.proto.config.v1.Change;
import io.tollgate.proto.config.v1.ConfigStreamServiceGrpc;
import io.tollgate.proto.config.v1.ControlMessage;
import io.tollgate.proto.config.v1.Goodbye;
import io.tollgate.proto.config.v1.Hello;
import io.tollgate.proto.config.v1.Nack;
import io.tollgate.proto.config.v1.NewSubject;
import io.tollgate.proto.config.v1.NewSubjects;
import io.tollgate.proto.config.v1.NodeHeartbeat;
import io.tollgate.proto.config.v1.NodeMessage;
import io.tollgate.proto.config.v1.ObjectKind;
import io.tollgate.proto.config.v1.ObjectProblem;
import io.tollgate.proto.config.v1.Revoked;
import io.tollgate.proto.config.v1.UpdateBegin;
import io.tollgate.proto.config.v1.UpdateKind;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A node's end of the configuration stream over a real connection; it folds what it is given and says what the test wants. */
public final class TestNode implements AutoCloseable {
    public static final String JOIN_TOKEN = EmbeddedPostgresResource.JOIN_TOKEN;
    private static final long WAIT_SECONDS_MAX = 10;

    /** One update as it arrived. */
    public record Received(UpdateBegin begin, List<Change> changes) {
        public boolean isFull() {
            return begin.getKind() == UpdateKind.UPDATE_KIND_FULL;
        }
    }

    private final ManagedChannel channel;
    private final StreamObserver<NodeMessage> toControlPlane;
    private final BlockingQueue<Received> updates = new LinkedBlockingQueue<>();
    private final BlockingQueue<ControlMessage> heartbeats = new LinkedBlockingQueue<>();
    private final BlockingQueue<Revoked> revoked = new LinkedBlockingQueue<>();
    private final BlockingQueue<Goodbye> goodbyes = new LinkedBlockingQueue<>();
    private final BlockingQueue<Status> ends = new LinkedBlockingQueue<>();
    private final WireConfiguration wire = new WireConfiguration();
    private @Nullable UpdateBegin begun;
    private List<Change> gathered = new ArrayList<>();

    private TestNode(int port, String joinToken) {
        channel =
                NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
        toControlPlane = ConfigStreamServiceGrpc.newStub(channel)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(authorization(joinToken)))
                .watch(new StreamObserver<>() {
                    @Override
                    public void onNext(ControlMessage message) {
                        received(message);
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

    public static TestNode dial(int port) {
        return new TestNode(port, JOIN_TOKEN);
    }

    public static TestNode dialWith(int port, String joinToken) {
        return new TestNode(port, joinToken);
    }

    public static Metadata authorization(String joinToken) {
        Metadata metadata = new Metadata();
        metadata.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + joinToken);
        return metadata;
    }

    /** Says hello as a node that holds nothing. */
    public TestNode hello(String nodeId, long bootEpoch) {
        return hello(Hello.newBuilder()
                .setNodeId(nodeId)
                .setBootEpoch(bootEpoch)
                .setProtocolLevel(1)
                .setVersion("test")
                .build());
    }

    public TestNode hello(Hello hello) {
        send(NodeMessage.newBuilder().setHello(hello).build());
        return this;
    }

    /** Says hello as a node that holds what {@code held} brought it. */
    public TestNode hello(String nodeId, long bootEpoch, UpdateBegin held) {
        return hello(Hello.newBuilder()
                .setNodeId(nodeId)
                .setBootEpoch(bootEpoch)
                .setProtocolLevel(1)
                .setHeldRevision(held.getRevision())
                .setHeldDigest(held.getDigest())
                .setHeldControlEpoch(held.getControlEpoch())
                .build());
    }

    /** Puts an update on what is held and acknowledges it as applied and durable. */
    public Received take() {
        Received update = next();
        fold(update);
        ack(update);
        return update;
    }

    /** Takes updates until this revision is held. */
    public Received takeUntil(long revision) {
        while (true) {
            Received update = take();
            if (update.begin().getRevision() >= revision) {
                return update;
            }
        }
    }

    /** The next update, neither folded nor answered. */
    public Received next() {
        return polled(updates, "an update");
    }

    /** Whether another update is there. */
    public boolean hasUpdate() {
        return !updates.isEmpty();
    }

    public void fold(Received update) {
        if (update.isFull()) {
            wire.apply(wire.changes().stream()
                    .map(change ->
                            change.toBuilder().clearObject().setRemoved(true).build())
                    .toList());
        }
        wire.apply(update.changes());
    }

    public ByteString digest() {
        return ByteString.copyFrom(wire.digest());
    }

    public WireConfiguration wire() {
        return wire;
    }

    public void ack(Received update) {
        send(NodeMessage.newBuilder()
                .setAck(Ack.newBuilder()
                        .setNonce(update.begin().getNonce())
                        .setAppliedRevision(update.begin().getRevision())
                        .setDurableRevision(update.begin().getRevision())
                        .setDigest(digest()))
                .build());
    }

    public void nack(Received update, String detail) {
        send(NodeMessage.newBuilder()
                .setNack(Nack.newBuilder()
                        .setNonce(update.begin().getNonce())
                        .setRefusedRevision(update.begin().getRevision())
                        .addProblems(ObjectProblem.newBuilder()
                                .setKind(ObjectKind.OBJECT_KIND_ROUTE)
                                .setId("00000000-0000-0000-0000-000000000001")
                                .setName("pets")
                                .setPointer("/paths/0")
                                .setDetail(detail)))
                .build());
    }

    public void heartbeat(long revision, ByteString digest, String controlEpoch) {
        send(NodeMessage.newBuilder()
                .setHeartbeat(NodeHeartbeat.newBuilder()
                        .setAppliedRevision(revision)
                        .setDurableRevision(revision)
                        .setDigest(digest)
                        .setControlEpoch(controlEpoch))
                .build());
    }

    /** Somebody who is to become a consumer has called. */
    public void meet(String issuerId, String subject) {
        send(NodeMessage.newBuilder()
                .setNewSubjects(NewSubjects.newBuilder()
                        .addSubjects(
                                NewSubject.newBuilder().setIssuerId(issuerId).setSubject(subject)))
                .build());
    }

    public ControlMessage nextHeartbeat() {
        return polled(heartbeats, "a heartbeat");
    }

    /** Says hello as a node that wants to know at once what is taken back. */
    public TestNode helloHearingRevoked(String nodeId, long bootEpoch, UpdateBegin held) {
        return hello(Hello.newBuilder()
                .setNodeId(nodeId)
                .setBootEpoch(bootEpoch)
                .setProtocolLevel(1)
                .addCapabilities("revoked")
                .setHeldRevision(held.getRevision())
                .setHeldDigest(held.getDigest())
                .setHeldControlEpoch(held.getControlEpoch())
                .build());
    }

    public Revoked nextRevoked() {
        return polled(revoked, "what was taken back");
    }

    public boolean hasRevoked() {
        return !revoked.isEmpty();
    }

    public Goodbye nextGoodbye() {
        return polled(goodbyes, "a goodbye");
    }

    public Status nextEnd() {
        return polled(ends, "the end of the stream");
    }

    /** Ends the stream as a node does that stops. */
    public void hangUp() {
        synchronized (toControlPlane) {
            toControlPlane.onCompleted();
        }
    }

    @Override
    public void close() {
        channel.shutdownNow();
        try {
            channel.awaitTermination(WAIT_SECONDS_MAX, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void send(NodeMessage message) {
        synchronized (toControlPlane) {
            toControlPlane.onNext(message);
        }
    }

    private void received(ControlMessage message) {
        switch (message.getMessageCase()) {
            case BEGIN -> {
                begun = message.getBegin();
                gathered = new ArrayList<>();
            }
            case CHUNK -> gathered.addAll(message.getChunk().getChangesList());
            case COMMIT -> {
                UpdateBegin begin = begun;
                if (begin == null || begin.getChangeCount() != gathered.size()) {
                    throw new AssertionError("a commit without its update");
                }
                updates.add(new Received(begin, gathered));
            }
            case HEARTBEAT -> heartbeats.add(message);
            case REVOKED -> revoked.add(message.getRevoked());
            case GOODBYE -> goodbyes.add(message.getGoodbye());
            case MESSAGE_NOT_SET -> throw new AssertionError("an empty message");
        }
    }

    private static <T> T polled(BlockingQueue<T> queue, String what) {
        try {
            T element = queue.poll(WAIT_SECONDS_MAX, TimeUnit.SECONDS);
            if (element == null) {
                throw new AssertionError("not within " + WAIT_SECONDS_MAX + " s: " + what);
            }
            return element;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
