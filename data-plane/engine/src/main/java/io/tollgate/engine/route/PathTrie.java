package io.tollgate.engine.route;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The paths of one host. Immutable; made of an earlier one by {@link PathEdits}.
 *
 * <p>Implementation note.
 *
 * <pre>
 *   exact      hash of the whole path ──▶ Leaf
 *   templates  /orders ─┬─ /new ──▶ Leaf
 *                       └─ /{} ─┬──▶ Leaf
 *                               └─ /lines ──▶ Leaf
 *   regexes    {@link RegexPaths}
 *   prefixes   /pets ●─ /7 ─ /toys ●     ● has a Leaf
 * </pre>
 *
 * The four kinds are asked in the order of their precedence. Templates are walked depth first, the literal child before
 * the parameter: the first leaf that takes the method is therefore the one that compares best segment by segment. A walk
 * enters a node at most once, so it costs no more than the templates that share the path's literals; with at most one
 * parameter child per node that is the number of parameters for any sane set. Prefixes are walked down once and then tried
 * from the deepest upwards. A leaf holds its routes in the order of {@link Route#TIES}: the first that takes the method
 * and whose conditions hold wins. Where many routes share a leaf and want different values of one header or parameter, only
 * those that want the request's are tried. Invariant: no two leaves match the same path with the same precedence.
 */
final class PathTrie {
    static final PathTrie EMPTY = new PathTrie(SegmentTable.empty(), Node.EMPTY, RegexPaths.of(List.of()), Node.EMPTY);

    private final SegmentTable<Leaf> exact;
    private final Node templates;
    private final RegexPaths regexes;
    private final Node prefixes;

    PathTrie(SegmentTable<Leaf> exact, Node templates, RegexPaths regexes, Node prefixes) {
        this.exact = exact;
        this.templates = templates;
        this.regexes = regexes;
        this.prefixes = prefixes;
    }

    SegmentTable<Leaf> exact() {
        return exact;
    }

    Node templates() {
        return templates;
    }

    RegexPaths regexes() {
        return regexes;
    }

    Node prefixes() {
        return prefixes;
    }

    /** Whether a path leads to a route at all. */
    boolean isEmpty() {
        return exact.size() == 0 && !templates.hasChildren() && regexes.isEmpty() && prefixes.isEmpty();
    }

    /** Whether a route here matches the request that {@code into} was started with. */
    boolean match(RouteMatch into) {
        String path = into.path();
        Leaf leaf = exact.find(path, 0, path.length());
        if (leaf != null && leaf.take(into)) {
            return true;
        }
        return (templates.hasChildren() && matchTemplates(templates, path, 1, 0, into))
                || regexes.match(path, into)
                || matchPrefixes(path, into);
    }

    private static boolean matchTemplates(Node node, String path, int start, int parameters, RouteMatch into) {
        if (start > path.length()) {
            Leaf leaf = node.leaf;
            return leaf != null && leaf.take(into);
        }
        int slash = path.indexOf('/', start);
        int end = slash < 0 ? path.length() : slash;
        Node literal = node.children.find(path, start, end);
        if (literal != null && matchTemplates(literal, path, end + 1, parameters, into)) {
            return true;
        }
        Node parameter = node.parameter;
        if (parameter == null || end == start) {
            return false;
        }
        into.parameter(parameters, start, end);
        return matchTemplates(parameter, path, end + 1, parameters + 1, into);
    }

    private boolean matchPrefixes(String path, RouteMatch into) {
        Node node = prefixes;
        int start = 1;
        int leaves = into.prefixLeaf(0, node.leaf);
        while (start <= path.length()) {
            int slash = path.indexOf('/', start);
            int end = slash < 0 ? path.length() : slash;
            Node child = node.children.find(path, start, end);
            if (child == null) {
                break;
            }
            node = child;
            leaves = into.prefixLeaf(leaves, node.leaf);
            start = end + 1;
        }
        while (leaves > 0) {
            leaves--;
            if (into.prefixLeaf(leaves).take(into)) {
                return true;
            }
        }
        return false;
    }

    /** A pattern of a route. Immutable. */
    record Entry(int ordinal, PathPattern pattern) {}

    /** All patterns in order of precedence: exact, templates, regular expressions, prefixes from the longest. */
    List<Entry> entries() {
        List<Leaf> leaves = new ArrayList<>();
        exact.entries().stream().sorted(Map.Entry.comparingByKey()).forEach(entry -> leaves.add(entry.getValue()));
        collect(templates, leaves);
        List<Entry> all = new ArrayList<>();
        leaves.forEach(leaf -> leaf.addTo(all));
        regexes.addTo(all);
        List<Leaf> upwards = new ArrayList<>();
        collect(prefixes, upwards);
        Collections.reverse(upwards);
        upwards.forEach(leaf -> leaf.addTo(all));
        return all;
    }

    private static void collect(Node node, List<Leaf> into) {
        if (node.leaf != null) {
            into.add(node.leaf);
        }
        node.children.entries().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(entry -> collect(entry.getValue(), into));
        if (node.parameter != null) {
            collect(node.parameter, into);
        }
    }

    /**
     * A segment border. Immutable.
     *
     * @param parameter what follows when a parameter takes the next segment
     * @param leaf the routes that end here
     */
    record Node(
            SegmentTable<Node> children,
            @Nullable Node parameter,
            @Nullable Leaf leaf) {
        static final Node EMPTY = new Node(SegmentTable.empty(), null, null);

        boolean hasChildren() {
            return children.size() > 0 || parameter != null;
        }

        boolean isEmpty() {
            return leaf == null && !hasChildren();
        }
    }

    /** The routes of one pattern, best first, each with the pattern as it wrote it. Immutable. */
    static final class Leaf {
        private final int[] ordinals;
        private final PathPattern[] patterns;
        private final @Nullable ValueBuckets buckets;

        private Leaf(int[] ordinals, PathPattern[] patterns, @Nullable ValueBuckets buckets) {
            this.ordinals = ordinals;
            this.patterns = patterns;
            this.buckets = buckets;
        }

        static Leaf of(List<FoundPath> found) {
            List<FoundPath> sorted = new ArrayList<>(found);
            sorted.sort(Comparator.comparing(FoundPath::route, Route.TIES));
            return new Leaf(
                    sorted.stream().mapToInt(one -> one.route().ordinal()).toArray(),
                    sorted.stream().map(FoundPath::pattern).toArray(PathPattern[]::new),
                    ValueBuckets.of(sorted.stream().map(FoundPath::route).toList()));
        }

        /** What it holds, of routes that stand at their ordinals. */
        List<FoundPath> found(Route[] routes) {
            List<FoundPath> found = new ArrayList<>(ordinals.length);
            for (int i = 0; i < ordinals.length; i++) {
                found.add(new FoundPath(patterns[i], routes[ordinals[i]]));
            }
            return found;
        }

        boolean take(RouteMatch into) {
            ValueBuckets spread = buckets;
            if (spread != null) {
                return take(spread.of(into.request()), spread.others(), into);
            }
            for (int i = 0; i < ordinals.length; i++) {
                if (into.offer(ordinals[i], patterns[i])) {
                    return true;
                }
            }
            return false;
        }

        private boolean take(int[] mine, int[] others, RouteMatch into) {
            int a = 0;
            int b = 0;
            while (a < mine.length || b < others.length) {
                int i = b == others.length || (a < mine.length && mine[a] < others[b]) ? mine[a++] : others[b++];
                if (into.offer(ordinals[i], patterns[i])) {
                    return true;
                }
            }
            return false;
        }

        void addTo(List<Entry> all) {
            for (int i = 0; i < ordinals.length; i++) {
                all.add(new Entry(ordinals[i], patterns[i]));
            }
        }
    }
}
