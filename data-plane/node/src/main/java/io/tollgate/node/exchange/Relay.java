package io.tollgate.node.exchange;

import io.tollgate.engine.action.Mirror;
import io.tollgate.engine.upstream.CallRules;
import io.tollgate.engine.upstream.Upstream;

/** Sends calls on to services. Event-loop confined. */
public interface Relay {
    /** Forwards an admitted call; {@code ending} is told once when it is over, at once or later. */
    void forward(Exchange exchange, Upstream upstream, CallRules rules, Ending ending);

    /** Sends a copy as well, when there is room for it; neither the call nor its meter hears how that goes. */
    void mirror(Exchange exchange, Mirror mirror);

    /**
     * Asks a service about a call; {@code listener} hears once what became of it, at once or later.
     *
     * @return ends it without anybody hearing of it
     */
    Runnable ask(Inquiry inquiry, Inquiry.Listener listener);

    /** Whether the configuration of now would still let in the caller of a call that an earlier one let in. */
    boolean isStillWelcome(Exchange exchange);
}
