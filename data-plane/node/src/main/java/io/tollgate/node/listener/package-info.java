/**
 * The front door: sockets, the order of things in a request, and the answers of the gateway itself.
 *
 * <p>Entry classes: {@link io.tollgate.node.listener.FrontDoor} (one per event loop), {@link io.tollgate.node.listener.Listeners} (which
 * sockets are open) and
 * {@link io.tollgate.node.listener.RequestHandler}. Not here: what decides (filter), what forwards (proxy). Everything is
 * confined to one event loop.
 */
@NullMarked
package io.tollgate.node.listener;

import org.jspecify.annotations.NullMarked;
