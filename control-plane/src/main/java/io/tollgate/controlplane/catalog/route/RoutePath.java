package io.tollgate.controlplane.catalog.route;

/**
 * One way to match a path. Immutable.
 *
 * @param type exact, prefix, template or regex
 */
public record RoutePath(String type, String value) {}
