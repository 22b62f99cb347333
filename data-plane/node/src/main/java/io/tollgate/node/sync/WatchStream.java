package io.tollgate.node.sync;

import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.tollgate.node.dial.DialedChannel;
import io.tollgate.proto.config.v1.ConfigStreamServiceGrpc;
import io.tollgate.proto.config.v1.ControlMessage;
import io.tollgate.proto.config.v1.NodeMessage;
import io.tollgate.proto.config.v1.Revoked;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * One call of the configuration stream. Of the messages of updates the next is asked for when the last was handled, so
 * what waits in memory is bounded by the transport's window. What is small and no part of an update, heartbeats and what was
 * taken back, takes no place in that line: it is read while an update is worked on. Sending is safe from any thread.
 */
final class WatchStream implements ClientResponseObserver<NodeMessage, ControlMessage> {
    /** Who is told what the control plane says. */
    interface Listener {
        /** On the watch thread. */
        void onMessage(WatchStream from, ControlMessage message);

        /** At once, on the thread that reads the stream: what is said before may still be worked on. */
        void onRevoked(WatchStream from, Revoked revoked);

        /** On the watch thread. */
        void onEnd(WatchStream from, Status status);
    }

    /** The one that is worked on, and one that is read meanwhile and tells whether it can go ahead. */
    private static final int MESSAGES_AHEAD = 2;

    private final DialedChannel dialed;
    private final Executor watch;
    private final Listener listener;
    private @Nullable ClientCallStreamObserver<NodeMessage> call;

    private WatchStream(DialedChannel dialed, Executor watch, Listener listener) {
        this.dialed = dialed;
        this.watch = watch;
        this.listener = listener;
    }

    static WatchStream open(DialedChannel dialed, Executor watch, Listener listener) {
        WatchStream stream = new WatchStream(dialed, watch, listener);
        ConfigStreamServiceGrpc.newStub(dialed.channel()).watch(stream);
        return stream;
    }

    @Override
    public synchronized void beforeStart(ClientCallStreamObserver<NodeMessage> started) {
        started.disableAutoRequestWithInitial(MESSAGES_AHEAD);
        call = started;
    }

    @Override
    public void onNext(ControlMessage message) {
        switch (message.getMessageCase()) {
            case REVOKED -> {
                listener.onRevoked(this, message.getRevoked());
                askForNext();
            }
            case HEARTBEAT -> {
                watch.execute(() -> listener.onMessage(this, message));
                askForNext();
            }
            default ->
                watch.execute(() -> {
                    listener.onMessage(this, message);
                    askForNext();
                });
        }
    }

    @Override
    public void onError(Throwable failure) {
        watch.execute(() -> listener.onEnd(this, Status.fromThrowable(failure)));
    }

    @Override
    public void onCompleted() {
        watch.execute(() -> listener.onEnd(this, Status.OK));
    }

    synchronized void send(NodeMessage message) {
        if (call != null) {
            call.onNext(message);
        }
    }

    String peer() {
        return dialed.address().toString();
    }

    /** Breaks the stream off; later words of it are not heard. */
    synchronized void close() {
        call = null;
        dialed.close();
    }

    private synchronized void askForNext() {
        if (call != null) {
            call.request(1);
        }
    }
}
