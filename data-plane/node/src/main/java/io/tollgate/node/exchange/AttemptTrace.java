package io.tollgate.node.exchange;

import io.tollgate.engine.upstream.CallResult;

/** The part of a trace that is one attempt at a target. Event-loop confined. */
public interface AttemptTrace extends TraceParent {
    /** The head of the final answer came. */
    void answered(int status);

    /** The attempt ended; called once. */
    void ended(CallResult result);
}
