package io.tollgate.node.exchange;

/** Something that an upstream may take for the cause of what it does. Event-loop confined. */
public interface TraceParent {
    /** Appends the fields of the trace context (W3C Trace Context, 2). */
    void appendTo(HeadSink head);
}
