package io.tollgate.engine.route;

/** What the index says to a request. Immutable. */
public enum RouteVerdict {
    /** One route answers. */
    FOUND,
    /** No route matches, whatever the method. */
    NOT_FOUND,
    /** Some route matches all but the method, and none the method too. */
    METHOD_NOT_ALLOWED
}
