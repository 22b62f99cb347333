package io.tollgate.engine.route;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The paths that come and go under one host, and the trie that is made of an earlier one by them. Compile thread only.
 *
 * <p>Implementation note. Only the nodes on the way to a path that comes or goes are made anew; the others are shared with the
 * earlier trie. Cost: of the changes, and of a copy of the tables on their way.
 */
final class PathEdits {
    private final List<FoundPath> removed = new ArrayList<>();
    private final List<FoundPath> added = new ArrayList<>();

    void remove(PathPattern pattern, Route route) {
        removed.add(new FoundPath(pattern, route));
    }

    void add(PathPattern pattern, Route route) {
        added.add(new FoundPath(pattern, route));
    }

    /** @param routes by ordinal, as the earlier trie knows them */
    PathTrie applyTo(PathTrie earlier, Route[] routes) {
        List<Edit> regexes = edits(PathPattern.Regex.class);
        return new PathTrie(
                leaves(earlier.exact(), edits(PathPattern.Exact.class), routes),
                root(earlier.templates(), edits(PathPattern.Template.class), routes),
                regexes.isEmpty()
                        ? earlier.regexes()
                        : RegexPaths.of(after(earlier.regexes().found(routes), regexes)),
                root(earlier.prefixes(), edits(PathPattern.Prefix.class), routes));
    }

    private List<Edit> edits(Class<? extends PathPattern> kind) {
        List<Edit> edits = new ArrayList<>();
        for (FoundPath found : removed) {
            if (kind.isInstance(found.pattern())) {
                edits.add(new Edit(found, false));
            }
        }
        for (FoundPath found : added) {
            if (kind.isInstance(found.pattern())) {
                edits.add(new Edit(found, true));
            }
        }
        return edits;
    }

    private static SegmentTable<PathTrie.Leaf> leaves(
            SegmentTable<PathTrie.Leaf> earlier, List<Edit> edits, Route[] routes) {
        Map<String, List<Edit>> byPath = new HashMap<>();
        for (Edit edit : edits) {
            byPath.computeIfAbsent(edit.found().pattern().text(), unknown -> new ArrayList<>(1))
                    .add(edit);
        }
        Map<String, PathTrie.@Nullable Leaf> changes = new HashMap<>();
        byPath.forEach((path, own) -> changes.put(path, leaf(earlier.find(path, 0, path.length()), own, routes)));
        return changes.isEmpty() ? earlier : earlier.with(changes);
    }

    private static PathTrie.Node root(PathTrie.Node earlier, List<Edit> edits, Route[] routes) {
        PathTrie.Node root = edits.isEmpty() ? earlier : node(earlier, edits, 0, routes);
        return root == null ? PathTrie.Node.EMPTY : root;
    }

    /** The node after these edits, all of which are at or below it; null when nothing is left of it. */
    private static PathTrie.@Nullable Node node(
            PathTrie.@Nullable Node earlier, List<Edit> edits, int depth, Route[] routes) {
        List<Edit> here = new ArrayList<>();
        List<Edit> parameter = new ArrayList<>();
        Map<String, List<Edit>> literals = new HashMap<>();
        for (Edit edit : edits) {
            if (edit.segments().size() == depth) {
                here.add(edit);
            } else if (edit.segments().get(depth).isParameter()) {
                parameter.add(edit);
            } else {
                literals.computeIfAbsent(edit.segments().get(depth).text(), unknown -> new ArrayList<>(1))
                        .add(edit);
            }
        }
        PathTrie.Node before = earlier == null ? PathTrie.Node.EMPTY : earlier;
        PathTrie.Leaf leaf = here.isEmpty() ? before.leaf() : leaf(before.leaf(), here, routes);
        PathTrie.Node any =
                parameter.isEmpty() ? before.parameter() : node(before.parameter(), parameter, depth + 1, routes);
        Map<String, PathTrie.@Nullable Node> changes = new HashMap<>();
        literals.forEach((segment, own) -> changes.put(
                segment, node(before.children().find(segment, 0, segment.length()), own, depth + 1, routes)));
        SegmentTable<PathTrie.Node> children =
                changes.isEmpty() ? before.children() : before.children().with(changes);
        return leaf == null && any == null && children.size() == 0 ? null : new PathTrie.Node(children, any, leaf);
    }

    private static PathTrie.@Nullable Leaf leaf(PathTrie.@Nullable Leaf earlier, List<Edit> edits, Route[] routes) {
        List<FoundPath> found = after(earlier == null ? List.of() : earlier.found(routes), edits);
        return found.isEmpty() ? null : PathTrie.Leaf.of(found);
    }

    private static List<FoundPath> after(List<FoundPath> earlier, List<Edit> edits) {
        List<FoundPath> found = new ArrayList<>(earlier);
        for (Edit edit : edits) {
            if (!edit.isAdded()) {
                found.removeIf(one ->
                        one.isOf(edit.found().route().ordinal(), edit.found().pattern()));
            }
        }
        for (Edit edit : edits) {
            if (edit.isAdded()) {
                found.add(edit.found());
            }
        }
        return found;
    }

    /** One path that comes or goes. Immutable. */
    private record Edit(FoundPath found, boolean isAdded, List<PathPattern.Segment> segments) {
        Edit(FoundPath found, boolean isAdded) {
            this(found, isAdded, segments(found.pattern()));
        }

        private static List<PathPattern.Segment> segments(PathPattern pattern) {
            if (pattern instanceof PathPattern.Template template) {
                return template.segments();
            }
            return pattern instanceof PathPattern.Prefix && pattern.text().length() > 1
                    ? PathPattern.Template.of(pattern.text()).segments()
                    : List.of();
        }
    }
}
