/**
 * Where bytes are copied: heads in one pass, bodies in both directions with back-pressure, over pooled connections.
 *
 * <p>Who knows an RFC 9110 or 9112 header rule of forwarding lives here. Not here: whether a request may pass (filter) and
 * what the gateway itself answers (listener). Entry class: {@link io.tollgate.node.proxy.Forwarder}. Everything is
 * confined to one event loop.
 */
@NullMarked
package io.tollgate.node.proxy;

import org.jspecify.annotations.NullMarked;
