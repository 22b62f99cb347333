package io.tollgate.engine.route;

import com.google.re2j.Matcher;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The regular expressions of one host. Immutable.
 *
 * <p>Implementation note. In the order of precedence: the longer literal beginning first, then {@link Route#TIES}, then the
 * text. An expression whose literal beginning has a whole first segment is only tried for paths with that segment; the
 * others are tried for every path that comes here. Either is first compared by its literal beginning. Cost: unlike all else
 * in the index it grows, with the number of expressions under the path's first segment and of those without one; each whose
 * literal beginning fits costs a match, which is linear in the path and allocates a matcher.
 */
final class RegexPaths {
    private final int[] ordinals;
    private final PathPattern.Regex[] patterns;
    private final SegmentTable<int[]> bySegment;
    private final int[] others;

    private RegexPaths(int[] ordinals, PathPattern.Regex[] patterns, SegmentTable<int[]> bySegment, int[] others) {
        this.ordinals = ordinals;
        this.patterns = patterns;
        this.bySegment = bySegment;
        this.others = others;
    }

    private static final Comparator<FoundPath> PRECEDENCE = Comparator.<FoundPath>comparingInt(
                    found -> -regex(found).literalLength())
            .thenComparing(FoundPath::route, Route.TIES)
            .thenComparing(found -> found.pattern().text());

    private static PathPattern.Regex regex(FoundPath found) {
        return (PathPattern.Regex) found.pattern();
    }

    static RegexPaths of(List<FoundPath> found) {
        List<FoundPath> sorted = new ArrayList<>(found);
        sorted.sort(PRECEDENCE);
        Map<String, List<Integer>> positions = new HashMap<>();
        List<Integer> others = new ArrayList<>();
        for (int i = 0; i < sorted.size(); i++) {
            String segment = regex(sorted.get(i)).firstSegment();
            (segment == null ? others : positions.computeIfAbsent(segment, unknown -> new ArrayList<>(1))).add(i);
        }
        Map<String, int[]> bySegment = new HashMap<>();
        positions.forEach((segment, at) -> bySegment.put(segment, ints(at)));
        return new RegexPaths(
                sorted.stream().mapToInt(one -> one.route().ordinal()).toArray(),
                sorted.stream().map(RegexPaths::regex).toArray(PathPattern.Regex[]::new),
                SegmentTable.of(bySegment),
                ints(others));
    }

    private static int[] ints(List<Integer> positions) {
        return positions.stream().mapToInt(Integer::intValue).toArray();
    }

    boolean match(String path, RouteMatch into) {
        if (ordinals.length == 0) {
            return false;
        }
        int slash = path.indexOf('/', 1);
        int[] mine = slash < 0 ? null : bySegment.find(path, 1, slash);
        return match(path, mine == null ? ValueBuckets.NOTHING : mine, into);
    }

    private boolean match(String path, int[] mine, RouteMatch into) {
        int a = 0;
        int b = 0;
        while (a < mine.length || b < others.length) {
            int position = b == others.length || (a < mine.length && mine[a] < others[b]) ? mine[a++] : others[b++];
            if (isMatch(patterns[position], path, into) && into.offer(ordinals[position], patterns[position])) {
                return true;
            }
        }
        return false;
    }

    private static boolean isMatch(PathPattern.Regex pattern, String path, RouteMatch into) {
        if (!path.startsWith(pattern.regex().literalBeginning())) {
            return false;
        }
        Matcher matcher = pattern.regex().matcher(path);
        if (!matcher.matches()) {
            return false;
        }
        List<String> names = pattern.parameterNames();
        for (int i = 0; i < names.size(); i++) {
            int start = matcher.start(names.get(i));
            // A group that took no part has no place; its value is empty.
            into.parameter(i, Math.max(0, start), start < 0 ? 0 : matcher.end(names.get(i)));
        }
        return true;
    }

    boolean isEmpty() {
        return ordinals.length == 0;
    }

    /** What it holds, of routes that stand at their ordinals. */
    List<FoundPath> found(Route[] routes) {
        List<FoundPath> found = new ArrayList<>(ordinals.length);
        for (int i = 0; i < ordinals.length; i++) {
            found.add(new FoundPath(patterns[i], routes[ordinals[i]]));
        }
        return found;
    }

    void addTo(List<PathTrie.Entry> all) {
        for (int i = 0; i < ordinals.length; i++) {
            all.add(new PathTrie.Entry(ordinals[i], patterns[i]));
        }
    }
}
