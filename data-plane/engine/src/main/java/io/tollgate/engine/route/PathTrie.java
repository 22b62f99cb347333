package io.tollgate.engine.route;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The paths of one host. Immutable; made by {@link PathTrieBuilder}.
 *
 * <p>Implementation note.
 *
 * <pre>
 *   exact      hash of the whole path ──▶ Leaf
 *   templates  /orders ─┬─ /new ──▶ Leaf
 *                       └─ /{} ─┬──▶ Leaf
 *                               └─ /lines ──▶ Leaf
 *   prefixes   /pets ●─ /7 ─ /toys ●     ● has a Leaf and knows the next one above it
 * </pre>
 *
 * The three kinds are asked in the order of their precedence. Templates are walked depth first, the literal child before
 * the parameter: the first leaf that takes the method is therefore the one that compares best segment by segment. A walk
 * enters a node at most once, so it costs no more than the templates that share the path's literals; with at most one
 * parameter child per node that is the number of parameters for any sane set. Prefixes are walked down once and then tried
 * from the deepest upwards. A leaf holds its routes in the order of {@link Route#TIES}: the first that takes the method
 * wins. Invariant: no two leaves match the same path with the same precedence.
 */
final class PathTrie {
    private final Map<String, Leaf> exact;
    private final Node templates;
    private final Node prefixes;

    PathTrie(Map<String, Leaf> exact, Node templates, Node prefixes) {
        this.exact = exact;
        this.templates = templates;
        this.prefixes = prefixes;
    }

    /** Whether a route here matches the path and method that {@code into} was started with. */
    boolean match(RouteMatch into) {
        String path = into.path();
        Leaf leaf = exact.get(path);
        if (leaf != null && leaf.take(into)) {
            return true;
        }
        return (templates.hasChildren() && matchTemplates(templates, path, 1, 0, into)) || matchPrefixes(path, into);
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
        while (start <= path.length()) {
            int slash = path.indexOf('/', start);
            int end = slash < 0 ? path.length() : slash;
            Node child = node.children.find(path, start, end);
            if (child == null) {
                break;
            }
            node = child;
            start = end + 1;
        }
        for (Leaf leaf = node.nearestLeaf; leaf != null; leaf = leaf.above) {
            if (leaf.take(into)) {
                return true;
            }
        }
        return false;
    }

    /** All leaves in order of precedence: exact, templates, prefixes from the longest. */
    List<Leaf> leaves() {
        List<Leaf> all = new ArrayList<>();
        exact.entrySet().stream().sorted(Map.Entry.comparingByKey()).forEach(entry -> all.add(entry.getValue()));
        collect(templates, all);
        List<Leaf> upwards = new ArrayList<>();
        collect(prefixes, upwards);
        Collections.reverse(upwards);
        all.addAll(upwards);
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

    /** A segment border. Immutable. */
    static final class Node {
        private final SegmentTable<Node> children;
        private final @Nullable Node parameter;
        private final @Nullable Leaf leaf;
        private final @Nullable Leaf nearestLeaf;

        Node(SegmentTable<Node> children, @Nullable Node parameter, @Nullable Leaf leaf, @Nullable Leaf nearestLeaf) {
            this.children = children;
            this.parameter = parameter;
            this.leaf = leaf;
            this.nearestLeaf = nearestLeaf;
        }

        boolean hasChildren() {
            return children.size() > 0 || parameter != null;
        }
    }

    /** The routes of one pattern, best first, each with the pattern as it wrote it. Immutable. */
    static final class Leaf {
        private final int[] ordinals;
        private final PathPattern[] patterns;
        private final @Nullable Leaf above;

        Leaf(int[] ordinals, PathPattern[] patterns, @Nullable Leaf above) {
            this.ordinals = ordinals;
            this.patterns = patterns;
            this.above = above;
        }

        boolean take(RouteMatch into) {
            Route[] routes = into.routes();
            String method = into.method();
            for (int i = 0; i < ordinals.length; i++) {
                Route route = routes[ordinals[i]];
                if (route.methods().takes(method)) {
                    into.found(route, patterns[i]);
                    return true;
                }
            }
            for (int ordinal : ordinals) {
                into.allow(routes[ordinal].methods());
            }
            return false;
        }

        int size() {
            return ordinals.length;
        }

        int ordinal(int index) {
            return ordinals[index];
        }

        PathPattern pattern(int index) {
            return patterns[index];
        }
    }
}
