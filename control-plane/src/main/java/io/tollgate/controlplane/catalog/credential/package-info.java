/**
 * API keys of consumers: digests only, the secret is shown once and never kept. Enter at {@code CredentialCatalog}. Other nouns are in the rooms beside; how a change becomes a revision is in {@code revision}.
 * Worker threads only.
 */
@NullMarked
package io.tollgate.controlplane.catalog.credential;

import org.jspecify.annotations.NullMarked;
