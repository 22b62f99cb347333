package io.tollgate.engine.route;

import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a request matched. Mutable and reused; event-loop confined. Valid until it is used for the next request.
 */
public final class RouteMatch {
    private static final Route[] NO_ROUTES = {};

    private final int[] bounds = new int[PathPattern.PARAMETERS_MAX * 2];
    // Grows to the deepest prefixes that were ever met, and no further than paths are long.
    private PathTrie.@Nullable Leaf[] prefixLeaves = new PathTrie.@Nullable Leaf[8];
    private String path = "";
    private String method = "";
    private @Nullable RouteRequest request;
    private Route[] routes = NO_ROUTES;
    private @Nullable Route route;
    private @Nullable PathPattern pathPattern;
    private List<String> allowedMethods = List.of();
    private @Nullable TreeSet<String> gathering;
    private boolean missesMethod;

    /** Forgets the last request. */
    public void reset() {
        path = "";
        method = "";
        request = null;
        routes = NO_ROUTES;
        route = null;
        pathPattern = null;
        allowedMethods = List.of();
        gathering = null;
        missesMethod = false;
    }

    /** The route; only after FOUND. */
    public Route route() {
        return found(route);
    }

    /** Which of the route's patterns matched; only after FOUND. */
    public PathPattern pathPattern() {
        return found(pathPattern);
    }

    /** How many parameters the pattern has. */
    public int parameterCount() {
        return pathPattern == null ? 0 : pathPattern.parameterNames().size();
    }

    /** Name of a parameter. */
    public String parameterName(int index) {
        return pathPattern().parameterNames().get(index);
    }

    /** Value of a parameter. Allocates it. */
    public String parameterValue(int index) {
        return path.substring(parameterStart(index), parameterEnd(index));
    }

    /** Values of all parameters, in order. Allocates them. */
    public String[] parameterValues() {
        String[] values = new String[parameterCount()];
        for (int i = 0; i < values.length; i++) {
            values[i] = parameterValue(i);
        }
        return values;
    }

    /** Where in the path the value of a parameter starts. */
    public int parameterStart(int index) {
        return bounds[checked(index) * 2];
    }

    /** Where in the path the value of a parameter ends. */
    public int parameterEnd(int index) {
        return bounds[checked(index) * 2 + 1];
    }

    /** Characters of the path that the prefix covers, 0 for "/"; the whole path for the other patterns. */
    public int matchedPrefixLength() {
        return pathPattern() instanceof PathPattern.Prefix prefix ? prefix.coveredLength() : path.length();
    }

    /** After METHOD_NOT_ALLOWED: the methods that are, sorted. */
    public List<String> allowedMethods() {
        return allowedMethods;
    }

    void start(RouteRequest of, Route[] among) {
        reset();
        request = of;
        path = of.path();
        method = of.method();
        routes = among;
    }

    RouteRequest request() {
        return found(request);
    }

    String path() {
        return path;
    }

    void parameter(int index, int start, int end) {
        bounds[index * 2] = start;
        bounds[index * 2 + 1] = end;
    }

    /** Keeps a leaf on the way down, if there is one, as the next after {@code count}; returns how many there are then. */
    int prefixLeaf(int count, PathTrie.@Nullable Leaf leaf) {
        if (leaf == null) {
            return count;
        }
        if (count == prefixLeaves.length) {
            prefixLeaves = Arrays.copyOf(prefixLeaves, count * 2);
        }
        prefixLeaves[count] = leaf;
        return count + 1;
    }

    /** One of those. */
    PathTrie.Leaf prefixLeaf(int index) {
        return found(prefixLeaves[index]);
    }

    /** A route whose host and path match, by this pattern: whether it is the one. */
    boolean offer(int ordinal, PathPattern pattern) {
        Route offered = routes[ordinal];
        boolean takes = offered.methods().takes(method);
        TreeSet<String> methods = gathering;
        if (!takes && missesMethod && methods == null) {
            return false;
        }
        if (!offered.conditions().hold(request())) {
            return false;
        }
        if (takes) {
            route = offered;
            pathPattern = pattern;
            return true;
        }
        missesMethod = true;
        if (methods != null) {
            methods.addAll(offered.methods().listed());
            allowedMethods = List.copyOf(methods);
        }
        return false;
    }

    /** Whether a route matches all but the method. */
    boolean missesMethod() {
        return missesMethod;
    }

    /** From here on the methods of offered routes are gathered: the search is made again for them. */
    void gatherMethods() {
        gathering = new TreeSet<>();
    }

    private int checked(int index) {
        if (index < 0 || index >= parameterCount()) {
            throw new IndexOutOfBoundsException(index);
        }
        return index;
    }

    private static <T> T found(@Nullable T what) {
        if (what == null) {
            throw new IllegalStateException("nothing was found");
        }
        return what;
    }
}
