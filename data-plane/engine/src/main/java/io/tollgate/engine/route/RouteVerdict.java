package io.tollgate.engine.route;

/** What the index says to a request. Immutable. */
public enum RouteVerdict {
    /** One route answers. */
    FOUND,
    /** No route matches host and path. */
    NOT_FOUND,
    /** Some route matches host and path, and none the method. */
    METHOD_NOT_ALLOWED
}
