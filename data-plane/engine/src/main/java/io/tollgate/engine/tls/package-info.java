/**
 * What proves who somebody is: certificates with their private keys, the names that they are for, and the authorities whose
 * signatures are believed.
 *
 * <p>Handshakes are the node's; who shows which certificate is said by listeners and services. The entry classes are
 * {@link io.tollgate.engine.tls.Certificate} and {@link io.tollgate.engine.tls.TrustRoot}. Immutable.
 */
@NullMarked
package io.tollgate.engine.tls;

import org.jspecify.annotations.NullMarked;
