package io.tollgate.node.dial;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/** Leads nowhere: every call on it ends at once, with the reason. Immutable. */
final class ClosedChannel extends Channel {
    private final Status reason;

    ClosedChannel(Status reason) {
        this.reason = reason;
    }

    @Override
    public <Q, A> ClientCall<Q, A> newCall(MethodDescriptor<Q, A> method, CallOptions options) {
        return new ClientCall<>() {
            @Override
            public void start(Listener<A> listener, Metadata headers) {
                listener.onClose(reason, new Metadata());
            }

            @Override
            public void request(int messages) {}

            @Override
            public void cancel(@Nullable String message, @Nullable Throwable cause) {}

            @Override
            public void halfClose() {}

            @Override
            public void sendMessage(Q message) {}
        };
    }

    @Override
    public String authority() {
        return "nowhere";
    }
}
