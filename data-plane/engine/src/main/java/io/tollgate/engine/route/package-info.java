/**
 * What matched: routes, their patterns, and the index that finds the one route of a request.
 *
 * <p>Texts are parsed and refused in {@code compile}; bytes of a request are normalised in the node. The entry class is
 * {@link io.tollgate.engine.route.RouteIndex}. Everything here is immutable, but for {@link
 * io.tollgate.engine.route.RouteMatch}, which is confined to one event loop.
 */
@NullMarked
package io.tollgate.engine.route;

import org.jspecify.annotations.NullMarked;
