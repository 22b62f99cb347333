/**
 * The control plane as a client of ACME servers (RFC 8555): gets the certificates that are wanted from an issuer, and renews them. Enter
 * at {@link io.tollgate.controlplane.acme.AcmeClient}. What is wanted is in {@code catalog.certificate} and {@code catalog.acmeissuer};
 * how nodes prove names is theirs ({@code AcmeAnswer}, {@code AcmeTls}). Threads: its own; requests never wait for it.
 */
@NullMarked
package io.tollgate.controlplane.acme;

import org.jspecify.annotations.NullMarked;
