package io.tollgate.node.sync;

import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.tollgate.node.dial.DialedChannel;
import io.tollgate.proto.config.v1.ConfigStreamServiceGrpc;
import io.tollgate.proto.config.v1.ControlMessage;
import io.tollgate.proto.config.v1.NodeMessage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * One call of the configuration stream. Messages come one at a time: the next is asked for when the last was handled, so
 * what waits in memory is bounded by the transport's window. Sending is safe from any thread.
 */
final class WatchStream implements ClientResponseObserver<NodeMessage, ControlMessage> {
    /** Who is told what the control plane says; always on the watch thread. */
    interface Listener {
        void onMessage(WatchStream from, ControlMessage message);

        void onEnd(WatchStream from, Status status);
    }

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
        started.disableAutoRequestWithInitial(1);
        call = started;
    }

    @Override
    public void onNext(ControlMessage message) {
        watch.execute(() -> {
            listener.onMessage(this, message);
            askForNext();
        });
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
