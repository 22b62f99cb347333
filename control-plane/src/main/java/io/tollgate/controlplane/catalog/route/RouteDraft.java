package io.tollgate.controlplane.catalog.route;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a caller wants a route to be; its shape has been judged against the contract. Immutable.
 *
 * @param service name or id of the service; absent when something else answers
 * @param settings the members that have no column of their own, with services by name or id
 */
public record RouteDraft(
        String name,
        boolean enabled,
        @Nullable String service,
        List<String> hosts,
        List<RoutePath> paths,
        List<String> methods,
        @Nullable RouteRewrite rewrite,
        Map<String, Object> settings,
        List<String> tags) {}
