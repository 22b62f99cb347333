package io.tollgate.node.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.stub.StreamObserver;
import io.tollgate.proto.config.v1.Ack;
import io.tollgate.proto.config.v1.Change;
import io.tollgate.proto.config.v1.ConfigStreamServiceGrpc.ConfigStreamServiceImplBase;
import io.tollgate.proto.config.v1.ControlHeartbeat;
import io.tollgate.proto.config.v1.ControlMessage;
import io.tollgate.proto.config.v1.Goodbye;
import io.tollgate.proto.config.v1.GoodbyeReason;
import io.tollgate.proto.config.v1.Hello;
import io.tollgate.proto.config.v1.Nack;
import io.tollgate.proto.config.v1.NodeMessage;
import io.tollgate.proto.config.v1.NodeMessage.MessageCase;
import io.tollgate.proto.config.v1.Revoked;
import io.tollgate.proto.config.v1.UpdateBegin;
import io.tollgate.proto.config.v1.UpdateChunk;
import io.tollgate.proto.config.v1.UpdateCommit;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The far end of the configuration stream: the test says what it says, and sees what it hears. */
final class ControlPeer extends ConfigStreamServiceImplBase {
    private static final long BOUND_SECONDS = 20;

    private final BlockingQueue<Session> sessions = new LinkedBlockingQueue<>();

    @Override
    public StreamObserver<NodeMessage> watch(StreamObserver<ControlMessage> toNode) {
        Session session = new Session(toNode);
        sessions.add(session);
        return session;
    }

    /** The next stream that a node opens. */
    Session nextSession() throws InterruptedException {
        return some(sessions.poll(BOUND_SECONDS, TimeUnit.SECONDS), "a stream");
    }

    private static <T> T some(@Nullable T found, String what) {
        if (found == null) {
            throw new AssertionError("not within " + BOUND_SECONDS + " s: " + what);
        }
        return found;
    }

    /** One stream of a node. */
    static final class Session implements StreamObserver<NodeMessage> {
        private final StreamObserver<ControlMessage> toNode;
        private final BlockingQueue<NodeMessage> heard = new LinkedBlockingQueue<>();

        private Session(StreamObserver<ControlMessage> toNode) {
            this.toNode = toNode;
        }

        @Override
        public void onNext(NodeMessage message) {
            heard.add(message);
        }

        @Override
        public void onError(Throwable gone) {
            // The node broke the stream off: the test sees the next one.
        }

        @Override
        public void onCompleted() {
            toNode.onCompleted();
        }

        Hello hello() throws InterruptedException {
            NodeMessage first = some(heard.poll(BOUND_SECONDS, TimeUnit.SECONDS), "a hello");
            assertThat(first.getMessageCase()).isEqualTo(MessageCase.HELLO);
            return first.getHello();
        }

        Ack ack() throws InterruptedException {
            return next(MessageCase.ACK).getAck();
        }

        Nack nack() throws InterruptedException {
            return next(MessageCase.NACK).getNack();
        }

        NodeMessage heartbeat() throws InterruptedException {
            return some(heard.poll(BOUND_SECONDS, TimeUnit.SECONDS), "a heartbeat");
        }

        /** The next message that is no heartbeat. */
        private NodeMessage next(MessageCase expected) throws InterruptedException {
            NodeMessage message;
            do {
                message = some(heard.poll(BOUND_SECONDS, TimeUnit.SECONDS), expected.name());
            } while (message.getMessageCase() == MessageCase.HEARTBEAT);
            assertThat(message.getMessageCase()).isEqualTo(expected);
            return message;
        }

        void update(UpdateBegin begin, List<Change> changes) {
            send(ControlMessage.newBuilder().setBegin(begin));
            for (Change change : changes) {
                send(ControlMessage.newBuilder()
                        .setChunk(UpdateChunk.newBuilder()
                                .setNonce(begin.getNonce())
                                .addChanges(change)));
            }
            send(ControlMessage.newBuilder().setCommit(UpdateCommit.newBuilder().setNonce(begin.getNonce())));
        }

        void heartbeat(ControlHeartbeat beat) {
            send(ControlMessage.newBuilder().setHeartbeat(beat));
        }

        void revoked(Revoked revoked) {
            send(ControlMessage.newBuilder().setRevoked(revoked));
        }

        void goodbye(GoodbyeReason reason) {
            send(ControlMessage.newBuilder().setGoodbye(Goodbye.newBuilder().setReason(reason)));
        }

        void chunk(UpdateChunk chunk) {
            send(ControlMessage.newBuilder().setChunk(chunk));
        }

        private void send(ControlMessage.Builder message) {
            toNode.onNext(message.build());
        }
    }
}
