package io.tollgate.engine.explain;

import io.tollgate.engine.compile.CompiledConfiguration;
import io.tollgate.engine.route.HostPattern;
import io.tollgate.engine.route.PathPattern;
import io.tollgate.engine.route.Precedence;
import io.tollgate.engine.route.Route;
import io.tollgate.engine.route.RouteConditions;
import io.tollgate.engine.route.ValueCondition;
import io.tollgate.engine.route.ValueTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Says which routes can never win, because others always take their requests first. Functions without state; any thread.
 *
 * <p>Implementation note. A route is shadowed when for each of its hosts, paths and methods some other route wins every
 * request that they take: it names the same host (a less specific one has no precedence, a more specific one does not take
 * all), has a path that takes all that this one does and is of the same or better rank, takes the method, and wants nothing
 * of a request that this route does not want too. Never said of a route that some request would reach. Not noticed: that
 * several paths or conditions of others cover one of this route only together, and what of two expressions takes more, but
 * for a plain beginning followed by {@code .*}. Cost: O(routes) for each host, path and method of the route, with a bound.
 */
public final class ShadowedRoutes {
    /** Most sentences: the first ones are enough to see what went wrong. */
    public static final int SENTENCES_MAX = 20;

    /** Most comparisons of two routes, some tens of milliseconds; when they are used up, what is not proved is not said. */
    private static final int COMPARISONS_MAX = 1_000_000;

    private static final int NAMES_MAX = 5;
    private static final String ANY_METHOD = "";

    private final List<Route> routes;
    private int comparisons;

    private ShadowedRoutes(List<Route> routes) {
        this.routes = routes;
    }

    /**
     * What is to be said of this route: that it never gets a request, or which others never do because of it alone. Empty
     * when there is nothing, also when the route is disabled or not there.
     */
    public static List<String> of(CompiledConfiguration configuration, String routeId) {
        List<Route> routes = configuration.routesByOrdinal();
        Route route = null;
        for (Route one : routes) {
            if (one.enabled() && one.id().equals(routeId)) {
                route = one;
            }
        }
        return route == null ? List.of() : new ShadowedRoutes(routes).sentences(route);
    }

    private List<String> sentences(Route route) {
        Set<String> takers = takers(route, routes);
        if (takers != null) {
            return List.of("Route " + route.name() + " never gets a request: " + names(takers) + " first.");
        }
        List<String> sentences = new ArrayList<>();
        List<Route> alone = List.of(route);
        for (Route other : routes) {
            if (other.enabled() && other.ordinal() != route.ordinal() && takers(other, alone) != null) {
                if (sentences.size() == SENTENCES_MAX) {
                    break;
                }
                sentences.add("Route " + other.name() + " never gets a request: route " + route.name()
                        + " takes them all first.");
            }
        }
        return sentences;
    }

    private static String names(Set<String> takers) {
        if (takers.size() == 1) {
            return "route " + takers.iterator().next() + " takes them all";
        }
        List<String> some = takers.stream().limit(NAMES_MAX).toList();
        int more = takers.size() - some.size();
        return "routes " + String.join(", ", some) + (more > 0 ? " and " + more + " more" : "") + " take them all";
    }

    /** Who of these takes all that this route could get; null when something is left, or may be. */
    private @Nullable Set<String> takers(Route route, List<Route> among) {
        List<Route> able = new ArrayList<>();
        for (Route other : among) {
            if (other.enabled()
                    && other.ordinal() != route.ordinal()
                    && isImplied(other.conditions(), route.conditions())) {
                able.add(other);
            }
        }
        Set<String> takers = new TreeSet<>();
        List<String> methods =
                route.methods().isAny() ? List.of(ANY_METHOD) : route.methods().listed();
        for (HostPattern host : route.hosts()) {
            for (PathPattern path : route.paths()) {
                for (String method : methods) {
                    String taker = taker(route, new Part(host, path, method), able);
                    if (taker == null) {
                        return null;
                    }
                    takers.add(taker);
                }
            }
        }
        return takers;
    }

    /** The requests of a route under one of its hosts, paths and methods. Immutable. */
    private record Part(HostPattern host, PathPattern path, String method) {}

    private @Nullable String taker(Route route, Part part, List<Route> able) {
        for (Route other : able) {
            if (++comparisons > COMPARISONS_MAX) {
                return null;
            }
            boolean takesMethod = part.method().equals(ANY_METHOD)
                    ? other.methods().isAny()
                    : other.methods().takes(part.method());
            if (takesMethod && other.hosts().contains(part.host()) && takesPath(other, part.path(), route)) {
                return other.name();
            }
        }
        return null;
    }

    private static boolean takesPath(Route other, PathPattern path, Route route) {
        for (PathPattern theirs : other.paths()) {
            int rank = Precedence.PATHS.compare(theirs, path);
            if ((rank < 0 || (rank == 0 && Route.TIES.compare(other, route) < 0)) && theirs.covers(path)) {
                return true;
            }
        }
        return false;
    }

    /** Whether every request of which {@code known} hold has {@code wanted} hold too. */
    private static boolean isImplied(RouteConditions wanted, RouteConditions known) {
        return isImplied(wanted.headers(), known.headers())
                && isImplied(wanted.queryParameters(), known.queryParameters());
    }

    private static boolean isImplied(List<ValueCondition> wanted, List<ValueCondition> known) {
        for (ValueCondition one : wanted) {
            boolean implied = false;
            for (ValueCondition other : known) {
                implied |= other.name().equals(one.name()) && isImplied(one.test(), other.test());
            }
            if (!implied) {
                return false;
            }
        }
        return true;
    }

    private static boolean isImplied(ValueTest wanted, ValueTest known) {
        return wanted instanceof ValueTest.Present
                || wanted.equals(known)
                || (known instanceof ValueTest.Exact exact && wanted.passes(exact.octets()));
    }
}
