package io.tollgate.node.trace;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapSetter;
import io.tollgate.node.exchange.HeadSink;
import io.vertx.core.MultiMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The fields of a trace context in heads (W3C Trace Context, 2). Immutable functions. */
final class TraceFields {
    /** Several traceparent fields are none; several tracestate fields are one list (W3C Trace Context, 3.3). */
    static final TextMapGetter<MultiMap> READER = new TextMapGetter<>() {
        @Override
        public @Nullable String get(@Nullable MultiMap headers, String name) {
            List<String> values = headers == null ? List.of() : headers.getAll(name);
            return switch (values.size()) {
                case 0 -> null;
                case 1 -> values.get(0);
                default -> name.equals("tracestate") ? String.join(",", values) : null;
            };
        }
    };

    private static final TextMapSetter<HeadSink> WRITER = (head, name, value) -> {
        if (head != null) {
            head.add(name, value);
        }
    };

    private TraceFields() {}

    static void write(Span span, HeadSink head) {
        W3CTraceContextPropagator.getInstance().inject(Context.root().with(span), head, WRITER);
    }
}
