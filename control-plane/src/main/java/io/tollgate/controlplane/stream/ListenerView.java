package io.tollgate.controlplane.stream;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.tollgate.proto.config.v1.ListenerState;

/**
 * How one node fares with one listener, as it said last. Immutable.
 *
 * @param detail why it does not listen, for people
 */
public record ListenerView(@JsonProperty("listener_id") String listenerId, boolean listening, String detail) {
    static ListenerView of(ListenerState said) {
        return new ListenerView(said.getListenerId(), said.getListening(), said.getDetail());
    }
}
