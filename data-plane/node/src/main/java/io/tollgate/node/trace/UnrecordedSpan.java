package io.tollgate.node.trace;

import io.opentelemetry.api.trace.Span;
import io.tollgate.engine.upstream.CallResult;
import io.tollgate.engine.upstream.TargetState;
import io.tollgate.node.exchange.AttemptTrace;
import io.tollgate.node.exchange.Exchange;
import io.tollgate.node.exchange.HeadSink;
import io.tollgate.node.exchange.Outcome;
import io.tollgate.node.exchange.RequestTrace;

/** A request that is not recorded: only its trace context goes on, which says so. Event-loop confined. */
record UnrecordedSpan(Span span) implements RequestTrace, AttemptTrace {
    @Override
    public String traceId() {
        return span.getSpanContext().getTraceId();
    }

    @Override
    public void appendTo(HeadSink head) {
        TraceFields.write(span, head);
    }

    @Override
    public AttemptTrace attempt(Exchange exchange, TargetState target, int resends) {
        return this;
    }

    @Override
    public void answered(int status) {
        // Nobody is told.
    }

    @Override
    public void ended(CallResult result) {
        // Nobody is told.
    }

    @Override
    public void ended(Exchange exchange, Outcome outcome) {
        // Nobody is told.
    }
}
