package io.tollgate.controlplane.catalog.credential;

/**
 * A key to be issued and to whom. Immutable.
 *
 * @param consumer name or id
 */
public record KeyOrder(String consumer, CredentialDraft key) {}
