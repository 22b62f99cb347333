package io.tollgate.node.trace;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.common.InternalTelemetryVersion;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.tollgate.node.exchange.Believed;
import io.tollgate.node.exchange.Exchange;
import io.tollgate.node.exchange.RequestTrace;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The traces of a node: begins one for each request, and sends the recorded ones to a collector. Shared.
 *
 * <p>Event loops make spans and put ended ones into a bounded queue; a thread of the exporter sends them in batches. What does
 * not fit into the queue is dropped and counted.
 */
public final class Traces {
    /** The fields of a trace context (W3C Trace Context, 2), which are written here and never passed on. */
    public static final List<String> FIELDS = List.of("traceparent", "tracestate");

    /** Spans that may wait: some seconds of all calls at full speed, some 8 MB. */
    static final int QUEUE_MAX = 8_192;

    private static final int BATCH_MAX = 512;
    private static final Duration SEND_EVERY = Duration.ofSeconds(1);
    private static final Duration CONNECT_MAX = Duration.ofSeconds(2);
    private static final Duration SEND_MAX = Duration.ofSeconds(10);
    private static final long LAST_SPANS_SECONDS_MAX = 3;

    private final SdkMeterProvider meters;
    private final SdkTracerProvider spans;
    private final Tracer tracer;
    private final ExportFigures figures = new ExportFigures();
    private final Believed parent;

    /** Begins to send. */
    public Traces(TraceSettings settings, NodeIdentity node) {
        this(settings, node, QUEUE_MAX);
    }

    /** @param queueMax spans that may wait */
    Traces(TraceSettings settings, NodeIdentity node, int queueMax) {
        this.parent = settings.parent();
        meters = SdkMeterProvider.builder().registerMetricReader(figures).build();
        OtlpHttpSpanExporter exporter = OtlpHttpSpanExporter.builder()
                .setEndpoint(settings.endpoint().toString())
                .setConnectTimeout(CONNECT_MAX)
                .setTimeout(SEND_MAX)
                .setCompression("gzip")
                .setInternalTelemetryVersion(InternalTelemetryVersion.LATEST)
                .setMeterProvider(() -> meters)
                .build();
        spans = SdkTracerProvider.builder()
                .setResource(Resource.create(Attributes.builder()
                        .put("service.name", "tollgate-node")
                        .put("service.version", node.version())
                        .put("service.instance.id", node.nodeId())
                        .put("tollgate.zone", node.zone())
                        .build()))
                .setSampler(Sampler.parentBased(Sampler.traceIdRatioBased(settings.ratio())))
                .addSpanProcessor(BatchSpanProcessor.builder(exporter)
                        .setMaxQueueSize(queueMax)
                        .setMaxExportBatchSize(Math.min(queueMax, BATCH_MAX))
                        .setScheduleDelay(SEND_EVERY)
                        .setExporterTimeout(SEND_MAX)
                        .setInternalTelemetryVersion(InternalTelemetryVersion.LATEST)
                        .setMeterProvider(meters)
                        .build())
                .build();
        tracer = spans.get("io.tollgate.node");
    }

    /** The head of a request is here. */
    public RequestTrace begin(Exchange exchange) {
        HttpServerRequest request = exchange.request();
        Context cause = parent.sends(exchange)
                ? W3CTraceContextPropagator.getInstance().extract(Context.root(), request.headers(), TraceFields.READER)
                : Context.root();
        return RequestSpan.of(
                tracer,
                tracer.spanBuilder(request.method().name())
                        .setSpanKind(SpanKind.SERVER)
                        .setParent(cause)
                        .startSpan());
    }

    /** How many spans reached the collector, and how many did not. */
    public ExportFigures figures() {
        return figures;
    }

    /** Sends what waits, for a while at most, and ends. */
    public void close() {
        spans.shutdown().join(LAST_SPANS_SECONDS_MAX, TimeUnit.SECONDS);
        meters.shutdown().join(LAST_SPANS_SECONDS_MAX, TimeUnit.SECONDS);
    }
}
