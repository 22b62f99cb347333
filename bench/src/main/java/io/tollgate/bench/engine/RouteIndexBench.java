package io.tollgate.bench.engine;

import io.tollgate.engine.action.ForwardRules;
import io.tollgate.engine.action.RouteAction;
import io.tollgate.engine.route.HostPattern;
import io.tollgate.engine.route.MethodSet;
import io.tollgate.engine.route.PathPattern;
import io.tollgate.engine.route.Route;
import io.tollgate.engine.route.RouteConditions;
import io.tollgate.engine.route.RouteIndex;
import io.tollgate.engine.route.RouteMatch;
import io.tollgate.engine.route.RouteRequest;
import io.tollgate.engine.route.RouteVerdict;
import io.tollgate.engine.route.ValueCondition;
import io.tollgate.engine.route.ValueTest;
import io.tollgate.engine.upstream.CallRules;
import io.tollgate.engine.upstream.Choice;
import io.tollgate.engine.upstream.EjectionRules;
import io.tollgate.engine.upstream.TargetTable;
import io.tollgate.engine.upstream.TransportRules;
import io.tollgate.engine.upstream.Upstream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Cost of finding a route, which must not grow with their number. Event-loop confined, as in the node.
 *
 * <p>Run with {@code -prof gc}: a match allocates nothing. Requests bring strings whose hash is known after the first round;
 * hashing new ones is the node's cost and not counted here.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class RouteIndexBench {
    private static final int REQUESTS = 64;
    private static final Upstream UPSTREAM = Upstream.of(
            new Upstream.Identity("s", "service", true),
            List.of(),
            "",
            new Upstream.Rules(
                    Choice.Rules.DEFAULT,
                    EjectionRules.DEFAULT,
                    null,
                    null,
                    null,
                    CallRules.plain(1, 1, 1, 0),
                    TransportRules.PLAIN,
                    false,
                    ""),
            new TargetTable());
    private static final RouteAction ACTION = new RouteAction.Forward(UPSTREAM, ForwardRules.NONE);

    /** Routes in the index. */
    @Param({"10", "1000", "10000", "50000"})
    public int routes;

    /** What the routes look like: their paths, and for the last one a header that tells them apart under one path. */
    @Param({"exact", "prefix", "template", "header"})
    public String kind = "exact";

    private final RouteMatch match = new RouteMatch();
    private final Asked[] found = new Asked[REQUESTS];
    private final Asked[] missing = new Asked[REQUESTS];
    private RouteIndex index = RouteIndex.of(List.of());
    private int next;

    /** A request. Immutable. */
    private record Asked(String path, String tenant) implements RouteRequest {
        @Override
        public String host() {
            return "api.example.com";
        }

        @Override
        public String path() {
            return path;
        }

        @Override
        public String method() {
            return "GET";
        }

        @Override
        public @Nullable String header(String lowerCaseName) {
            return lowerCaseName.equals("x-tenant") ? tenant : null;
        }

        @Override
        public @Nullable String queryParameter(String name) {
            return null;
        }
    }

    @Setup(Level.Trial)
    public void build() {
        List<Route> all = new ArrayList<>(routes);
        for (int i = 0; i < routes; i++) {
            all.add(route(i));
        }
        index = RouteIndex.of(all);
        for (int i = 0; i < REQUESTS; i++) {
            int route = (int) ((long) i * routes / REQUESTS);
            found[i] = new Asked(path(route), "tenant" + route);
            String path =
                    kind.equals("header") ? path(route) : "/v2" + path(route).substring(3) + "/none";
            missing[i] = new Asked(path, "nobody" + route);
        }
    }

    private Route route(int number) {
        PathPattern path = switch (kind) {
            case "exact" -> new PathPattern.Exact("/v1/exact/" + number);
            case "prefix" -> new PathPattern.Prefix("/v1/prefix/" + number);
            case "template" -> PathPattern.Template.of("/v1/orders" + number + "/{id}/lines");
            default -> new PathPattern.Prefix("/v1/tenants");
        };
        RouteConditions conditions = kind.equals("header")
                ? new RouteConditions(
                        List.of(new ValueCondition("x-tenant", new ValueTest.Exact("tenant" + number))), List.of())
                : RouteConditions.NONE;
        return new Route(
                number,
                "id" + number,
                "route" + number,
                true,
                List.of(number % 2 == 0 ? HostPattern.ANY : new HostPattern.Wildcard(".example.com")),
                List.of(path),
                MethodSet.of(List.of("GET")),
                conditions,
                ACTION,
                number,
                0,
                0);
    }

    private String path(int number) {
        return switch (kind) {
            case "exact" -> "/v1/exact/" + number;
            case "prefix" -> "/v1/prefix/" + number + "/a/b";
            case "template" -> "/v1/orders" + number + "/4711/lines";
            default -> "/v1/tenants/a/b";
        };
    }

    @Benchmark
    public RouteVerdict found() {
        next = (next + 1) & (REQUESTS - 1);
        return index.match(found[next], match);
    }

    @Benchmark
    public RouteVerdict notFound() {
        next = (next + 1) & (REQUESTS - 1);
        return index.match(missing[next], match);
    }
}
