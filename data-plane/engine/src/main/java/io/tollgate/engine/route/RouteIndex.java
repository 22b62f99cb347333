package io.tollgate.engine.route;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

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
 * knows routes by ordinal, so an index whose routes only changed in what they do, not in how they are found, shares it.
 * Cost: of the length of host and path, not of the number of routes, but for regular expressions ({@link RegexPaths}) and
 * for routes of one path whose conditions have no exact value to tell them apart by ({@link ValueBuckets}). Nothing is
 * allocated by it unless an expression is tried or methods are told; the request is asked for fields only when a route that
 * matches so far has conditions. Building costs O(patterns), and is done again only when a pattern or condition changed.
 */
public final class RouteIndex {
    private final Map<String, PathTrie> exactHosts;
    private final SegmentTable<PathTrie> wildcards;
    private final PathTrie anyHost;
    private final Route[] routes;

    private RouteIndex(
            Map<String, PathTrie> exactHosts, SegmentTable<PathTrie> wildcards, PathTrie anyHost, Route[] routes) {
        this.exactHosts = exactHosts;
        this.wildcards = wildcards;
        this.anyHost = anyHost;
        this.routes = routes;
    }

    /** An index over the enabled ones of these routes, each of which stands at the position of its ordinal. */
    public static RouteIndex of(List<Route> routes) {
        Route[] byOrdinal = routes.toArray(new Route[0]);
        Map<String, PathTrieBuilder> exact = new HashMap<>();
        Map<String, PathTrieBuilder> wildcard = new HashMap<>();
        PathTrieBuilder any = new PathTrieBuilder();
        for (Route route : routes) {
            if (!route.enabled()) {
                continue;
            }
            for (HostPattern host : route.hosts()) {
                PathTrieBuilder trie;
                if (host instanceof HostPattern.Exact one) {
                    trie = exact.computeIfAbsent(one.host(), unknown -> new PathTrieBuilder());
                } else if (host instanceof HostPattern.Wildcard many) {
                    trie = wildcard.computeIfAbsent(many.suffix(), unknown -> new PathTrieBuilder());
                } else {
                    trie = any;
                }
                for (PathPattern path : route.paths()) {
                    trie.add(path, route);
                }
            }
        }
        Map<String, PathTrie> exactHosts = new HashMap<>();
        exact.forEach((host, trie) -> exactHosts.put(host, trie.freeze()));
        Map<String, PathTrie> suffixes = new HashMap<>();
        wildcard.forEach((suffix, trie) -> suffixes.put(suffix, trie.freeze()));
        return new RouteIndex(exactHosts, SegmentTable.of(suffixes), any.freeze(), byOrdinal);
    }

    /** This index over routes that are found by the same requests and differ in what becomes of these. */
    public RouteIndex withRoutes(List<Route> changed) {
        return new RouteIndex(exactHosts, wildcards, anyHost, changed.toArray(new Route[0]));
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
        PathTrie exact = exactHosts.get(host);
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
        new TreeMap<>(exactHosts).forEach((host, trie) -> print(host, trie, out));
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
