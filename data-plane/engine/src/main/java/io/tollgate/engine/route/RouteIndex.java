package io.tollgate.engine.route;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Finds the route of a request: host, then path, then method, in the order of precedence of the Kubernetes Gateway API.
 * Immutable.
 *
 * <p>Among all routes whose host, path and method match, the winner is decided by: an exact host, then the longer
 * wildcard, then any host; an exact path, then a template (segment by segment, a literal before a parameter), then the
 * longer prefix; a listed method before any method; the older route; the smaller name; the smaller id.
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
 * Cost: of the length of host and path, not of the number of routes; nothing is allocated when a route is found. Building
 * costs O(patterns), and is done again only when a pattern changed.
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
     * @param host lower case, without port; empty when there is none
     * @param path normalised, starts with a slash, without query
     * @param method as received
     * @param into receives what was found
     */
    public RouteVerdict match(String host, String path, String method, RouteMatch into) {
        into.start(path, method, routes);
        PathTrie exact = exactHosts.get(host);
        if (exact != null && exact.match(into)) {
            return RouteVerdict.FOUND;
        }
        if (wildcards.size() > 0 && matchWildcards(host, into)) {
            return RouteVerdict.FOUND;
        }
        return anyHost.match(into) ? RouteVerdict.FOUND : into.notFound();
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
        List<PathTrie.Leaf> leaves = trie.leaves();
        if (leaves.isEmpty()) {
            return;
        }
        out.append(host).append('\n');
        for (PathTrie.Leaf leaf : leaves) {
            for (int i = 0; i < leaf.size(); i++) {
                Route route = routes[leaf.ordinal(i)];
                out.append("  ")
                        .append(leaf.pattern(i))
                        .append(' ')
                        .append(route.methods())
                        .append(" -> ")
                        .append(route.name())
                        .append(" (")
                        .append(route.upstream().name())
                        .append(")\n");
            }
        }
    }
}
