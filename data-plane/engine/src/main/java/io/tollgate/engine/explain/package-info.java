/**
 * Why: what the nodes would do with a request that is only described, and which routes stand in each other's way.
 *
 * <p>Nothing here decides: the route index, the policies and the grants do, and this room asks them and puts their answers
 * into words. The entry classes are {@link io.tollgate.engine.explain.Explainer} and {@link
 * io.tollgate.engine.explain.ShadowedRoutes}. Only the edges of the planes know this room. Functions without state; any
 * thread.
 */
@NullMarked
package io.tollgate.engine.explain;

import org.jspecify.annotations.NullMarked;
