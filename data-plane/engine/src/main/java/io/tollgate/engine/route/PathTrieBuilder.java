package io.tollgate.engine.route;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Gathers the paths of one host and freezes them into a {@link PathTrie}. Compile thread only. */
final class PathTrieBuilder {
    private final Map<String, List<Found>> exact = new HashMap<>();
    private final Branch templates = new Branch();
    private final List<RegexPaths.Found> regexes = new ArrayList<>();
    private final Branch prefixes = new Branch();

    void add(PathPattern pattern, Route route) {
        Found found = new Found(pattern, route);
        if (pattern instanceof PathPattern.Exact one) {
            exact.computeIfAbsent(one.text(), unknown -> new ArrayList<>(1)).add(found);
        } else if (pattern instanceof PathPattern.Template template) {
            Branch branch = templates;
            for (PathPattern.Segment segment : template.segments()) {
                branch = segment.isParameter() ? branch.parameter() : branch.child(segment.text());
            }
            branch.found.add(found);
        } else if (pattern instanceof PathPattern.Regex regex) {
            regexes.add(new RegexPaths.Found(regex, route));
        } else {
            Branch branch = prefixes;
            if (pattern.text().length() > 1) {
                for (PathPattern.Segment segment :
                        PathPattern.Template.of(pattern.text()).segments()) {
                    branch = branch.child(segment.text());
                }
            }
            branch.found.add(found);
        }
    }

    PathTrie freeze() {
        Map<String, PathTrie.Leaf> leaves = new HashMap<>();
        exact.forEach((path, found) -> leaves.put(path, leaf(found, null)));
        return new PathTrie(leaves, freeze(templates, null), RegexPaths.of(regexes), freeze(prefixes, null));
    }

    private static PathTrie.Node freeze(Branch branch, PathTrie.@Nullable Leaf above) {
        PathTrie.Leaf leaf = branch.found.isEmpty() ? null : leaf(branch.found, above);
        PathTrie.Leaf nearest = leaf == null ? above : leaf;
        Map<String, PathTrie.Node> children = new HashMap<>();
        branch.children.forEach((segment, child) -> children.put(segment, freeze(child, nearest)));
        PathTrie.Node parameter = branch.parameter == null ? null : freeze(branch.parameter, nearest);
        return new PathTrie.Node(SegmentTable.of(children), parameter, leaf, nearest);
    }

    private static PathTrie.Leaf leaf(List<Found> found, PathTrie.@Nullable Leaf above) {
        List<Found> sorted = new ArrayList<>(found);
        sorted.sort(Comparator.comparing(Found::route, Route.TIES));
        int[] ordinals = sorted.stream().mapToInt(one -> one.route().ordinal()).toArray();
        PathPattern[] patterns = sorted.stream().map(Found::pattern).toArray(PathPattern[]::new);
        ValueBuckets buckets = ValueBuckets.of(sorted.stream().map(Found::route).toList());
        return new PathTrie.Leaf(ordinals, patterns, buckets, above);
    }

    private record Found(PathPattern pattern, Route route) {}

    private static final class Branch {
        private final Map<String, Branch> children = new HashMap<>();
        private final List<Found> found = new ArrayList<>(1);
        private @Nullable Branch parameter;

        Branch child(String segment) {
            return children.computeIfAbsent(segment, unknown -> new Branch());
        }

        Branch parameter() {
            Branch known = parameter;
            if (known == null) {
                known = new Branch();
                parameter = known;
            }
            return known;
        }
    }
}
