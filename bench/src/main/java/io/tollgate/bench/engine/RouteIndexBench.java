package io.tollgate.bench.engine;

import io.tollgate.engine.route.HostPattern;
import io.tollgate.engine.route.MethodSet;
import io.tollgate.engine.route.PathPattern;
import io.tollgate.engine.route.PathRewrite;
import io.tollgate.engine.route.Route;
import io.tollgate.engine.route.RouteIndex;
import io.tollgate.engine.route.RouteMatch;
import io.tollgate.engine.route.RouteVerdict;
import io.tollgate.engine.upstream.RoundRobin;
import io.tollgate.engine.upstream.Upstream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
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

/** Cost of finding a route, which must not grow with their number. Event-loop confined, as in the node. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class RouteIndexBench {
    private static final Upstream UPSTREAM = new Upstream(
            "s", "service", true, List.of(), List.of(), RoundRobin.of(List.of(), List.of()), 1, 1, 1, false, "");

    /** Routes in the index. */
    @Param({"100", "50000"})
    public int routes;

    private final RouteMatch match = new RouteMatch();
    private RouteIndex index = RouteIndex.of(List.of());
    private int next;

    @Setup(Level.Trial)
    public void build() {
        List<Route> all = new ArrayList<>(routes);
        for (int i = 0; i < routes; i++) {
            PathPattern path = switch (i % 3) {
                case 0 -> new PathPattern.Exact("/v1/exact/" + i);
                case 1 -> new PathPattern.Prefix("/v1/prefix/" + i);
                default -> PathPattern.Template.of("/v1/orders" + i + "/{id}/lines");
            };
            all.add(new Route(
                    i,
                    "id" + i,
                    "route" + i,
                    true,
                    List.of(i % 2 == 0 ? HostPattern.ANY : new HostPattern.Wildcard(".example.com")),
                    List.of(path),
                    MethodSet.of(List.of("GET")),
                    UPSTREAM,
                    PathRewrite.NONE,
                    i,
                    0,
                    0));
        }
        index = RouteIndex.of(all);
        // Strings as a request brings them: new ones, whose hash is not known yet, are made by the node and not counted
        // here.
        for (int i = 0; i < paths.length; i++) {
            int route = (int) ((long) i * routes / paths.length);
            paths[i] = switch (route % 3) {
                case 0 -> "/v1/exact/" + route;
                case 1 -> "/v1/prefix/" + route + "/a/b";
                default -> "/v1/orders" + route + "/4711/lines";
            };
        }
    }

    private final String[] paths = new String[64];

    @Benchmark
    public RouteVerdict match() {
        next = (next + 1) & (paths.length - 1);
        return index.match("api.example.com", paths[next], "GET", match);
    }
}
