package io.tollgate.node.telemetry;

import io.tollgate.engine.route.Route;
import io.tollgate.node.exchange.ConnectionEnd;
import io.tollgate.node.exchange.Exchange;
import io.tollgate.node.exchange.Outcome;
import io.tollgate.node.exchange.OutcomeClass;
import io.tollgate.node.exchange.StreamRefusal;
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
    /** Routes whose durations are kept, unless chosen otherwise: each is some twenty series of every scrape. */
    public static final int ROUTE_HISTOGRAMS = 50;
    /** Under which the calls of further routes are told; no route can have this name. */
    static final String OTHER_ROUTES = "_other";

    /** How long the greatest lag is told of, at least. */
    private static final long LAG_MAX_NANOS = 30_000_000_000L;

    private static final int IN_FLIGHT = 0;
    private static final int CONNECTIONS = 1;
    private static final int UPSTREAM_CONNECTS = 2;
    private static final int UPSTREAM_CONNECT_FAILURES = 3;
    private static final int UPSTREAM_RETRIES = 4;
    private static final int CONNECTIONS_OPENED = 5;
    private static final int REQUEST_BYTES = 6;
    private static final int RESPONSE_BYTES = 7;
    private static final int UPSTREAM_RENEWALS = 8;
    private static final int MIRRORS = 9;
    private static final int MIRRORS_SKIPPED = 10;
    private static final int MIRRORS_FAILED = 11;

    private static final int UPSTREAM_HEDGES = 12;
    private static final int UPSTREAM_HEDGES_WON = 13;

    private static final int INQUIRIES = 14;
    private static final int INQUIRIES_FAILED = 15;

    private final AtomicLongArray singles = new AtomicLongArray(16);
    private final AtomicLongArray outcomes = new AtomicLongArray(Outcome.values().length);
    private final AtomicLongArray ends = new AtomicLongArray(ConnectionEnd.values().length);
    private final AtomicLongArray refusals = new AtomicLongArray(StreamRefusal.values().length);
    private final Histogram duration = new Histogram(Buckets.CALL_MICROS_MAX);
    private final Histogram ownShare = new Histogram(Buckets.OWN_MICROS_MAX);
    private final Histogram upstreamHead = new Histogram(Buckets.CALL_MICROS_MAX);
    private final Histogram upstreamDuration = new Histogram(Buckets.CALL_MICROS_MAX);
    private final Histogram lag = new Histogram(Buckets.LAG_MICROS_MAX);
    private final int routeHistogramsMax;
    private final RouteFigures otherRoutes = new RouteFigures();
    private final Map<String, RouteFigures> byRouteId = new HashMap<>();
    private volatile Map<String, RouteFigures> published = Map.of();
    private volatile PoolFigures pools = new PoolFigures();
    private volatile long lagMaxNanos;
    private volatile long lagMaxBeforeNanos;
    private RouteFigures[] byOrdinal = {};
    private long revision = -1;
    private long lagMaxSinceNanos;

    public LoopCounters() {
        this(ROUTE_HISTOGRAMS);
    }

    /** @param routeHistogramsMax routes whose durations are kept; at most {@link #ROUTES_MAX} */
    public LoopCounters(int routeHistogramsMax) {
        this.routeHistogramsMax = routeHistogramsMax;
    }

    /** Finds the counters of the routes of a new revision again; those of routes that are gone are forgotten. */
    public void adopt(long newRevision, List<Route> routesByOrdinal) {
        if (newRevision == revision) {
            return;
        }
        revision = newRevision;
        int count = Math.min(ROUTES_MAX, routesByOrdinal.size());
        RouteFigures[] next = new RouteFigures[count];
        Map<String, RouteFigures> named = new HashMap<>();
        int histograms = 0;
        for (int i = 0; i < count; i++) {
            Route route = routesByOrdinal.get(i);
            RouteFigures figures = byRouteId.get(route.id());
            next[i] = figures == null ? new RouteFigures() : figures;
            histograms += next[i].keepsDurations() ? 1 : 0;
            byRouteId.put(route.id(), next[i]);
            named.put(route.name(), next[i]);
        }
        for (int i = 0; i < count && histograms < routeHistogramsMax; i++) {
            if (!next[i].keepsDurations()) {
                next[i].keepDurations();
                histograms++;
            }
        }
        if (byRouteId.size() > count) {
            byRouteId
                    .keySet()
                    .retainAll(
                            routesByOrdinal.stream().limit(count).map(Route::id).toList());
        }
        if (routesByOrdinal.size() > count) {
            named.put(OTHER_ROUTES, otherRoutes);
        }
        byOrdinal = next;
        published = named;
    }

    public void requestStarted() {
        add(singles, IN_FLIGHT, 1);
    }

    /** A request ended. */
    public void requestEnded(Exchange exchange, Outcome outcome, OutcomeClass outcomeClass, long nowNanos) {
        add(singles, IN_FLIGHT, -1);
        add(outcomes, outcome.ordinal(), 1);
        add(singles, REQUEST_BYTES, exchange.requestBytes());
        add(singles, RESPONSE_BYTES, exchange.responseBytes());
        long wholeNanos = nowNanos - exchange.startNanos();
        long upstreamNanos = exchange.upstreamNanos();
        duration.record(wholeNanos);
        ownShare.record(wholeNanos - upstreamNanos);
        if (upstreamNanos > 0) {
            upstreamDuration.record(upstreamNanos);
            if (exchange.upstreamHeadNanos() > 0) {
                upstreamHead.record(exchange.upstreamHeadNanos());
            }
        }
        Route route = exchange.route();
        if (route != null) {
            int ordinal = route.ordinal();
            RouteFigures figures = ordinal < byOrdinal.length ? byOrdinal[ordinal] : otherRoutes;
            figures.ended(outcomeClass, wholeNanos, upstreamNanos);
        }
    }

    /** The loop was so late for work that was due. */
    public void lag(long lateNanos, long nowNanos) {
        lag.record(lateNanos);
        if (nowNanos - lagMaxSinceNanos > LAG_MAX_NANOS) {
            lagMaxBeforeNanos = lagMaxNanos;
            lagMaxNanos = lateNanos;
            lagMaxSinceNanos = nowNanos;
        } else if (lateNanos > lagMaxNanos) {
            lagMaxNanos = lateNanos;
        }
    }

    /** The connections of this loop to its targets, from time to time. */
    public void pools(PoolFigures now) {
        pools = now;
    }

    PoolFigures pools() {
        return pools;
    }

    public void connectionOpened() {
        add(singles, CONNECTIONS, 1);
        add(singles, CONNECTIONS_OPENED, 1);
    }

    public void connectionClosed() {
        add(singles, CONNECTIONS, -1);
    }

    /** The gateway ended a client's connection. */
    public void connectionEnded(ConnectionEnd reason) {
        add(ends, reason.ordinal(), 1);
    }

    public long connectionEnds(ConnectionEnd reason) {
        return ends.get(reason.ordinal());
    }

    /** A stream of HTTP/2 was reset before it was a request. */
    public void streamRefused(StreamRefusal reason) {
        add(refusals, reason.ordinal(), 1);
    }

    public long streamRefusals(StreamRefusal reason) {
        return refusals.get(reason.ordinal());
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

    /** A service was asked about a call. */
    public void inquiry() {
        add(singles, INQUIRIES, 1);
    }

    /** It did not answer, or with 5xx. */
    public void inquiryFailed() {
        add(singles, INQUIRIES_FAILED, 1);
    }

    public long inquiries() {
        return singles.get(INQUIRIES);
    }

    public long inquiriesFailed() {
        return singles.get(INQUIRIES_FAILED);
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

    public long connectionsOpened() {
        return singles.get(CONNECTIONS_OPENED);
    }

    /** The greatest lag of the last half minute or more. */
    public long lagMaxNanos() {
        return Math.max(lagMaxNanos, lagMaxBeforeNanos);
    }

    Histogram duration() {
        return duration;
    }

    Histogram ownShare() {
        return ownShare;
    }

    Histogram upstreamHead() {
        return upstreamHead;
    }

    Histogram upstreamDuration() {
        return upstreamDuration;
    }

    Histogram lag() {
        return lag;
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

    /** The routes of the revision at hand, by name. */
    Map<String, RouteFigures> routes() {
        return published;
    }

    // Only the loop writes, so nothing is lost between the read and the store.
    private static void add(AtomicLongArray counters, int index, long amount) {
        counters.lazySet(index, counters.getPlain(index) + amount);
    }
}
