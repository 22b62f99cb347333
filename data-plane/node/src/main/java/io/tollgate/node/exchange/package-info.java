/**
 * The facts of one request while it is on its way, and the words for how it ends.
 *
 * <p>Here: {@link io.tollgate.node.exchange.Exchange}, {@link io.tollgate.node.exchange.Outcome} and the seam to the
 * meter, {@link io.tollgate.node.exchange.UsageSink}. Not here: what decides (filter), what answers (answer), what
 * copies bytes (proxy). Everything is confined to one event loop.
 */
@NullMarked
package io.tollgate.node.exchange;

import org.jspecify.annotations.NullMarked;
