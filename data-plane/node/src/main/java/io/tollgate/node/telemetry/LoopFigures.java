package io.tollgate.node.telemetry;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.tollgate.engine.upstream.TargetState;
import io.tollgate.engine.upstream.Upstream;
import io.tollgate.node.exchange.OutcomeClass;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the event loops count in arrays of their own, summed when somebody asks: no meter of Micrometer reads foreign buckets,
 * and none can be written without a read-modify-write. Shared.
 */
final class LoopFigures implements MultiCollector {
    private static final int CLASSES = OutcomeClass.values().length;

    private final List<LoopCounters> loops;
    private volatile Collection<Upstream> upstreams = List.of();

    LoopFigures(List<LoopCounters> loops) {
        this.loops = loops;
    }

    /** From here on tells of the connections to these services. */
    void services(Collection<Upstream> told) {
        upstreams = told;
    }

    @Override
    public MetricSnapshots collect() {
        MetricSnapshots.Builder all = MetricSnapshots.builder();
        all.metricSnapshot(histogram(
                "tollgate_request_duration_seconds",
                "From a request's head to the end of its answer",
                Buckets.CALL_MICROS_MAX,
                LoopCounters::duration));
        all.metricSnapshot(histogram(
                "tollgate_gateway_duration_seconds",
                "The gateway's own share of it: all but the time from the first attempt at an upstream to its end",
                Buckets.OWN_MICROS_MAX,
                LoopCounters::ownShare));
        all.metricSnapshot(histogram(
                "tollgate_upstream_head_seconds",
                "From the first attempt at an upstream to the head of the answer",
                Buckets.CALL_MICROS_MAX,
                LoopCounters::upstreamHead));
        all.metricSnapshot(histogram(
                "tollgate_upstream_duration_seconds",
                "From the first attempt at an upstream to the end of the call",
                Buckets.CALL_MICROS_MAX,
                LoopCounters::upstreamDuration));
        all.metricSnapshot(histogram(
                "tollgate_event_loop_lag_seconds",
                "How late an event loop was, asked twenty times a second",
                Buckets.LAG_MICROS_MAX,
                LoopCounters::lag));
        routes(all);
        pools(all);
        return all.build();
    }

    private HistogramSnapshot histogram(
            String name, String help, long[] microsMax, Function<LoopCounters, Histogram> figure) {
        long[] total = new long[microsMax.length + 2];
        loops.forEach(loop -> figure.apply(loop).addTo(total));
        return HistogramSnapshot.builder()
                .name(name)
                .help(help)
                .dataPoint(point(Labels.EMPTY, microsMax, total))
                .build();
    }

    private static HistogramSnapshot.HistogramDataPointSnapshot point(Labels labels, long[] microsMax, long[] total) {
        double[] seconds = new double[microsMax.length + 1];
        long[] counts = new long[seconds.length];
        for (int i = 0; i < seconds.length; i++) {
            seconds[i] = i < microsMax.length ? microsMax[i] / 1e6 : Double.POSITIVE_INFINITY;
            counts[i] = total[i];
        }
        HistogramSnapshot.HistogramDataPointSnapshot.Builder point =
                HistogramSnapshot.HistogramDataPointSnapshot.builder()
                        .classicHistogramBuckets(ClassicHistogramBuckets.of(seconds, counts));
        point.labels(labels);
        point.sum(total[total.length - 1] / 1e6);
        return point.build();
    }

    private void routes(MetricSnapshots.Builder all) {
        CounterSnapshot.Builder requests = CounterSnapshot.builder()
                .name("tollgate_route_requests")
                .help("Requests that ended, by route; _other: those of routes beyond the first 1,000");
        HistogramSnapshot.Builder durations = HistogramSnapshot.builder()
                .name("tollgate_route_duration_seconds")
                .help("From a request's head to the end of its answer, for as many routes as durations are kept of");
        HistogramSnapshot.Builder upstream = HistogramSnapshot.builder()
                .name("tollgate_route_upstream_seconds")
                .help("From the first attempt at an upstream to the end of the call, for the same routes");
        byRoute().forEach((route, total) -> {
            for (OutcomeClass outcomeClass : OutcomeClass.values()) {
                if (total.classes[outcomeClass.ordinal()] > 0) {
                    requests.dataPoint(CounterSnapshot.CounterDataPointSnapshot.builder()
                            .labels(Labels.of(
                                    "route", route, "class", outcomeClass.name().toLowerCase(Locale.ROOT)))
                            .value(total.classes[outcomeClass.ordinal()])
                            .build());
                }
            }
            if (total.keepsDurations) {
                Labels labels = Labels.of("route", route);
                durations.dataPoint(point(labels, Buckets.ROUTE_MICROS_MAX, total.duration));
                upstream.dataPoint(point(labels, Buckets.ROUTE_MICROS_MAX, total.upstream));
            }
        });
        all.metricSnapshot(requests.build());
        all.metricSnapshot(durations.build());
        all.metricSnapshot(upstream.build());
    }

    private Map<String, RouteTotal> byRoute() {
        Map<String, RouteTotal> byRoute = new TreeMap<>();
        for (LoopCounters loop : loops) {
            loop.routes()
                    .forEach((name, figures) -> byRoute.computeIfAbsent(name, unseen -> new RouteTotal())
                            .add(figures));
        }
        return byRoute;
    }

    private void pools(MetricSnapshots.Builder all) {
        Map<TargetState, int[]> byTarget = new IdentityHashMap<>();
        for (LoopCounters loop : loops) {
            for (PoolFigures.Pool pool : loop.pools().pools()) {
                int[] total = byTarget.computeIfAbsent(pool.target(), unseen -> new int[3]);
                total[0] += pool.open();
                total[1] += pool.idle();
                total[2] += pool.waiting();
            }
        }
        GaugeSnapshot.Builder open = gauge("connections", "Connections to the targets of a service");
        GaugeSnapshot.Builder idle = gauge("connections_idle", "Those that carry no call");
        GaugeSnapshot.Builder waiting = gauge("connection_waiters", "Calls that wait for one");
        for (Upstream upstream : upstreams) {
            int[] total = new int[3];
            for (TargetState target : upstream.states()) {
                int[] own = byTarget.get(target);
                for (int i = 0; own != null && i < total.length; i++) {
                    total[i] += own[i];
                }
            }
            Labels labels = Labels.of("service", upstream.name());
            add(open, labels, total[0]);
            add(idle, labels, total[1]);
            add(waiting, labels, total[2]);
        }
        all.metricSnapshot(open.build());
        all.metricSnapshot(idle.build());
        all.metricSnapshot(waiting.build());
    }

    private static GaugeSnapshot.Builder gauge(String name, String help) {
        return GaugeSnapshot.builder().name("tollgate_service_" + name).help(help);
    }

    private static void add(GaugeSnapshot.Builder gauge, Labels labels, double value) {
        gauge.dataPoint(GaugeSnapshot.GaugeDataPointSnapshot.builder()
                .labels(labels)
                .value(value)
                .build());
    }

    /** One route over all loops. */
    private static final class RouteTotal {
        private final long[] classes = new long[CLASSES];
        private final long[] duration = new long[Buckets.ROUTE_MICROS_MAX.length + 2];
        private final long[] upstream = new long[duration.length];
        private boolean keepsDurations;

        private void add(RouteFigures figures) {
            for (OutcomeClass outcomeClass : OutcomeClass.values()) {
                classes[outcomeClass.ordinal()] += figures.count(outcomeClass);
            }
            add(figures.duration(), duration);
            add(figures.upstream(), upstream);
        }

        private void add(@Nullable Histogram histogram, long[] total) {
            if (histogram != null) {
                histogram.addTo(total);
                keepsDurations = true;
            }
        }
    }
}
