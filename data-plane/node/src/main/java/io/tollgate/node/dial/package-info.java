/**
 * How a node reaches the control plane: addresses, TLS, join token, and how long to wait before trying again.
 *
 * <p>Here: {@link io.tollgate.node.dial.StreamDialer} (the entry) and {@link io.tollgate.node.dial.Backoff}. Not here:
 * what is said on the streams (sync, usage). Nothing here is used by a request.
 */
@NullMarked
package io.tollgate.node.dial;

import org.jspecify.annotations.NullMarked;
