/**
 * IP addresses and networks as texts say them. Immutable; pure Java; never asks for a name.
 *
 * <p>Entry classes: {@link io.tollgate.engine.address.IpAddress}, {@link io.tollgate.engine.address.Network}, {@link
 * io.tollgate.engine.address.NetworkTrie}.
 */
@NullMarked
package io.tollgate.engine.address;

import org.jspecify.annotations.NullMarked;
