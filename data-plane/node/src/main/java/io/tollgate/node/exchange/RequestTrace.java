package io.tollgate.node.exchange;

import io.tollgate.engine.upstream.TargetState;

/** What is told of one request to whoever follows calls through several programs. Event-loop confined. */
public interface RequestTrace extends TraceParent {
    /** Id of the trace, 32 hexadecimal digits. */
    String traceId();

    /**
     * An attempt at a target begins.
     *
     * @param resends how many attempts of the call came before
     */
    AttemptTrace attempt(Exchange exchange, TargetState target, int resends);

    /** The request ended; called once. */
    void ended(Exchange exchange, Outcome outcome);
}
