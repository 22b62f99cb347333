package io.tollgate.engine.route;

import org.jspecify.annotations.Nullable;

/**
 * What the index may ask of a request. Event-loop confined.
 *
 * <p>Header fields and query parameters are only asked for when a route that matches all before them has a condition on
 * them, so a plane may look them up then and not before.
 */
public interface RouteRequest {
    /** Lower case, without port; empty when there is none. */
    String host();

    /** Normalised by {@link RequestTarget}, without query. */
    String path();

    /** As received. */
    String method();

    /** The value of a header field, of several all joined by ", "; null when there is none. See {@link OctetText}. */
    @Nullable
    String header(String lowerCaseName);

    /** The value of the first query parameter of this name as {@link QueryString} decodes it; null when there is none. */
    @Nullable
    String queryParameter(String name);
}
