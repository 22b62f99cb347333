/**
 * TLS towards clients: handshakes with the certificates of the active configuration, whichever they are at that moment.
 *
 * <p>Who listens with it is {@code listener}; what certificates are is the engine's {@code tls}. The entry class is
 * {@link io.tollgate.node.tls.ServerTls}. Handshakes run on event loops.
 */
@NullMarked
package io.tollgate.node.tls;

import org.jspecify.annotations.NullMarked;
