package io.tollgate.engine.signature;

import java.util.List;

/** A request as its client sent it. Whoever asks confines itself to the thread of the request. */
public interface SignedMessage {
    /** As it was sent, in its own case. */
    String method();

    /** {@code http} or {@code https}. */
    String scheme();

    /** Host and port in lower case, without a port that goes with the scheme. */
    String authority();

    /** The target as it was sent: a path with a query where there is one, or a whole URI. */
    String target();

    /** The values of all fields of this name, which is in lower case, in their order. */
    List<String> fields(String name);
}
