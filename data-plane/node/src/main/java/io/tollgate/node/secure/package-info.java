/**
 * TLS towards targets: whom the node believes and what it agrees on, made of the rules of services.
 *
 * <p>The entry class is {@link io.tollgate.node.secure.TargetSecurity}. What the rules say is the engine's; connections are made in
 * {@code proxy} and {@code health}.
 */
@NullMarked
package io.tollgate.node.secure;

import org.jspecify.annotations.NullMarked;
