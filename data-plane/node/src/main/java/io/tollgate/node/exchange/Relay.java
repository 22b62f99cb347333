package io.tollgate.node.exchange;

import io.tollgate.engine.upstream.CallRules;
import io.tollgate.engine.upstream.Upstream;

/** Sends calls on to services. Event-loop confined. */
public interface Relay {
    /** Forwards an admitted call; {@code ending} is told once how it ended. */
    void forward(Exchange exchange, Upstream upstream, CallRules rules, Ending ending);
}
