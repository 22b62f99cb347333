package io.tollgate.node.telemetry;

import io.tollgate.engine.route.Route;
import io.tollgate.node.exchange.Outcome;
import io.tollgate.node.exchange.OutcomeClass;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The counters of one event loop. Written by that loop only, with ordered stores and no read-modify-write; read by anyone.
 */
public final class LoopCounters {
    /** Routes that get counters of their own; calls of further ones are told only in the totals. */
    public static final int ROUTES_MAX = 1000;
    /** Upper bounds of the latency buckets in microseconds; the last bucket has none. */
    static final long[] LATENCY_MICROS_MAX = {
        100,
        250,
        500,
        1_000,
        2_500,
        5_000,
        10_000,
        25_000,
        50_000,
        100_000,
        250_000,
        500_000,
        1_000_000,
        2_500_000,
        5_000_000,
        10_000_000,
        30_000_000
    };

    private static final int CLASSES = OutcomeClass.values().length;
    private static final int IN_FLIGHT = 0;
    private static final int CONNECTIONS = 1;
    private static final int UPSTREAM_CONNECTS = 2;
    private static final int UPSTREAM_CONNECT_FAILURES = 3;
    private static final int UPSTREAM_RETRIES = 4;
    private static final int LATENCY_MICROS_SUM = 5;
    private static final int REQUEST_BYTES = 6;
    private static final int RESPONSE_BYTES = 7;
    private static final int UPSTREAM_RENEWALS = 8;
    private static final int MIRRORS = 9;
    private static final int MIRRORS_SKIPPED = 10;
    private static final int MIRRORS_FAILED = 11;

    private static final int UPSTREAM_HEDGES = 12;
    private static final int UPSTREAM_HEDGES_WON = 13;

    private final AtomicLongArray singles = new AtomicLongArray(14);
    private final AtomicLongArray outcomes = new AtomicLongArray(Outcome.values().length);
    private final AtomicLongArray latency = new AtomicLongArray(LATENCY_MICROS_MAX.length + 1);
    private final Map<String, AtomicLongArray> byRouteId = new HashMap<>();
    private volatile Map<String, AtomicLongArray> published = Map.of();
    private AtomicLongArray[] byOrdinal = {};
    private long revision = -1;

    /** Finds the counters of the routes of a new revision again; those of routes that are gone are forgotten. */
    public void adopt(long newRevision, List<Route> routesByOrdinal) {
        if (newRevision == revision) {
            return;
        }
        revision = newRevision;
        int count = Math.min(ROUTES_MAX, routesByOrdinal.size());
        AtomicLongArray[] next = new AtomicLongArray[count];
        Map<String, AtomicLongArray> named = new HashMap<>();
        for (int i = 0; i < count; i++) {
            Route route = routesByOrdinal.get(i);
            AtomicLongArray counters = byRouteId.get(route.id());
            next[i] = counters == null ? new AtomicLongArray(CLASSES) : counters;
            byRouteId.put(route.id(), next[i]);
            named.put(route.name(), next[i]);
        }
        if (byRouteId.size() > count) {
            byRouteId.keySet().retainAll(routesByOrdinal.stream().map(Route::id).toList());
        }
        byOrdinal = next;
        published = named;
    }

    public void requestStarted() {
        add(singles, IN_FLIGHT, 1);
    }

    /** A request ended; {@code routeOrdinal} is negative when no route matched. */
    public void requestEnded(Outcome outcome, OutcomeClass outcomeClass, int routeOrdinal, long durationNanos) {
        add(singles, IN_FLIGHT, -1);
        add(outcomes, outcome.ordinal(), 1);
        if (routeOrdinal >= 0 && routeOrdinal < byOrdinal.length) {
            add(byOrdinal[routeOrdinal], outcomeClass.ordinal(), 1);
        }
        long micros = durationNanos / 1000;
        add(singles, LATENCY_MICROS_SUM, micros);
        int bucket = 0;
        while (bucket < LATENCY_MICROS_MAX.length && micros > LATENCY_MICROS_MAX[bucket]) {
            bucket++;
        }
        add(latency, bucket, 1);
    }

    public void bodies(long requestBytes, long responseBytes) {
        add(singles, REQUEST_BYTES, requestBytes);
        add(singles, RESPONSE_BYTES, responseBytes);
    }

    public void connectionOpened() {
        add(singles, CONNECTIONS, 1);
    }

    public void connectionClosed() {
        add(singles, CONNECTIONS, -1);
    }

    public void upstreamConnect() {
        add(singles, UPSTREAM_CONNECTS, 1);
    }

    public void upstreamConnectFailure() {
        add(singles, UPSTREAM_CONNECT_FAILURES, 1);
    }

    public void upstreamRenewal() {
        add(singles, UPSTREAM_RENEWALS, 1);
    }

    public void upstreamRetry() {
        add(singles, UPSTREAM_RETRIES, 1);
    }

    /** A call was sent to another target too. */
    public void upstreamHedge() {
        add(singles, UPSTREAM_HEDGES, 1);
    }

    /** The answer of such a target was taken. */
    public void upstreamHedgeWon() {
        add(singles, UPSTREAM_HEDGES_WON, 1);
    }

    public long upstreamHedges() {
        return singles.get(UPSTREAM_HEDGES);
    }

    public long upstreamHedgesWon() {
        return singles.get(UPSTREAM_HEDGES_WON);
    }

    /** A copy of a call was begun. */
    public void mirror() {
        add(singles, MIRRORS, 1);
    }

    /** A call was not copied: too many copies under way, or too long a body. */
    public void mirrorSkipped() {
        add(singles, MIRRORS_SKIPPED, 1);
    }

    /** A copy got no whole answer. */
    public void mirrorFailed() {
        add(singles, MIRRORS_FAILED, 1);
    }

    public long mirrors() {
        return singles.get(MIRRORS);
    }

    public long mirrorsSkipped() {
        return singles.get(MIRRORS_SKIPPED);
    }

    public long mirrorsFailed() {
        return singles.get(MIRRORS_FAILED);
    }

    public long inFlight() {
        return singles.get(IN_FLIGHT);
    }

    public long connections() {
        return singles.get(CONNECTIONS);
    }

    public long upstreamConnects() {
        return singles.get(UPSTREAM_CONNECTS);
    }

    public long upstreamConnectFailures() {
        return singles.get(UPSTREAM_CONNECT_FAILURES);
    }

    public long upstreamRenewals() {
        return singles.get(UPSTREAM_RENEWALS);
    }

    public long upstreamRetries() {
        return singles.get(UPSTREAM_RETRIES);
    }

    public long latencyMicrosSum() {
        return singles.get(LATENCY_MICROS_SUM);
    }

    public long requestBytes() {
        return singles.get(REQUEST_BYTES);
    }

    public long responseBytes() {
        return singles.get(RESPONSE_BYTES);
    }

    public long count(Outcome outcome) {
        return outcomes.get(outcome.ordinal());
    }

    long latencyCount(int bucket) {
        return latency.get(bucket);
    }

    /** Counts per class of the routes of the revision at hand, by route name. */
    Map<String, AtomicLongArray> routes() {
        return published;
    }

    // Only the loop writes, so nothing is lost between the read and the store.
    private static void add(AtomicLongArray counters, int index, long amount) {
        counters.lazySet(index, counters.getPlain(index) + amount);
    }
}
