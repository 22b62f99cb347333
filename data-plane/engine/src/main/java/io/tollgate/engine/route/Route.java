package io.tollgate.engine.route;

import io.tollgate.engine.action.RouteAction;
import io.tollgate.engine.upstream.Upstream;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a request must look like, and what becomes of it. Immutable.
 *
 * @param ordinal position in the configuration that it belongs to, from 0; another one may give the same route another
 * @param id canonical UUID text
 * @param name unique name
 * @param enabled false: it matches nothing
 * @param hosts under which it answers; never empty
 * @param paths under which it answers; never empty
 * @param methods that it takes
 * @param conditions on what else the request carries
 * @param action what becomes of the requests that it takes
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
        RouteAction action,
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

    /** Id of the one service whose policies apply; null where there is none, or several. */
    public @Nullable String policyServiceId() {
        Upstream service = action.policyService();
        return service == null ? null : service.id();
    }

    /** Ids of the services that may answer; empty when the gateway answers itself. */
    public List<String> serviceIds() {
        return action.services().stream().map(Upstream::id).toList();
    }

    /** This route with what becomes of its requests now. */
    public Route withAction(RouteAction changed) {
        return new Route(
                ordinal, id, name, enabled, hosts, paths, methods, conditions, changed, createdAtMillis, idHigh, idLow);
    }

    /** This route at another place. */
    public Route withOrdinal(int changed) {
        return new Route(
                changed, id, name, enabled, hosts, paths, methods, conditions, action, createdAtMillis, idHigh, idLow);
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
