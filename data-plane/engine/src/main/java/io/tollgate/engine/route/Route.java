package io.tollgate.engine.route;

import io.tollgate.engine.upstream.CallOverride;
import io.tollgate.engine.upstream.CallRules;
import io.tollgate.engine.upstream.Upstream;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a request must look like, and which service answers. Immutable.
 *
 * @param ordinal position in the configuration that it belongs to, from 0; another one may give the same route another
 * @param id canonical UUID text
 * @param name unique name
 * @param enabled false: it matches nothing
 * @param hosts under which it answers; never empty
 * @param paths under which it answers; never empty
 * @param methods that it takes
 * @param conditions on what else the request carries
 * @param upstream which service answers
 * @param rewrite what becomes of the path
 * @param calls what it says of time-outs and retries in place of its service; null: nothing
 * @param createdAtMillis for ties: the older route wins
 * @param idHigh upper half of the UUID
 * @param idLow lower half of the UUID
 */
public record Route(
        int ordinal,
        String id,
        String name,
        boolean enabled,
        List<HostPattern> hosts,
        List<PathPattern> paths,
        MethodSet methods,
        RouteConditions conditions,
        Upstream upstream,
        PathRewrite rewrite,
        @Nullable CallOverride calls,
        long createdAtMillis,
        long idHigh,
        long idLow) {
    /**
     * Between routes that match a request by patterns of one rank: listed methods, then more header conditions, then more
     * query conditions, then age, then name, then id.
     */
    public static final Comparator<Route> TIES = Comparator.<Route>comparingInt(
                    route -> route.methods().isAny() ? 1 : 0)
            .thenComparingInt(route -> -route.conditions().headers().size())
            .thenComparingInt(route -> -route.conditions().queryParameters().size())
            .thenComparingLong(Route::createdAtMillis)
            .thenComparing(Route::name)
            .thenComparing(Route::id);

    /** Copies the lists. */
    public Route {
        hosts = List.copyOf(hosts);
        paths = List.copyOf(paths);
        if (hosts.isEmpty() || paths.isEmpty()) {
            throw new IllegalArgumentException("route " + name + " has no hosts or no paths");
        }
    }

    /** Id of the service that answers. */
    public String serviceId() {
        return upstream.id();
    }

    /** How its calls go. Allocates them when the route has its own word. */
    public CallRules callRules() {
        return upstream.rules().calls().with(calls);
    }

    /** This route, answered by a service as it is configured now. */
    public Route withUpstream(Upstream changed) {
        return new Route(
                ordinal,
                id,
                name,
                enabled,
                hosts,
                paths,
                methods,
                conditions,
                changed,
                rewrite,
                calls,
                createdAtMillis,
                idHigh,
                idLow);
    }

    /** Whether the other route is found by exactly the same requests, so that an index over it stays right. */
    public boolean isFoundLike(Route other) {
        return ordinal == other.ordinal
                && id.equals(other.id)
                && name.equals(other.name)
                && enabled == other.enabled
                && createdAtMillis == other.createdAtMillis
                && hosts.equals(other.hosts)
                && paths.equals(other.paths)
                && methods.equals(other.methods)
                && conditions.equals(other.conditions);
    }
}
