/**
 * What becomes of a request that a route took: forwarded to one service or to one of several, with what changes on the way,
 * or answered by the gateway itself.
 *
 * <p>Which requests a route takes is the room {@code route}; which target of a service is called is {@code upstream}. Names
 * and values only: what a header field is to HTTP the node knows. Entry class: {@link
 * io.tollgate.engine.action.RouteAction}. All immutable and shared.
 */
@NullMarked
package io.tollgate.engine.action;

import org.jspecify.annotations.NullMarked;
