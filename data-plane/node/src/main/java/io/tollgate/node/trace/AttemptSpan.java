package io.tollgate.node.trace;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.tollgate.engine.upstream.CallResult;
import io.tollgate.node.exchange.AttemptTrace;
import io.tollgate.node.exchange.HeadSink;
import java.util.Locale;

/** The client's span of one attempt. Event-loop confined. */
final class AttemptSpan implements AttemptTrace {
    private final Span span;
    private int status;

    AttemptSpan(Span span) {
        this.span = span;
    }

    @Override
    public void appendTo(HeadSink head) {
        TraceFields.write(span, head);
    }

    @Override
    public void answered(int code) {
        status = code;
        span.setAttribute(HttpAttributes.STATUS, (long) code);
    }

    @Override
    public void ended(CallResult result) {
        if (status >= 400) {
            error(Integer.toString(status));
        } else if (result.isFailure() || result == CallResult.CANCELLED) {
            error(result.name().toLowerCase(Locale.ROOT).replace('_', '-'));
        }
        span.end();
    }

    private void error(String type) {
        span.setAttribute(HttpAttributes.ERROR, type);
        span.setStatus(StatusCode.ERROR);
    }
}
