package io.tollgate.engine.route;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Finds the route of a request in the order of precedence that the Kubernetes Gateway API states for HTTPRoute. Immutable.
 *
 * <p>Among all routes of which host, path, method, header and query conditions match, the winner is decided by: an exact
 * host, then the longer wildcard, then any host; an exact path, then a template (segment by segment, a literal before a
 * parameter), then a regular expression (the longer literal beginning first), then the longer prefix; a listed method before
 * any method; more header conditions; more query conditions; the older route; the smaller name; the smaller id. Where
 * templates and regular expressions stand is left to the implementation by that specification.
 *
 * <p>Implementation note.
 *
 * <pre>
 *   host ──▶ exact hosts (hash)          ─┐
 *        ──▶ wildcards by their suffix,   ├─▶ PathTrie ──▶ routes by ordinal
 *            longest first (hash)         │
 *        ──▶ any host                    ─┘
 * </pre>
 *
 * Each host has a trie of its own; a less specific host is asked only when the more specific ones found nothing. The trie
 * knows routes by ordinal, so an index whose routes only changed in what they do, not in how they are found, shares it; one whose
 * routes are found otherwise shares all but the nodes on the way to their paths.
 * Cost: of the length of host and path, not of the number of routes, but for regular expressions ({@link RegexPaths}) and
 * for routes of one path whose conditions have no exact value to tell them apart by ({@link ValueBuckets}). Nothing is
 * allocated by it unless an expression is tried or methods are told; the request is asked for fields only when a route that
 * matches so far has conditions. A change of a few routes costs a comparison of all routes by identity and a copy of the tables on the
 * way to their paths.
 */
public final class RouteIndex {
    private static final RouteIndex EMPTY =
            new RouteIndex(SegmentTable.empty(), SegmentTable.empty(), PathTrie.EMPTY, new Route[0]);

    private final SegmentTable<PathTrie> exactHosts;
    private final SegmentTable<PathTrie> wildcards;
    private final PathTrie anyHost;
    private final Route[] routes;

    private RouteIndex(
            SegmentTable<PathTrie> exactHosts, SegmentTable<PathTrie> wildcards, PathTrie anyHost, Route[] routes) {
        this.exactHosts = exactHosts;
        this.wildcards = wildcards;
        this.anyHost = anyHost;
        this.routes = routes;
    }

    /** An index over the enabled ones of these routes, each of which stands at the position of its ordinal. */
    public static RouteIndex of(List<Route> routes) {
        return EMPTY.with(routes);
    }

    /** This index over other routes, of which those that are found by the same requests as before cost next to nothing. */
    public RouteIndex with(List<Route> changed) {
        Route[] now = changed.toArray(new Route[0]);
        HostEdits edits = new HostEdits();
        for (int ordinal = 0; ordinal < Math.max(now.length, routes.length); ordinal++) {
            Route before = ordinal < routes.length ? routes[ordinal] : null;
            Route after = ordinal < now.length ? now[ordinal] : null;
            if (isSame(before, after) || (before != null && after != null && before.isFoundLike(after))) {
                continue;
            }
            if (before != null) {
                edits.forEach(before, (paths, path) -> paths.remove(path, before));
            }
            if (after != null) {
                edits.forEach(after, (paths, path) -> paths.add(path, after));
            }
        }
        return new RouteIndex(
                edited(exactHosts, edits.exact),
                edited(wildcards, edits.wildcard),
                edits.any.applyTo(anyHost, routes),
                now);
    }

    @SuppressWarnings("ReferenceEquality") // A route that did not change is the same object.
    private static boolean isSame(@Nullable Route before, @Nullable Route after) {
        return before == after;
    }

    /** The paths that come and go, by host. Compile thread only. */
    private static final class HostEdits {
        private final Map<String, PathEdits> exact = new HashMap<>();
        private final Map<String, PathEdits> wildcard = new HashMap<>();
        private final PathEdits any = new PathEdits();

        /** Each path by which the route is found, under each of its hosts. */
        void forEach(Route route, BiConsumer<PathEdits, PathPattern> action) {
            if (!route.enabled()) {
                return;
            }
            for (HostPattern host : route.hosts()) {
                PathEdits paths = under(host);
                route.paths().forEach(path -> action.accept(paths, path));
            }
        }

        private PathEdits under(HostPattern host) {
            if (host instanceof HostPattern.Exact one) {
                return exact.computeIfAbsent(one.host(), unknown -> new PathEdits());
            }
            return host instanceof HostPattern.Wildcard many
                    ? wildcard.computeIfAbsent(many.suffix(), unknown -> new PathEdits())
                    : any;
        }
    }

    private SegmentTable<PathTrie> edited(SegmentTable<PathTrie> tries, Map<String, PathEdits> edits) {
        Map<String, @Nullable PathTrie> changes = new HashMap<>();
        edits.forEach((host, own) -> {
            PathTrie earlier = tries.find(host, 0, host.length());
            PathTrie trie = own.applyTo(earlier == null ? PathTrie.EMPTY : earlier, routes);
            changes.put(host, trie.isEmpty() ? null : trie);
        });
        return changes.isEmpty() ? tries : tries.with(changes);
    }

    /**
     * Finds the route of a request.
     *
     * @param request is asked for what routes want to know of it
     * @param into receives what was found
     */
    public RouteVerdict match(RouteRequest request, RouteMatch into) {
        into.start(request, routes);
        String host = request.host();
        if (find(host, into)) {
            return RouteVerdict.FOUND;
        }
        if (!into.missesMethod()) {
            return RouteVerdict.NOT_FOUND;
        }
        // Only who is refused pays for being told what is not.
        into.gatherMethods();
        find(host, into);
        return RouteVerdict.METHOD_NOT_ALLOWED;
    }

    private boolean find(String host, RouteMatch into) {
        PathTrie exact = exactHosts.find(host, 0, host.length());
        return (exact != null && exact.match(into))
                || (wildcards.size() > 0 && matchWildcards(host, into))
                || anyHost.match(into);
    }

    private boolean matchWildcards(String host, RouteMatch into) {
        // From the left, so the longest suffix comes first; at 0 there would be no label in place of the star.
        for (int dot = host.indexOf('.', 1); dot > 0; dot = host.indexOf('.', dot + 1)) {
            PathTrie trie = wildcards.find(host, dot, host.length());
            if (trie != null && trie.match(into)) {
                return true;
            }
        }
        return false;
    }

    /** How many routes there are, with those that are disabled. */
    public int size() {
        return routes.length;
    }

    /** The whole index as text, hosts and patterns in order of precedence: one line per pattern and route. */
    public String print() {
        StringBuilder out = new StringBuilder();
        exactHosts.entries().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(entry -> print(entry.getKey(), entry.getValue(), out));
        List<Map.Entry<String, PathTrie>> suffixes = new ArrayList<>(wildcards.entries());
        suffixes.sort(Comparator.<Map.Entry<String, PathTrie>>comparingInt(
                        entry -> -entry.getKey().length())
                .thenComparing(Map.Entry::getKey));
        suffixes.forEach(entry -> print("*" + entry.getKey(), entry.getValue(), out));
        print("*", anyHost, out);
        return out.toString();
    }

    private void print(String host, PathTrie trie, StringBuilder out) {
        List<PathTrie.Entry> entries = trie.entries();
        if (entries.isEmpty()) {
            return;
        }
        out.append(host).append('\n');
        for (PathTrie.Entry entry : entries) {
            Route route = routes[entry.ordinal()];
            out.append("  ").append(entry.pattern()).append(' ').append(route.methods());
            if (!route.conditions().isNone()) {
                out.append(" if ").append(route.conditions());
            }
            out.append(" -> ")
                    .append(route.name())
                    .append(" (")
                    .append(route.action().label())
                    .append(")\n");
        }
    }
}
