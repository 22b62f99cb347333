package io.tollgate.node.trace;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.tollgate.engine.consumer.Consumer;
import io.tollgate.engine.consumer.Plan;
import io.tollgate.engine.route.Route;
import io.tollgate.engine.upstream.TargetState;
import io.tollgate.engine.upstream.Upstream;
import io.tollgate.node.exchange.AttemptTrace;
import io.tollgate.node.exchange.Exchange;
import io.tollgate.node.exchange.HeadSink;
import io.tollgate.node.exchange.Outcome;
import io.tollgate.node.exchange.RequestTrace;

/** The server's span of a request that is recorded; its attributes are told at its end, all at once. Event-loop confined. */
final class RequestSpan implements RequestTrace {
    private final Tracer tracer;
    private final Span span;

    private RequestSpan(Tracer tracer, Span span) {
        this.tracer = tracer;
        this.span = span;
    }

    static RequestTrace of(Tracer tracer, Span span) {
        return span.isRecording() ? new RequestSpan(tracer, span) : new UnrecordedSpan(span);
    }

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
        String method = HttpAttributes.method(exchange);
        Span attempt = tracer.spanBuilder(method)
                .setSpanKind(SpanKind.CLIENT)
                .setParent(Context.root().with(span))
                .startSpan();
        AttributesBuilder told = Attributes.builder();
        HttpAttributes.putMethod(told, exchange);
        told.put(HttpAttributes.SERVER_ADDRESS, target.host());
        told.put(HttpAttributes.SERVER_PORT, (long) target.port());
        told.put(HttpAttributes.URL_FULL, HttpAttributes.url(exchange, target));
        if (resends > 0) {
            told.put(HttpAttributes.RESENDS, (long) resends);
        }
        Upstream service = exchange.service();
        if (service != null) {
            told.put(HttpAttributes.SERVICE, service.name());
        }
        attempt.setAllAttributes(told.build());
        return new AttemptSpan(attempt);
    }

    @Override
    public void ended(Exchange exchange, Outcome outcome) {
        AttributesBuilder told = Attributes.builder();
        HttpAttributes.putMethod(told, exchange);
        HttpAttributes.putRequest(told, exchange);
        told.put(HttpAttributes.OUTCOME, outcome.word());
        told.put(HttpAttributes.REQUEST_ID, exchange.requestId());
        int status = exchange.answerStatus();
        if (status > 0) {
            told.put(HttpAttributes.STATUS, (long) status);
        }
        Route route = exchange.route();
        if (route != null) {
            told.put(HttpAttributes.ROUTE, route.name());
            // Few names, as those of the routes are few: a path would make as many as there are things.
            span.updateName(HttpAttributes.method(exchange) + " " + route.name());
        }
        Upstream service = exchange.service();
        if (service != null) {
            told.put(HttpAttributes.SERVICE, service.name());
        }
        Consumer consumer = exchange.consumer();
        if (consumer != null) {
            told.put(HttpAttributes.CONSUMER, consumer.name());
        }
        Plan plan = exchange.plan();
        if (plan != null) {
            told.put(HttpAttributes.PLAN, plan.name());
        }
        // For a server only its own failures are errors; a refused caller is not.
        if (status >= 500 || (status == 0 && outcome != Outcome.CLIENT_GONE)) {
            told.put(HttpAttributes.ERROR, outcome == Outcome.OK ? Integer.toString(status) : outcome.word());
            span.setStatus(StatusCode.ERROR);
        }
        span.setAllAttributes(told.build());
        span.end();
    }
}
