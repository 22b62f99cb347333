/**
 * JWTs of other issuers: their keys, found and fetched off the request threads, and what their claims mean here. Enter at
 * {@link io.tollgate.controlplane.admin.issuer.ForeignTokens}. Own tokens are in {@code token}, the rules of an issuer in the catalog.
 */
@NullMarked
package io.tollgate.controlplane.admin.issuer;

import org.jspecify.annotations.NullMarked;
