package io.tollgate.engine.route;

/** A path by which a route is found. Immutable. */
record FoundPath(PathPattern pattern, Route route) {
    boolean isOf(int ordinal, PathPattern other) {
        return route.ordinal() == ordinal && pattern.equals(other);
    }
}
