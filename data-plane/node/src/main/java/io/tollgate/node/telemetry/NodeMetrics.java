package io.tollgate.node.telemetry;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tollgate.engine.tls.Certificate;
import io.tollgate.engine.upstream.LimitRules;
import io.tollgate.engine.upstream.Places;
import io.tollgate.engine.upstream.Upstream;
import io.tollgate.node.exchange.Clock;
import io.tollgate.node.exchange.ConnectionEnd;
import io.tollgate.node.exchange.Outcome;
import io.tollgate.node.exchange.StreamRefusal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/**
 * The text of /metrics. Shared: everything is summed over the event loops when somebody asks.
 *
 * <p>Micrometer holds the figures of the process and the node; what the loops count in arrays of their own joins its registry as
 * {@link LoopFigures}.
 */
public final class NodeMetrics {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    /** Services that are told of by name; the series of each grow with the catalogue. */
    static final int SERVICES_MAX = 1_000;

    private final List<LoopCounters> loops;
    private final LoopFigures figures;
    /** The registry refers to what it counts weakly; without this a figure would stop at the next collection. */
    private final List<Supplier<Number>> counted = new ArrayList<>();

    private final MultiGauge targetsCallable = MultiGauge.builder("tollgate.service.targets.callable")
            .description("Targets that take calls and are neither unhealthy nor ejected")
            .register(registry);
    private final MultiGauge circuitPhases = MultiGauge.builder("tollgate.service.circuit")
            .description("0 closed, 1 open, 2 half-open")
            .register(registry);
    private final MultiGauge places = MultiGauge.builder("tollgate.service.places")
            .description("Calls that a service with a concurrency limit may have in flight")
            .register(registry);
    private final MultiGauge placesTaken = MultiGauge.builder("tollgate.service.places.taken")
            .description("Calls that it has in flight")
            .register(registry);
    private final MultiGauge callsWaiting = MultiGauge.builder("tollgate.service.calls.waiting")
            .description("Calls that wait for a place")
            .register(registry);

    private final MultiGauge certificatesNotAfter = MultiGauge.builder("tollgate.certificate.not.after.seconds")
            .description("When the first certificate of the chain expires, seconds since the Unix epoch")
            .register(registry);

    public NodeMetrics(List<LoopCounters> loops) {
        this.loops = List.copyOf(loops);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        figures = new LoopFigures(this.loops);
        registry.getPrometheusRegistry().register(figures);
        for (Outcome outcome : Outcome.values()) {
            FunctionCounter.builder("tollgate.requests", this.loops, all -> sum(all, loop -> loop.count(outcome)))
                    .tag("outcome", outcome.word())
                    .tag("source", outcome.source().name().toLowerCase(Locale.ROOT))
                    .description("Requests that ended, by outcome")
                    .register(registry);
        }
        for (ConnectionEnd reason : ConnectionEnd.values()) {
            if (!reason.isRefused()) {
                connections("ended", reason, () -> sum(this.loops, loop -> loop.connectionEnds(reason)));
            }
        }
        for (StreamRefusal reason : StreamRefusal.values()) {
            counter(
                    "tollgate.http2.streams.refused",
                    "Streams of HTTP/2 that were reset before they were requests, by reason",
                    Tags.of("reason", reason.word()),
                    () -> sum(this.loops, loop -> loop.streamRefusals(reason)));
        }
        gaugeOfLoops("tollgate.requests.in.flight", "Requests that have not ended", LoopCounters::inFlight);
        gaugeOfLoops("tollgate.client.connections", "Open connections of clients", LoopCounters::connections);
        counterOfLoops("tollgate.client.connections.opened", "Connections accepted", LoopCounters::connectionsOpened);
        gauge(
                "tollgate.event.loop.lag.max.seconds",
                "The greatest lag of an event loop in the last half minute or more",
                () -> this.loops.stream()
                                .mapToLong(LoopCounters::lagMaxNanos)
                                .max()
                                .orElse(0)
                        / 1e9);
        counterOfLoops("tollgate.upstream.connects", "Connections tried", LoopCounters::upstreamConnects);
        counterOfLoops(
                "tollgate.upstream.connect.failures", "Connections refused", LoopCounters::upstreamConnectFailures);
        counterOfLoops("tollgate.upstream.renewals", "Stale connections replaced", LoopCounters::upstreamRenewals);
        counterOfLoops("tollgate.upstream.retries", "Calls tried again", LoopCounters::upstreamRetries);
        counterOfLoops("tollgate.upstream.hedges", "Calls sent to another target too", LoopCounters::upstreamHedges);
        counterOfLoops(
                "tollgate.upstream.hedges.won", "Such targets whose answer was taken", LoopCounters::upstreamHedgesWon);
        counterOfLoops("tollgate.mirrors", "Copies of calls begun", LoopCounters::mirrors);
        counterOfLoops("tollgate.mirrors.skipped", "Calls not copied for want of room", LoopCounters::mirrorsSkipped);
        counterOfLoops("tollgate.mirrors.failed", "Copies without a whole answer", LoopCounters::mirrorsFailed);
        counterOfLoops("tollgate.inquiries", "Services asked about calls", LoopCounters::inquiries);
        counterOfLoops("tollgate.inquiries.failed", "Such without a usable answer", LoopCounters::inquiriesFailed);
        counterOfLoops("tollgate.request.body.bytes", "Body bytes from clients", LoopCounters::requestBytes);
        counterOfLoops("tollgate.response.body.bytes", "Body bytes to clients", LoopCounters::responseBytes);
    }

    /** From here on tells of these services, of the first {@link #SERVICES_MAX}, and of no others. */
    public void services(Collection<Upstream> upstreams, Clock clock) {
        List<MultiGauge.Row<?>> callable = new ArrayList<>();
        List<MultiGauge.Row<?>> circuits = new ArrayList<>();
        List<MultiGauge.Row<?>> limits = new ArrayList<>();
        List<MultiGauge.Row<?>> taken = new ArrayList<>();
        List<MultiGauge.Row<?>> waiting = new ArrayList<>();
        List<Upstream> told = upstreams.stream().limit(SERVICES_MAX).toList();
        figures.services(told);
        for (Upstream upstream : told) {
            Tags tags = Tags.of("service", upstream.name());
            callable.add(MultiGauge.Row.of(tags, upstream, one -> one.callable(clock.epochMillis())));
            circuits.add(MultiGauge.Row.of(
                    tags, upstream, one -> one.state().circuit().phase().ordinal()));
            LimitRules limit = upstream.rules().limit();
            if (limit != null) {
                Places state = upstream.state().places();
                limits.add(MultiGauge.Row.of(tags, state, one -> one.limiter().limit(limit)));
                taken.add(MultiGauge.Row.of(tags, state, one -> one.limiter().inFlight()));
                waiting.add(MultiGauge.Row.of(tags, state, Places::waiting));
            }
        }
        targetsCallable.register(callable, true);
        circuitPhases.register(circuits, true);
        places.register(limits, true);
        placesTaken.register(taken, true);
        callsWaiting.register(waiting, true);
    }

    /** From here on tells of these certificates and of no others. */
    public void certificates(Collection<Certificate> certificates) {
        List<MultiGauge.Row<?>> rows = new ArrayList<>();
        for (Certificate certificate : certificates) {
            rows.add(MultiGauge.Row.of(
                    Tags.of("certificate", certificate.name()),
                    certificate.notAfter().getEpochSecond()));
        }
        certificatesNotAfter.register(rows, true);
    }

    /** Tells of connections that were closed as soon as they were accepted. */
    public void refusals(ToLongFunction<ConnectionEnd> byReason) {
        for (ConnectionEnd reason : ConnectionEnd.values()) {
            if (reason.isRefused()) {
                connections("refused", reason, () -> byReason.applyAsLong(reason));
            }
        }
    }

    private void connections(String what, ConnectionEnd reason, Supplier<Number> value) {
        counted.add(value);
        FunctionCounter.builder(
                        "tollgate.client.connections." + what,
                        value,
                        count -> count.get().doubleValue())
                .tag("reason", reason.word())
                .description("Connections of clients " + what + " by the gateway, by reason")
                .register(registry);
    }

    /** Adds a figure that goes up and down. */
    public void gauge(String name, String description, Supplier<Number> value) {
        Gauge.builder(name, value)
                .description(description)
                .strongReference(true)
                .register(registry);
    }

    /** Adds a figure that only goes up. */
    public void counter(String name, String description, Supplier<Number> value) {
        counter(name, description, Tags.empty(), value);
    }

    /** The same with labels. */
    public void counter(String name, String description, Tags labels, Supplier<Number> value) {
        counted.add(value);
        FunctionCounter.builder(name, value, supplier -> supplier.get().doubleValue())
                .tags(labels)
                .description(description)
                .register(registry);
    }

    /** Everything in the text format of Prometheus. */
    public String scrape() {
        return registry.scrape();
    }

    private void gaugeOfLoops(String name, String description, ToLongFunction<LoopCounters> figure) {
        gauge(name, description, () -> sum(loops, figure));
    }

    private void counterOfLoops(String name, String description, ToLongFunction<LoopCounters> figure) {
        counter(name, description, () -> sum(loops, figure));
    }

    private static long sum(List<LoopCounters> loops, ToLongFunction<LoopCounters> figure) {
        long total = 0;
        for (LoopCounters loop : loops) {
            total += figure.applyAsLong(loop);
        }
        return total;
    }
}
