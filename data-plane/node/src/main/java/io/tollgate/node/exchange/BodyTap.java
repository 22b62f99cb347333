package io.tollgate.node.exchange;

import io.vertx.core.buffer.Buffer;

/** Sees the body of a request on its way to the upstream; must not change, keep or delay it. Event-loop confined. */
public interface BodyTap {
    /** Some bytes passed. */
    void onBytes(Buffer bytes);

    /** All of them did. */
    void onEnd();
}
