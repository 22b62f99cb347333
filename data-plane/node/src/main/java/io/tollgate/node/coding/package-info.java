/**
 * Bodies in another coding than the service sends them in: which codings this platform has, which one a client wants, and the
 * bytes. What a head must say about it is the proxy's.
 *
 * <p>Enter at {@link io.tollgate.node.coding.BodyEncoder}. A body's encoder is confined to the event loop of its call.
 */
@NullMarked
package io.tollgate.node.coding;

import org.jspecify.annotations.NullMarked;
