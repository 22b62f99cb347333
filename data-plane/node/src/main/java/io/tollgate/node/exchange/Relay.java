package io.tollgate.node.exchange;

import io.tollgate.engine.upstream.Upstream;

/** Sends an admitted request on to an upstream and its answer back. One per event loop, confined to it. */
public interface Relay {
    /** Forwards; {@code ending} is told once when it is over, at once or later. */
    void forward(Exchange exchange, Upstream upstream, Ending ending);
}
