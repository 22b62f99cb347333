package io.tollgate.engine.route;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a request matched. Mutable and reused; event-loop confined. Valid until it is used for the next request.
 */
public final class RouteMatch {
    private static final Route[] NO_ROUTES = {};

    private final int[] bounds = new int[PathPattern.PARAMETERS_MAX * 2];
    private String path = "";
    private String method = "";
    private Route[] routes = NO_ROUTES;
    private @Nullable Route route;
    private @Nullable PathPattern pathPattern;
    private List<String> allowedMethods = List.of();
    private @Nullable TreeSet<String> allowing;

    /** Forgets the last request. */
    public void reset() {
        path = "";
        method = "";
        routes = NO_ROUTES;
        route = null;
        pathPattern = null;
        allowedMethods = List.of();
        allowing = null;
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

    void start(String path, String method, Route[] routes) {
        reset();
        this.path = path;
        this.method = method;
        this.routes = routes;
    }

    String path() {
        return path;
    }

    String method() {
        return method;
    }

    Route[] routes() {
        return routes;
    }

    void parameter(int index, int start, int end) {
        bounds[index * 2] = start;
        bounds[index * 2 + 1] = end;
    }

    void found(Route route, PathPattern pathPattern) {
        this.route = route;
        this.pathPattern = pathPattern;
        this.allowing = null;
    }

    /** Some route matches all but the method. */
    void allow(MethodSet methods) {
        TreeSet<String> all = allowing;
        if (all == null) {
            all = new TreeSet<>();
            allowing = all;
        }
        all.addAll(methods.listed());
    }

    RouteVerdict notFound() {
        TreeSet<String> all = allowing;
        if (all == null) {
            return RouteVerdict.NOT_FOUND;
        }
        allowedMethods = new ArrayList<>(all);
        return RouteVerdict.METHOD_NOT_ALLOWED;
    }

    void appendParameter(String name, StringBuilder out) {
        int index = pathPattern().parameterNames().indexOf(name);
        if (index >= 0) {
            out.append(path, parameterStart(index), parameterEnd(index));
        }
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
