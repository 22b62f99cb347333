/**
 * Tokens of the admin API: the own issuer and its keys, and who a token says is calling. Enter at
 * {@link io.tollgate.controlplane.admin.token.TokenVerifier}. API keys of consumers are in {@code catalog.credential}. Worker threads.
 */
@NullMarked
package io.tollgate.controlplane.admin.token;

import org.jspecify.annotations.NullMarked;
