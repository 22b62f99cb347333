package io.tollgate.node.sync;

import io.tollgate.proto.config.v1.ListenerState;
import org.jspecify.annotations.Nullable;

/**
 * How one listener of the configuration fares on this node. Immutable.
 *
 * @param id of the listener
 * @param failure why it does not listen; null when it does
 */
public record ListenerStanding(String id, @Nullable String failure) {
    public boolean listening() {
        return failure == null;
    }

    ListenerState message() {
        return ListenerState.newBuilder()
                .setListenerId(id)
                .setListening(listening())
                .setDetail(failure == null ? "" : failure)
                .build();
    }
}
